/** Element types of safetensors files. */
import type { DType } from "@troodon/core";

/** A type as files name it. */
export interface FileType {
  /** Bits of an element. */
  readonly bits: number;
  /** What it is read as; null if there is no such tensor. */
  readonly dtype: DType | null;
}

/** Every type of the format. The order is that of their alignment, as the reference implementation has it. */
export const FILE_TYPES: Readonly<Record<string, FileType>> = {
  BOOL: { bits: 8, dtype: "bool" },
  F4: { bits: 4, dtype: null },
  F6_E2M3: { bits: 6, dtype: null },
  F6_E3M2: { bits: 6, dtype: null },
  U8: { bits: 8, dtype: "uint8" },
  I8: { bits: 8, dtype: null },
  F8_E5M2: { bits: 8, dtype: null },
  F8_E4M3: { bits: 8, dtype: null },
  F8_E8M0: { bits: 8, dtype: null },
  I16: { bits: 16, dtype: null },
  U16: { bits: 16, dtype: null },
  F16: { bits: 16, dtype: "float16" },
  BF16: { bits: 16, dtype: "bfloat16" },
  I32: { bits: 32, dtype: "int32" },
  U32: { bits: 32, dtype: null },
  F32: { bits: 32, dtype: "float32" },
  C64: { bits: 64, dtype: null },
  F64: { bits: 64, dtype: "float64" },
  I64: { bits: 64, dtype: "int64" },
  U64: { bits: 64, dtype: null },
};

/** How tensors are written. */
export const FILE_TYPE_OF: Readonly<Record<DType, string>> = {
  bool: "BOOL",
  uint8: "U8",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  float32: "F32",
  float64: "F64",
};

const ORDER = Object.keys(FILE_TYPES);

/** Where a type comes in the order of alignment. */
export function alignmentOrder(type: string): number {
  return ORDER.indexOf(type);
}
