/** Elements as plain bytes. */
import { accessOf } from "../../lower/halves.ts";
import type { Code, Local } from "../../targets/wasm/assembler.ts";
import type { MemoryOp } from "../../targets/wasm/opcodes.ts";

const MOVES: Readonly<Record<number, readonly [load: MemoryOp, store: MemoryOp]>> = {
  1: ["i32.load8_u", "i32.store8"],
  2: ["i32.load16_u", "i32.store16"],
  4: ["i32.load", "i32.store"],
  8: ["i64.load", "i64.store"],
};

/** Copies an element of `bytes` bytes between the addresses in two locals. */
export function emitMove(code: Code, bytes: number, from: Local, to: Local): void {
  const [load, store] = MOVES[bytes]!;
  code.get(to).get(from).memory(load).memory(store);
}

/** The most bytes that are copied inline, with vectors of 16 and of 32 bytes: a copy by the engine costs a call. */
const SHORT = { 16: 64, 32: 4096 } as const;

/** Copies at least 16 bytes between the addresses in two locals; both stay as they are. */
export function emitMoveRun(code: Code, from: Local, to: Local, bytes: Local): void {
  const [source, target, left] = code.locals("i32", 3) as [Local, Local, Local];
  const move = (size: number): void => {
    const vector = Math.min(size, code.vectorBytes), [load, store] = accessOf(code, vector);
    for (let at = 0; at < size; at += vector) {
      code.get(target).get(source).memory(load, at, 0).memory(store, at, 0);
    }
  };
  const moves = (size: number): Code =>
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).i32(size).op("i32.lt_u").brIf(exit);
        move(size);
        code.increase(source, size).increase(target, size).increase(left, -size).br(again);
      })
    );
  code.get(bytes).i32(SHORT[code.vectorBytes]).op("i32.gt_u").if(() => {
    code.get(to).get(from).get(bytes).memoryCopy();
  }, () => {
    code.get(from).set(source).get(to).set(target).get(bytes).set(left);
    if (code.vectorBytes === 32) moves(128);
    moves(16);
    // The last bytes may be copied twice.
    code.get(left).if(() => {
      for (const at of [source, target]) code.get(at).get(left).op("i32.add").i32(16).op("i32.sub").set(at);
      move(16);
    });
  });
}
