/** Making tensors. */
import { numbersThen, shapeThen, type SizesThen } from "./call_forms.ts";
import { defaultDevice } from "./default_device.ts";
import type { DType, TypedArray } from "./dtype.ts";
import { encoded, type HostValues } from "./elements/encode.ts";
import { checkDType } from "./limits.ts";
import { flattened } from "./nested.ts";
import { ARANGE, EYE, FULL } from "./ops/base/fill.ts";
import { checkShape, type Shape, showShape, sizeOf } from "./shape.ts";
import { Tensor } from "./tensor.ts";
import type { NestedArray } from "./tensor/readback.ts";
import { readOptions } from "./options.ts";
import { checkCall } from "./tensor/check_call.ts";
import { filled, finished } from "./tensor/filled.ts";
import { TENSOR_OPTIONS, type TensorOptions } from "./tensor/tensor_options.ts";

export type { RandomOptions, TensorOptions } from "./tensor/tensor_options.ts";

/**
 * A tensor from nested arrays, a typed array or a number. Booleans make bool, bigints int64,
 * numbers float32 (also whole ones; give `dtype` for integers), a typed array its own type.
 * Numbers that do not fit into an integer type are errors, as are those beyond 2^53, which may not
 * be what was meant: write them as bigints.
 *
 * @param data Arrays nested as deep as the tensor has axes, all of one length on each level.
 *
 * @example From nested arrays
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2, 3], [4, 5, 6]], { device });
 * assertEquals(x.shape, [2, 3]);
 * assertEquals(tensor([true, false], { device }).dtype, "bool");
 * assertEquals(tensor([2n ** 62n], { device }).dtype, "int64");
 * ```
 */
export function tensor(
  data: NestedArray<number | boolean | bigint> | TypedArray | BigInt64Array,
  options: TensorOptions = {},
): Tensor {
  checkCall("tensor", arguments, "..");
  options = readOptions("tensor()", options, TENSOR_OPTIONS);
  if (ArrayBuffer.isView(data)) return fromTypedArray(data, [data.length], options);
  const { shape, flat, kinds } = flattened(data);
  const fallback = kinds.has("bigint")
    ? "int64"
    : kinds.size === 1 && kinds.has("boolean")
    ? "bool"
    : "float32";
  return fromValues(flat, shape, { dtype: fallback, ...options });
}

/** Element type of each class of arrays by its name, as engines do not have all of these classes. */
const ARRAY_DTYPES: Readonly<Record<string, DType>> = {
  Float32Array: "float32",
  Float64Array: "float64",
  Float16Array: "float16",
  BigInt64Array: "int64",
  Int32Array: "int32",
  Uint8Array: "uint8",
};

/**
 * A tensor of the elements of `data` in row-major order, converted to `dtype` if
 * that is given and not the array's own. Values that do not fit into an integer type are errors.
 */
export function fromTypedArray(
  data: TypedArray | BigInt64Array,
  shape: Shape,
  options: TensorOptions = {},
): Tensor {
  checkCall("fromTypedArray", arguments, "ys.");
  options = readOptions("fromTypedArray()", options, TENSOR_OPTIONS);
  checkShape("fromTypedArray", shape);
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(
      `Cannot make a tensor of shape ${showShape(shape)} as it has ${
        sizeOf(shape)
      } elements: the data have ${data.length}`,
    );
  }
  const own = ARRAY_DTYPES[data[Symbol.toStringTag]];
  if (own === undefined && options.dtype === undefined) {
    throw new TypeError(
      `Cannot make a tensor as the dtype of ${data.constructor.name} is not clear: give { dtype }`,
    );
  }
  const { dtype = own! } = options;
  return dtype === own
    ? written(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), shape, dtype, options)
    : fromValues(data, shape, { ...options, dtype });
}

function fromValues(
  values: HostValues,
  shape: Shape,
  options: TensorOptions & { readonly dtype: DType },
): Tensor {
  return written(encoded("make a tensor", values, options.dtype), shape, options.dtype, options);
}

/** A tensor of elements that are encoded already. */
function written(bytes: Uint8Array, shape: Shape, dtype: DType, options: TensorOptions): Tensor {
  const { device = defaultDevice() } = options;
  checkDType(device, dtype);
  const t = Tensor.empty(device, [...shape], dtype);
  try {
    device.write(t.storage, bytes);
  } catch (error) {
    t.dispose();
    throw error;
  }
  return finished(t, options);
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options?: TensorOptions): Tensor;
/** A tensor of zeros of a shape given size by size: `zeros(2, 3)`; options may follow. */
export function zeros(...sizes: SizesThen<TensorOptions>): Tensor;
export function zeros(...given: readonly unknown[]): Tensor {
  const [shape, asked] = shapeThen<TensorOptions>("zeros", given);
  const options = readOptions("zeros()", asked, TENSOR_OPTIONS);
  return filled("zeros", FULL, shape, [0], options);
}

/** A tensor of ones. */
export function ones(shape: Shape, options?: TensorOptions): Tensor;
/** A tensor of ones of a shape given size by size: `ones(2, 3)`; options may follow. */
export function ones(...sizes: SizesThen<TensorOptions>): Tensor;
export function ones(...given: readonly unknown[]): Tensor {
  const [shape, asked] = shapeThen<TensorOptions>("ones", given);
  const options = readOptions("ones()", asked, TENSOR_OPTIONS);
  return filled("ones", FULL, shape, [1], options);
}

/** A tensor of one number. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  checkCall("full", arguments, ".d.");
  options = readOptions("full()", options, TENSOR_OPTIONS);
  return filled("full", FULL, shape, [value], options);
}

/** A tensor whose contents are undefined until it is written to. */
export function empty(shape: Shape, options?: TensorOptions): Tensor;
/** A tensor with undefined contents of a shape given size by size: `empty(2, 3)`; options may follow. */
export function empty(...sizes: SizesThen<TensorOptions>): Tensor;
export function empty(...given: readonly unknown[]): Tensor {
  const [shape, asked] = shapeThen<TensorOptions>("empty", given);
  const options = readOptions("empty()", asked, TENSOR_OPTIONS);
  checkShape("empty", shape);
  const { device = defaultDevice(), dtype = "float32" } = options ?? {};
  checkDType(device, dtype);
  return finished(Tensor.empty(device, [...shape], dtype), options);
}

const like = (x: Tensor, options: TensorOptions): TensorOptions => ({
  device: x.device,
  dtype: x.dtype,
  ...options,
});

/** Zeros of the shape, dtype and device of `x`. */
export function zerosLike(x: Tensor, options: TensorOptions = {}): Tensor {
  checkCall("zerosLike", arguments, "x.");
  options = readOptions("zerosLike()", options, TENSOR_OPTIONS);
  return zeros(x.shape, like(x, options));
}

/** Ones of the shape, dtype and device of `x`. */
export function onesLike(x: Tensor, options: TensorOptions = {}): Tensor {
  checkCall("onesLike", arguments, "x.");
  options = readOptions("onesLike()", options, TENSOR_OPTIONS);
  return ones(x.shape, like(x, options));
}

/** One number in the shape, dtype and device of `x`. */
export function fullLike(x: Tensor, value: number, options: TensorOptions = {}): Tensor {
  checkCall("fullLike", arguments, "xd.");
  options = readOptions("fullLike()", options, TENSOR_OPTIONS);
  return full(x.shape, value, like(x, options));
}

/** `start`, `start + step`, ... up to but without `end`; `arange(n)` counts from 0. int32 if all three are whole. */
export function arange(start: number, end?: number, step?: number, options?: TensorOptions): Tensor;
/** Steps of 1 from `start` up to but without `end`, with options behind. */
export function arange(start: number, end: number, options: TensorOptions): Tensor;
/** The whole numbers from 0 up to but without `end`, with options behind. */
export function arange(end: number, options: TensorOptions): Tensor;
export function arange(...given: readonly unknown[]): Tensor {
  const [[start, end, step = 1], asked] = numbersThen<TensorOptions>("arange", given, 3);
  const options = readOptions("arange()", asked, TENSOR_OPTIONS);
  const [from, to] = end === undefined ? [0, start] : [start, end];
  if (step === 0 || !Number.isFinite((to - from) / step)) {
    throw new RangeError(
      `Cannot apply arange() as start, end and step must be finite and step not 0: current step is ${step}`,
    );
  }
  const whole = [from, to, step].every(Number.isInteger);
  const count = Math.max(0, Math.ceil((to - from) / step));
  return filled("arange", ARANGE, [count], [from, step], options, whole ? "int32" : "float32");
}

/** `steps` numbers from `start` to `end`, both included, at equal distances. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  checkCall("linspace", arguments, "ddd.");
  options = readOptions("linspace()", options, TENSOR_OPTIONS);
  const { dtype = "float32" } = options;
  const values = Float64Array.from({ length: steps }, (_, i) => {
    // From the nearer end, so that both ends are met exactly.
    const step = steps > 1 ? (end - start) / (steps - 1) : 0;
    return i < steps / 2 ? start + step * i : end - step * (steps - 1 - i);
  });
  return fromTypedArray(values, [steps], { ...options, dtype });
}

/** Ones on the diagonal of an [n, m] matrix of zeros; square by default. */
export function eye(n: number, m?: number, options?: TensorOptions): Tensor;
/** Ones on the diagonal of a square matrix of zeros, with options behind. */
export function eye(n: number, options: TensorOptions): Tensor;
export function eye(...given: readonly unknown[]): Tensor {
  const [[n, m = n], asked] = numbersThen<TensorOptions>("eye", given, 2);
  const options = readOptions("eye()", asked, TENSOR_OPTIONS);
  return filled("eye", EYE, [n, m], [], options);
}
