/** Elements as plain bytes. */
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

/** Up to so many bytes are copied in place: the engine's own copy costs a call. */
const SHORT = 64;

/** Copies at least 16 bytes between the addresses in two locals; both stay as they are. */
export function emitMoveRun(code: Code, from: Local, to: Local, bytes: Local): void {
  const [source, target, left] = code.locals("i32", 3) as [Local, Local, Local];
  const move = (): void => {
    code.get(target).get(source).memory("v128.load", 0, 0).memory("v128.store", 0, 0);
  };
  code.get(bytes).i32(SHORT).op("i32.gt_u").if(() => {
    code.get(to).get(from).get(bytes).memoryCopy();
  }, () => {
    code.get(from).set(source).get(to).set(target).get(bytes).set(left);
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).i32(16).op("i32.lt_u").brIf(exit);
        move();
        code.increase(source, 16).increase(target, 16).increase(left, -16).br(again);
      })
    );
    // The last bytes may be copied twice.
    code.get(left).if(() => {
      for (const at of [source, target]) code.get(at).get(left).op("i32.add").i32(16).op("i32.sub").set(at);
      move();
    });
  });
}
