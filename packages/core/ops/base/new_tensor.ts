/** Tensors from data on the host, like another tensor. */
import { showArgument } from "../../call_forms.ts";
import type { Device } from "../../device.ts";
import type { DType, TypedArray } from "../../dtype.ts";
import { checkFits, encoded } from "../../elements/encode.ts";
import { checkDType } from "../../limits.ts";
import { flattened } from "../../nested.ts";
import { checkShape, type Shape } from "../../shape.ts";
import { TensorBase } from "../../tensor/base.ts";
import type { NestedArray } from "../../tensor/readback.ts";
import type { Tensor } from "../../tensor.ts";
import { FULL } from "./fill.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode newTensor}. */
export interface NewTensorOptions {
  /** The device of the result; that of the tensor by default. */
  readonly device?: Device;
  /** The dtype of the result; that of the tensor by default. */
  readonly dtype?: DType;
  /** Whether the result is a leaf that gradients are left in; false by default. */
  readonly requiresGrad?: boolean;
}
const NEW_TENSOR_OPTIONS: OptionKeys<NewTensorOptions> = { dtype: true, device: true, requiresGrad: true };

/**
 * A tensor from nested arrays, a typed array or a number, on the device and of the dtype of `x` unless others are given;
 * of a tensor, a copy without its history.
 *
 * @example Constants beside an operand
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, newTensor, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const x = tensor([1, 2], { device: new Device(new ReferenceBackend()), dtype: "float64" });
 * const y = newTensor(x, [[3, 4], [5, 6]]);
 * assertEquals([y.shape, y.dtype, y.device === x.device], [[2, 2], "float64", true]);
 * ```
 */
export function newTensor(
  x: Tensor,
  data: NestedArray<number | boolean | bigint> | TypedArray | BigInt64Array | TensorBase,
  options: NewTensorOptions = {},
): Tensor {
  checkCall("newTensor", arguments, "x..");
  options = readOptions("newTensor()", options, NEW_TENSOR_OPTIONS);
  const { device = x.device, dtype = x.dtype, requiresGrad = false } = options;
  if (data instanceof TensorBase) {
    const copy = data.detach().to({ device, dtype, copy: true });
    return requiresGrad ? copy.requiresGrad_() : copy;
  }
  const { shape, flat } = ArrayBuffer.isView(data) ? { shape: [data.length], flat: data } : flattened(data);
  checkDType(device, dtype);
  const bytes = encoded("apply newTensor()", flat, dtype);
  const y = x.emptyOn(device, shape, dtype);
  try {
    device.write(y.storage, bytes);
    return requiresGrad ? y.requiresGrad_() : y;
  } catch (error) {
    y.dispose();
    throw error;
  }
}

/** A tensor of one number, on the device and of the dtype of `x` unless others are given. */
export function newFilled(
  name: string,
  x: Tensor,
  shape: Shape,
  value: number,
  options: DType | NewTensorOptions = {},
): Tensor {
  if (!Array.isArray(shape) || typeof value !== "number") {
    throw new TypeError(
      `Cannot apply ${name}() as there must be a list of sizes, then a number: current arguments are ${
        showArgument(shape)
      } and ${showArgument(value)}`,
    );
  }
  checkShape(name, shape);
  const { device = x.device, dtype = x.dtype, requiresGrad = false } = typeof options === "string"
    ? { dtype: options } as NewTensorOptions
    : readOptions(`${name}()`, options, NEW_TENSOR_OPTIONS);
  checkFits(`apply ${name}()`, [value], dtype);
  const params = { shape, dtype, scalars: [value] };
  if (device === x.device) {
    const y = x.applyFresh(FULL, params);
    return requiresGrad ? y.requiresGrad_() : y;
  }
  checkDType(device, dtype);
  const y = x.emptyOn(device, shape, dtype).applyInto(FULL, params);
  return requiresGrad ? y.requiresGrad_() : y;
}
