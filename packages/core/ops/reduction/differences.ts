/** Differences of neighbors, and integrals by trapezoids. */
import { isFloating } from "../../dtype.ts";
import { normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { cat } from "../shape/cat.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode diff}. */
export interface DiffOptions {
  /** Tensor concatenated before the input along `dim` before differences are taken. */
  readonly prepend?: Tensor;
  /** Tensor concatenated after the input along `dim` before differences are taken. */
  readonly append?: Tensor;
}
const DIFF_OPTIONS: OptionKeys<DiffOptions> = { prepend: true, append: true };

/**
 * Differences of neighbors along `dim`, `n` times over; of bool, whether neighbors differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, diff, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(diff(tensor([1, 4, 9, 16], { device })).tolist(), [3, 5, 7]);
 * assertEquals(diff(tensor([1, 4, 9, 16], { device }), 2).tolist(), [2, 2]);
 * ```
 */
export function diff(x: Tensor, n = 1, dim = -1, options?: DiffOptions): Tensor {
  checkCall("diff", arguments, "xD..");
  const { prepend, append } = readOptions("diff()", options, DIFF_OPTIONS);
  if (!Number.isInteger(n) || n < 0) {
    throw new RangeError(`Cannot apply diff() as n must be an integer from 0 on: current n is ${n}`);
  }
  if (x.ndim === 0) {
    throw new RangeError("Cannot apply diff() as there must be an axis: current shape is []");
  }
  const axis = normalizeAxis("diff", dim, x.ndim);
  return accumulated([x, prepend, append], (x, prepend, append) => {
    const parts = [prepend, x, append].filter((part) => part !== undefined);
    let rest = n === 0 ? x.clone() : parts.length === 1 ? x.alias() : cat(parts, axis);
    const times = Math.min(n, rest.shape[axis]!);
    for (let i = 0; i < times; i++) {
      const [before, behind] = neighbors(rest, axis);
      rest = rest.dtype === "bool" ? behind.ne(before) : behind.sub(before);
    }
    return rest;
  }, "diff");
}

/** All elements along an axis but the last, and all but the first; none of none. */
function neighbors(x: Tensor, axis: number): readonly [before: Tensor, behind: Tensor] {
  const steps = Math.max(0, x.shape[axis]! - 1);
  return [x.narrow(axis, 0, steps), x.narrow(axis, x.shape[axis]! - steps, steps)];
}

/** Options of {@linkcode trapezoid} and {@linkcode cumulativeTrapezoid}. */
export interface TrapezoidOptions {
  /** Between elements, where no points are given; 1 by default. */
  readonly dx?: number;
  /** Along which axis; the last by default. */
  readonly dim?: number;
}
const TRAPEZOID_OPTIONS: OptionKeys<TrapezoidOptions> = { dx: true, dim: true };

/** Converts integers to int64, which can hold their sums. */
const wide = (x: Tensor): Tensor => isFloating(x.dtype) ? x : x.to("int64");

/** The areas between neighbors along an axis. */
function trapezoids(
  op: string,
  y: Tensor,
  x: Tensor | null,
  { dx = 1, dim = -1 }: TrapezoidOptions,
): readonly [areas: Tensor, axis: number] {
  if (y.ndim === 0) {
    throw new RangeError(`Cannot apply ${op}() as there must be an axis: current shape is []`);
  }
  const axis = normalizeAxis(op, dim, y.ndim);
  const [before, behind] = neighbors(wide(y), axis), heights = before.add(behind);
  if (x === null) {
    return [isFloating(y.dtype) ? heights.mul(dx / 2) : heights.to("float32").mul(dx / 2), axis];
  }
  if (x.ndim === 1 && x.numel() !== y.shape[axis] || x.ndim > y.ndim) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be a point for each element along dim ${axis}: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(y.shape)}`,
    );
  }
  const shape = x.ndim === 1
    ? y.shape.map((_, i) => i === axis ? x.numel() : 1)
    : [...new Array<number>(y.ndim - x.ndim).fill(1), ...x.shape];
  const [from, to] = neighbors(wide(x).reshape(shape), axis);
  return [heights.mul(to.sub(from)).div(2), axis];
}

/**
 * Integrates `y` along an axis by the trapezoidal rule. Integers become float32.
 *
 * @param x Where the elements are, a vector or of the shape of `y`; `dx` apart if null.
 */
export function trapezoid(y: Tensor, x: Tensor | null = null, options: TrapezoidOptions = {}): Tensor {
  checkCall("trapezoid", arguments, "xX.");
  options = readOptions("trapezoid()", options, TRAPEZOID_OPTIONS);
  return accumulated([y, x], (y, x) => {
    const [areas, axis] = trapezoids("trapezoid", y, x, options);
    return areas.sum(axis);
  }, "trapezoid");
}

/**
 * Integrates `y` cumulatively along an axis by the trapezoidal rule; the result has one element less.
 * Integers become float32.
 *
 * @param x Where the elements are, a vector or of the shape of `y`; `dx` apart if null.
 */
export function cumulativeTrapezoid(
  y: Tensor,
  x: Tensor | null = null,
  options: TrapezoidOptions = {},
): Tensor {
  checkCall("cumulativeTrapezoid", arguments, "xX.");
  options = readOptions("cumulativeTrapezoid()", options, TRAPEZOID_OPTIONS);
  return accumulated([y, x], (y, x) => {
    const [areas, axis] = trapezoids("cumulativeTrapezoid", y, x, options);
    return areas.cumsum(axis);
  }, "cumulativeTrapezoid");
}

/** Options of {@linkcode vander}. */
export interface VanderOptions {
  /** The number of powers (columns); that of the elements by default. */
  readonly N?: number;
  /** Whether powers rise from left to right; false by default. */
  readonly increasing?: boolean;
}
const VANDER_OPTIONS: OptionKeys<VanderOptions> = { N: true, increasing: true };

/**
 * Returns the Vandermonde matrix of a vector: each row has the powers of an element from `N - 1` down to 0.
 * Integers become int64.
 */
export function vander(x: Tensor, options?: VanderOptions): Tensor {
  checkCall("vander", arguments, "x.");
  const { N = x.numel(), increasing = false } = readOptions("vander()", options, VANDER_OPTIONS);
  if (x.ndim !== 1 || !Number.isInteger(N) || N < 0) {
    throw new RangeError(
      `Cannot apply vander() as there must be a vector, and N an integer from 0 on: ` +
        `current shape is ${showShape(x.shape)}, N is ${N}`,
    );
  }
  return accumulated([x], (x) => {
    const column = x.unsqueeze(1), one = column.narrow(1, 0, 0).pad([0, Math.min(N, 1)], { value: 1 });
    if (N < 2) return isFloating(x.dtype) ? one : one.to("int64");
    const powers = cat([one, column.expand([x.numel(), N - 1]).cumprod(1)], 1);
    return increasing ? powers : powers.flip(1);
  }, "vander");
}
