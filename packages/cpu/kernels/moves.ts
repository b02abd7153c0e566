/** Elements as plain bytes. */
import type { Code, Local } from "../wasm/assembler.ts";
import type { MemoryOp } from "../wasm/opcodes.ts";

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
  const [done, last] = code.locals("i32", 2) as [Local, Local];
  const move = (): void => {
    code.get(to).get(done).op("i32.add").get(from).get(done).op("i32.add");
    code.memory("v128.load", 0, 0).memory("v128.store", 0, 0);
  };
  code.get(bytes).i32(SHORT).op("i32.gt_u").if(() => {
    code.get(to).get(from).get(bytes).memoryCopy();
  }, () => {
    code.get(bytes).i32(16).op("i32.sub").set(last).i32(0).set(done);
    code.countTo(done, bytes, 16, move);
    // The last bytes may be copied twice.
    code.get(last).set(done);
    move();
  });
}
