/** Tensors from numbers alone: constants, ramps and random draws. */
import { computeType, type DType } from "../../dtype.ts";
import { checkFits } from "../../elements/encode.ts";
import { type Body, body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import type { RandomState } from "../../random/generator.ts";
import { type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { copy_ } from "./cast.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** What a new tensor is to be. */
export interface FillParams {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly scalars: readonly number[];
  readonly random?: RandomState;
}

/**
 * Converts numbers to elements of a dtype: for bool, any value other than 0 becomes 1, including fractions.
 */
const asElements = (scalars: readonly number[], dtype: DType): readonly number[] =>
  dtype === "bool" ? scalars.map((value) => Number(value !== 0)) : scalars;

/** An op that fills a new tensor; `constant` bodies write scalars as they are. */
export function filler(name: string, content: Body, constant = false): KernelOp<FillParams> {
  return {
    kind: "kernel",
    name,
    differentiable: false,
    infer: (_, { shape, dtype }) => [{ shape, dtype }],
    kernel: (_inputs, _outputs, { shape, dtype, scalars, random }) => ({
      kernel: "map",
      body: content,
      compute: computeType(dtype),
      scalars: constant ? asElements(scalars, dtype) : scalars,
      shape,
      ...(random && { random }),
    }),
  };
}

const [A, B] = [e.scalar(0), e.scalar(1)];

/** Every element is scalar 0. */
export const FULL: KernelOp<FillParams> = filler("full", body(A), true);
/** start + step * i along the one axis. */
export const ARANGE: KernelOp<FillParams> = filler("arange", body(e.add(A, e.mul(B, e.coordinate(0)))));
/** 1 on the diagonal. */
export const EYE: KernelOp<FillParams> = filler("eye", body(e.equal(e.coordinate(0), e.coordinate(1))));
/** Parameters of an op made by {@linkcode refill}. */
export interface RefillParams {
  /** The scalars of its body. */
  readonly scalars: readonly number[];
  /** The random numbers that its body draws. */
  readonly random?: RandomState;
}

/** An op whose result has nothing of what was there. */
export function refill(name: string, content: Body, constant = false): KernelOp<RefillParams> {
  return {
    kind: "kernel",
    name,
    infer: ([x]) => [x!],
    kernel: ([x], _, { scalars, random }) => ({
      kernel: "map",
      body: content,
      compute: computeType(x!.dtype),
      scalars: constant ? asElements(scalars, x!.dtype) : scalars,
      shape: x!.shape,
      ...(random && { random }),
    }),
    flows: () => false,
    vjp: () => [null],
  };
}

const FILL_INTO = refill("fill_", body(A), true);

/**
 * Overwrites every element of `x` with `value`; returns `x`.
 *
 * @param value A number, or a tensor without axes, which gets the sum of the gradient.
 */
export function fill_(x: Tensor, value: number | Tensor): Tensor {
  checkCall("fill_", arguments, "xn");
  if (typeof value === "number") {
    checkFits("apply fill_()", [value], x.dtype);
    return x.applyInto(FILL_INTO, { scalars: [value] }, x);
  }
  if (value.ndim > 0) {
    throw new RangeError(
      `Cannot apply fill_() as the value must be a number or a tensor without axes: current shape is ${
        showShape(value.shape)
      }`,
    );
  }
  return copy_(x, value);
}

/** Overwrites every element of `x` with 0; returns `x`. */
export function zero_(x: Tensor): Tensor {
  checkCall("zero_", arguments, "x");
  return fill_(x, 0);
}
