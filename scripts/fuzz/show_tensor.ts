/** Converts values of Troodon to the form in which they are compared. */
import { isFloating, type Tensor } from "@troodon/core";
import { encodeBase64 } from "./base64.ts";
import type { Shown } from "./program.ts";

/** Returns the parts of a list or record of results. */
export function listOf(x: unknown): readonly unknown[] {
  if (Array.isArray(x)) return x;
  if (typeof x !== "object" || x === null) return [x];
  return Object.values(x).filter((part) => part !== undefined);
}

/** Returns the elements, shape and dtype of a tensor. */
export function showTensor(x: Tensor): Shown {
  const flat = x.detach();
  const values = flat.dtype === "int64"
    ? flat.dataSync({ bigint: true })
    : isFloating(flat.dtype)
    ? Float64Array.from(flat.dataSync() as Iterable<number>, (n) => Number.isNaN(n) ? NaN : n)
    : BigInt64Array.from([...flat.dataSync() as Iterable<number>], (n) => BigInt(Number(n)));
  const shown = { s: [...x.shape], d: x.dtype, b: encodeBase64(values as Float64Array | BigInt64Array) };
  return x.requiresGrad ? { ...shown, r: 1 } : shown;
}
