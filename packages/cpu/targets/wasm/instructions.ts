/** All instructions that {@linkcode Code} appends by name. */
import { MEMORY_OPS, type MemoryOp, SCALAR_OPS, type ScalarOp } from "./opcodes.ts";
import { VECTOR_OPS, type VectorOp } from "./vector_opcodes.ts";
import { WIDE_MEMORY_OPS, WIDE_OPS, type WideMemoryOp, type WideOp } from "./wide_opcodes.ts";

/** An instruction without immediates. */
export type AnyOp = ScalarOp | VectorOp | WideOp;

/** A load or a store. */
export type AnyMemoryOp = MemoryOp | WideMemoryOp;

/** Opcodes of instructions without immediates. */
export const OPCODES: Readonly<Record<AnyOp, number>> = { ...SCALAR_OPS, ...VECTOR_OPS, ...WIDE_OPS };

/** Loads and stores: opcode and binary logarithm of the natural alignment. */
export const MEMORY: Readonly<Record<AnyMemoryOp, readonly [opcode: number, alignment: number]>> = {
  ...MEMORY_OPS,
  ...WIDE_MEMORY_OPS,
};
