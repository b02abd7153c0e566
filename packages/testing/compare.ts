/** Whether two results are the same, as far as they can be. */
import { type DType, isFloating, type Shape, showShape } from "@troodon/core";
import type { HostTensor, Outcome } from "./run.ts";

/** What a result should be at best: the exact number in the type it is stored in. */
function rounded(x: number, dtype: DType): number {
  switch (dtype) {
    case "float16":
      return Math.f16round(x);
    case "float32":
    case "bfloat16":
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

/**
 * Throws unless `got` is `exact` within `tolerance`, relative to max(|exact|, 1).
 * Where `exact` was calculated in float64, `float` is the type that stands for it in `got`.
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
  for (let i = 0; i < exact.data.length; i++) {
    const x = Number(got.data[i]), y = rounded(Number(exact.data[i]), got.dtype);
    const same = Object.is(x, y) || x === y || Math.abs(x - y) <= bound * Math.max(Math.abs(y), 1);
    if (!same) throw new RangeError(`${what} at ${positionOf(exact.shape, i)} is ${x} and not ${y}`);
  }
}

/** {@linkcode assertSame} of all outputs and derivatives. */
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
  exact.outputs.forEach((y, i) => assertSame(`${what}: result ${i}`, got.outputs[i]!, y, float, tolerance));
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
    if (g !== null) assertSame(`${what}: gradient of operand ${i}`, found!, g, float, 4 * tolerance);
  });
}
