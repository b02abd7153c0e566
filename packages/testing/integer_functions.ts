/** Scalar functions of integers. */
import type { ScalarFunction } from "@troodon/core";

/** The scalar functions that every backend calculates for int64. */
export const INTEGER_FUNCTIONS: readonly ScalarFunction[] = [
  ...["add", "sub", "mul", "div", "min", "max", "less", "lessEqual", "equal", "notEqual", "where"] as const,
  ...[
    "neg",
    "abs",
    "sign",
    "floor",
    "ceil",
    "round",
    "trunc",
    "pow",
    "fmod",
    "remainder",
    "floorDiv",
  ] as const,
  ...["isNan", "and", "or", "xor", "not", "shiftLeft", "shiftRight"] as const,
];
