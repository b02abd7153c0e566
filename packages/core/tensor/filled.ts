/** New tensors whose elements a kernel calculates. */
import { defaultDevice } from "../default_device.ts";
import type { DType } from "../dtype.ts";
import { checkFits } from "../elements/encode.ts";
import { checkDType } from "../limits.ts";
import type { KernelOp } from "../op.ts";
import type { FillParams } from "../ops/base/fill.ts";
import { checkShape, type Shape, sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import type { RandomOptions, TensorOptions } from "./tensor_options.ts";

/** Applies the option `requiresGrad` to a new tensor, and disposes of the tensor if that fails. */
export function finished(t: Tensor, { requiresGrad = false }: TensorOptions = {}): Tensor {
  if (!requiresGrad) return t;
  try {
    return t.requiresGrad_();
  } catch (error) {
    t.dispose();
    throw error;
  }
}

/**
 * A new tensor filled by `op`.
 *
 * @param name The function that is called, for errors.
 * @param fallback The dtype unless the options name one.
 */
export function filled(
  name: string,
  op: KernelOp<FillParams>,
  shape: Shape,
  scalars: readonly number[],
  options: TensorOptions = {},
  fallback: DType = "float32",
): Tensor {
  checkShape(name, shape);
  const { device = defaultDevice(), dtype = fallback } = options;
  checkDType(device, dtype);
  checkFits(`apply ${name}()`, scalars, dtype);
  return finished(Tensor.fresh(device, op, { shape: [...shape], dtype, scalars }), options);
}

/** A new tensor filled by `op` with random numbers: one block of the generator for each element. */
export function drawn(
  name: string,
  op: KernelOp<FillParams>,
  shape: Shape,
  scalars: readonly number[],
  options: RandomOptions & { readonly dtype: DType },
): Tensor {
  checkShape(name, shape);
  const { device = defaultDevice(), dtype, generator = device.generator } = options;
  checkDType(device, dtype);
  const random = generator.reserve(sizeOf(shape));
  return finished(Tensor.fresh(device, op, { shape: [...shape], dtype, scalars, random }), options);
}
