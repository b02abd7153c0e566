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
