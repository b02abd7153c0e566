/** Views of one dtype as views of another, for kernels that have few. */
import type { Body, ComputeType, DType } from "@troodon/core";
import { body, bytesOf, computeType, expr, rowMajor, sizeOf } from "@troodon/core/kernel";
import type { KernelContext } from "../../kernel.ts";
import type { CpuView } from "../../view.ts";
import { map } from "./map.ts";

/** A body that changes nothing. */
export const SAME: Body = body(expr.input(0));

/** Copies elements, converted. */
export function convert(context: KernelContext, from: CpuView, to: CpuView): void {
  const compute = computeType(to.dtype);
  map(context, { kernel: "map", body: SAME, compute, scalars: [], shape: to.shape }, [from], [to]);
}

/** A new contiguous view that lasts until the launch ends. */
export function temporary(context: KernelContext, shape: readonly number[], dtype: DType): CpuView {
  const bytes = sizeOf(shape) * bytesOf(dtype);
  const buffer = { pointer: context.scratch(bytes), bytes };
  return { buffer, dtype, shape, strides: rowMajor(shape), offset: 0 };
}

/** The view itself if it is of type `dtype`, or a converted copy. */
export function staged(
  context: KernelContext,
  view: CpuView,
  dtype: DType = computeType(view.dtype),
): CpuView {
  if (view.dtype === dtype) return view;
  const copy = temporary(context, view.shape, dtype);
  convert(context, view, copy);
  return copy;
}

/** Runs `fill` on the view itself if it is of a type that is calculated in, or on one whose elements are then converted. */
export function intoStaged(context: KernelContext, view: CpuView, fill: (view: CpuView) => void): void {
  const dtype: ComputeType = computeType(view.dtype);
  if (view.dtype === dtype) return fill(view);
  const copy = temporary(context, view.shape, dtype);
  fill(copy);
  convert(context, copy, view);
}
