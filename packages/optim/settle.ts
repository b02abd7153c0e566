/** Running means that end at 0. */
import type { Tensor } from "@troodon/core";
import { expr as e } from "@troodon/core/kernel";

/** In float32, adding and taking away this leaves whole multiples of 2^-100: the square of less would be 0 long before. */
export const TINY: number = 1.5 * 2 ** -77;

/**
 * `x`, but 0 where it is next to nothing, with `tiny` as {@linkcode tinyFor} gives it. A mean of gradients that have
 * stopped would become a subnormal number and stay one, and processors take a hundred times as long with those.
 */
export function settled(x: e.Expr, tiny: e.Expr | number): e.Expr {
  return e.sub(e.add(x, tiny), tiny);
}

/** 0 for float64, whose steps to there nobody waits for. */
export function tinyFor({ dtype }: Tensor): number {
  return dtype === "float64" ? 0 : TINY;
}
