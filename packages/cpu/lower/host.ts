/** Scalar functions that kernels call where no vector code is worth its size. */
import type { ScalarFunction } from "@troodon/core";
import { FLOAT64, INT32, SCALAR_FUNCTIONS } from "@troodon/core/kernel";

/** The name under which a module imports `fn`, with its float64 or its int32 meaning. */
export function hostName(fn: ScalarFunction, integer: boolean): string {
  return integer ? `int.${fn}` : fn;
}

/** All of them, by that name; arguments and results are float64. */
export const HOST: Readonly<Record<string, (...numbers: number[]) => number>> = Object.fromEntries(
  SCALAR_FUNCTIONS.flatMap((fn) => [[hostName(fn, false), FLOAT64[fn]], [hostName(fn, true), INT32[fn]]]),
);
