/** Loads and stores two vectors whose elements are deinterleaved or interleaved by shuffles. */
import type { Code, Local } from "../targets/wasm/assembler.ts";

/** Smallest number of windows in a row for vectors of 32 bytes: those that fill one vector. */
export const WIDE_WINDOWS = 8;

/**
 * Loads two vectors of elements from `offset` bytes after `at`, arranged so that a shuffle of both picks the elements at
 * even or odd places in order, for any width of vectors.
 */
export function loadPairs(code: Code, at: Local, low: Local, high: Local, offset = 0): void {
  if (code.vectorBytes === 16) {
    code.get(at).memory("v128.load", offset, 2).set(low);
    code.get(at).memory("v128.load", offset + 16, 2).set(high);
    return;
  }
  [low, high].forEach((vector, i) => {
    code.get(at).memory("half.load", offset + 16 * i, 2);
    code.get(at).memory("half.load", offset + 32 + 16 * i, 2);
    code.op("half.join").set(vector);
  });
}

/** Stores two vectors that shuffles have interleaved: the reverse of {@linkcode loadPairs}. */
export function storePairs(code: Code, at: Local, low: Local, high: Local): void {
  if (code.vectorBytes === 16) {
    code.get(at).get(low).memory("v128.store", 0, 2).get(at).get(high).memory("v128.store", 16, 2);
    return;
  }
  code.get(at).get(low).get(high).op("half.join").memory("v128.store", 0, 2);
  code.get(at).get(low).op("half.high").get(high).op("half.high", "half.join").memory("v128.store", 32, 2);
}

/** Returns every second number from `first` on, as many as a vector has lanes. */
export function everySecond(code: Code, first = 0): number[] {
  return Array.from({ length: code.vectorBytes / 4 }, (_, i) => first + 2 * i);
}
