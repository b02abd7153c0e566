/** Tensors that name classes or positions. */
import { type DType, isIntegral } from "../../dtype.ts";
import { type Body, body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp } from "./elementwise.ts";

/** The error of what should name classes or positions but is of no integer type. */
export function notIndices(op: string, what: string, dtype: DType): TypeError {
  return new TypeError(
    `Cannot apply ${op}() as the ${what} must be integers: current dtype is ${dtype}, convert it with .long()`,
  );
}

/** `x` as kernels take indices, int64 or int32; all integer types are accepted. */
export function asIndices(op: string, what: string, x: Tensor): Tensor {
  if (x.dtype === "int32" || x.dtype === "int64") return x;
  if (isIntegral(x.dtype)) return x.to("int32");
  throw notIndices(op, what, x.dtype);
}

const SATURATED: Body = body(e.max(e.min(e.input(0), 0x7fffffff), -0x80000000));

/** int64 to int32: what does not fit becomes the nearest number that does, and so no class that there is. */
const SATURATE: KernelOp<null> = {
  kind: "kernel",
  name: "asClasses",
  differentiable: false,
  infer: ([x]) => [{ shape: x!.shape, dtype: "int32" }],
  kernel: ([x]) => ({ kernel: "map", body: SATURATED, compute: "int64", scalars: [], shape: x!.shape }),
};

/** `x` as int32, which fused kernels want; all integer types are accepted, and out of range values stay so. */
export function asClasses(op: string, what: string, x: Tensor): Tensor {
  return x.dtype === "int64" ? x.apply(SATURATE, null) : asIndices(op, what, x);
}

/** Positions counted from 0; those outside stay outside. */
const WRAP: ElementwiseOp = elementwise({
  name: "index",
  kind: "integral",
  expr: e.where(e.less(e.input(0), 0), e.add(e.input(0), e.scalar(0)), e.input(0)),
});

/** `index` as positions counted from 0, where negative ones count from the end of `extent`. */
export function wrapped(op: string, index: Tensor, extent: number): Tensor {
  return asIndices(op, "index", index).apply(WRAP, { scalars: [extent] });
}
