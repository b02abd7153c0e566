/** Rules of a back end about its operations, for the decoder and the allocator. */
import { A } from "./flow.ts";
import { operationOf } from "./operation.ts";
import { SCALAR_OPS, type ScalarOp } from "../wasm/opcodes.ts";
import { VECTOR_OPS, type VectorOp } from "../wasm/vector_opcodes.ts";

/** Flags for the operands of an operation that may be in memory. */
export const FIRST_IN_MEMORY = 1, SECOND_IN_MEMORY = 2, THIRD_IN_MEMORY = 4;

/** Facts about a back end's operations. */
export interface Rules {
  /** Returns true if the operation can be selected. */
  has(op: number): boolean;
  /** Returns true if the second operand may be loaded by the operation itself. */
  foldsLoads(op: number): boolean;
  /** Returns the load whose value an operation takes straight from memory, or -1. */
  loadOf(op: number): number;
  /** Returns the flags of an operation. */
  flags(op: number): number;
  /** Returns the number of vector registers that the operation needs besides its operands. */
  vectors(op: number): number;
  /** Returns the number of integer registers that the operation needs besides its operands. */
  integers(op: number): number;
  /** Returns true if an integer constant can be part of the operation as its operand `place`. */
  immediate(op: number, place: number, value: number, bytes: number): boolean;
}

/** Returns true if the result of an operation is a condition that a branch can test itself. */
export function isComparison(op: number): boolean {
  return (op >= 0x45 && op <= 0x5a) || op === ANY_TRUE;
}

const ANY_TRUE = operationOf(VECTOR_OPS["v128.any_true"]);

/** Inverse of each i32 comparison, both given by opcode minus 0x46. */
const INVERSE = [1, 0, 8, 9, 6, 7, 4, 5, 2, 3];

/** Returns the inverse of comparison `op`, or -1 for tests of one value. */
export function invertComparison(op: number): number {
  if (op > 0x45 && op < 0x50) return 0x46 + INVERSE[op - 0x46]!;
  if (op > 0x50 && op < 0x5b) return 0x51 + INVERSE[op - 0x51]!;
  return -1;
}

const COMMUTATIVE: readonly (ScalarOp | VectorOp)[] = [
  "i32.add",
  "i32.mul",
  "i32.and",
  "i32.or",
  "i32.xor",
  "i64.add",
  "i64.mul",
  "i64.and",
  "i64.or",
  "i64.xor",
  "v128.and",
  "v128.or",
  "v128.xor",
  "i32x4.add",
  "i32x4.mul",
  "i32x4.min_s",
  "i32x4.max_s",
  "i32x4.min_u",
  "i32x4.max_u",
  "i32x4.eq",
  "i64x2.add",
  "i64x2.eq",
];

const OPCODES: Readonly<Record<string, number>> = { ...SCALAR_OPS, ...VECTOR_OPS };
let commutative: Set<number> | undefined, sums: Set<number> | undefined;

/** Sums and products of floats, whose operands keep their order, as the result of two NaN may be the first one. */
const FLOATS: readonly (ScalarOp | VectorOp)[] = [
  ...["f32.add", "f32.mul", "f64.add", "f64.mul"] as const,
  ...["f32x4.add", "f32x4.mul", "f64x2.add", "f64x2.mul"] as const,
];

/** Returns true if a constant first operand may become the second one, which back ends can encode. */
export function takesConstantSecond(op: number): boolean {
  sums ??= new Set(FLOATS.map((name) => operationOf(OPCODES[name]!)));
  return sums.has(op) || isCommutative(op);
}

/** Returns true if the operands of an operation on integers can change places. */
export function isCommutative(op: number): boolean {
  commutative ??= new Set(COMMUTATIVE.map((name) => operationOf(OPCODES[name]!)));
  return commutative.has(op);
}

/** Returns true if the operand at place `k` of an instruction may lie in memory, by the flags of its operation. */
export function mayBeInMemory(flags: number, k: number): boolean {
  return (flags >> k - A & 1) !== 0;
}
