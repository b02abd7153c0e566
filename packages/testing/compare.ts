/** Whether two results are the same, as far as they can be. */
import { type DType, isFloating, type Shape } from "@troodon/core";
import { fromBfloat16, isHalf, showShape, toBfloat16 } from "@troodon/core/kernel";
import type { HostTensor, Outcome } from "./run.ts";

/** What a result should be at best: the exact number in the type it is stored in. */
function rounded(x: number, dtype: DType): number {
  switch (dtype) {
    case "float16":
      return Math.f16round(x);
    case "bfloat16":
      return fromBfloat16(toBfloat16(x));
    case "float32":
      return Math.fround(x);
    default:
      return x;
  }
}

function positionOf(shape: Shape, flat: number): string {
  const position = shape.map(() => 0);
  for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
    position[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return showShape(position);
}

/** What gradients of 16 bits may be off by, as they read results of 16 bits: units in the last place. */
const GRADIENT_ULPS = 4;

/** A unit in the last place of `dtype`, which is of 16 bits, at the size of `x`. */
function ulpAt(x: number, dtype: DType): number {
  const [least, bits] = dtype === "float16" ? [2 ** -14, 10] : [2 ** -126, 7];
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(x), least))) - bits);
}

/** Throws unless `got`, of 16 bits, is what `tolerance` allows for in float32, rounded once. */
function assertRounded(what: string, got: HostTensor, exact: HostTensor, tolerance: number): void {
  const { dtype } = got;
  for (let i = 0; i < exact.data.length; i++) {
    const x = Number(got.data[i]), y = Number(exact.data[i]), near = rounded(y, dtype);
    const bound = 0.5 * ulpAt(y, dtype) + tolerance * Math.max(Math.abs(y), 1);
    if (Object.is(x, near) || x === near || Math.abs(x - y) <= bound) continue;
    throw new RangeError(`${what} at ${positionOf(exact.shape, i)} is ${x} and not ${y}, rounded once`);
  }
}

/** The largest finite element. */
function largestOf({ data, dtype }: HostTensor): number {
  let largest = 0;
  for (const x of data) {
    const size = Math.abs(rounded(Number(x), dtype));
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}

/**
 * Throws unless `got` is `exact` within `tolerance`, relative to max(|exact|, 1); where it is of 16 bits, within
 * some units in the last place at the largest element. Where `exact` was calculated in float64, `float` is the type that stands for it in `got`.
 */
export function assertSame(
  what: string,
  got: HostTensor,
  exact: HostTensor,
  float: DType,
  tolerance: number,
): void {
  const dtype = exact.dtype === "float64" ? float : exact.dtype;
  if (got.dtype !== dtype && !(exact.dtype === "float64" && got.dtype === "float64")) {
    throw new TypeError(`${what} is ${got.dtype} and not ${dtype}`);
  }
  if (showShape(got.shape) !== showShape(exact.shape)) {
    throw new RangeError(`${what} has the shape ${showShape(got.shape)} and not ${showShape(exact.shape)}`);
  }
  const bound = isFloating(dtype) ? tolerance : 0;
  const units = isHalf(got.dtype) ? GRADIENT_ULPS * ulpAt(largestOf(exact), got.dtype) : 0;
  for (let i = 0; i < exact.data.length; i++) {
    const x = Number(got.data[i]), y = rounded(Number(exact.data[i]), got.dtype);
    if (got.dtype === "int64" && got.data[i] !== exact.data[i]) {
      const position = positionOf(exact.shape, i);
      throw new RangeError(`${what} at ${position} is ${got.data[i]} and not ${exact.data[i]}`);
    }
    const same = Object.is(x, y) || x === y ||
      Math.abs(x - y) <= Math.max(bound * Math.max(Math.abs(y), 1), units);
    if (!same) throw new RangeError(`${what} at ${positionOf(exact.shape, i)} is ${x} and not ${y}`);
  }
}

/** {@linkcode assertSame} of all outputs and derivatives; outputs of 16 bits have to be rounded once. */
export function assertSameOutcome(
  what: string,
  got: Outcome,
  exact: Outcome,
  float: DType,
  tolerance: number,
): void {
  if (got.outputs.length !== exact.outputs.length) {
    throw new RangeError(`${what} has ${got.outputs.length} results and not ${exact.outputs.length}`);
  }
  exact.outputs.forEach((y, i) => {
    const name = `${what}: result ${i}`, found = got.outputs[i]!;
    assertSame(name, found, y, float, tolerance);
    if (isHalf(found.dtype)) assertRounded(name, found, y, tolerance);
  });
  exact.seconds.forEach((g, i) => {
    const found = got.seconds[i] ?? null, model = found ?? g;
    if (model === null) return;
    const zeros = { ...model, data: new Float64Array(model.data.length) };
    assertSame(
      `${what}: second derivative by operand ${i}`,
      found ?? zeros,
      g ?? zeros,
      float,
      16 * tolerance,
    );
  });
  exact.grads.forEach((g, i) => {
    const found = got.grads[i] ?? null;
    if ((g === null) !== (found === null)) {
      throw new TypeError(
        `${what}: operand ${i} has ${found ? "a" : "no"} gradient, and should have ${g ? "one" : "none"}`,
      );
    }
    if (g !== null) {
      assertSame(`${what}: gradient of operand ${i}`, found!, g, float, 4 * tolerance);
    }
  });
}
