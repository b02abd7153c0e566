/** Making tensors. */
import { numbersThen, shapeThen, showArgument, type SizesThen } from "./call_forms.ts";
import { defaultDevice } from "./default_device.ts";
import { type DType, INDEX_DTYPE, isFloating, type TypedArray } from "./dtype.ts";
import { checkFits, encoded, type HostValues } from "./elements/encode.ts";
import { checkDType } from "./limits.ts";
import { flattened } from "./nested.ts";
import type { KernelOp } from "./op.ts";
import { ARANGE, EYE, type FillParams, FULL, INTEGERS, NORMAL_DRAW, UNIFORM } from "./ops/base/fill.ts";
import { checkProbabilities } from "./ops/random/check_probabilities.ts";
import { tidySync } from "./scope.ts";
import { checkShape, type Shape, showShape, sizeOf } from "./shape.ts";
import { Tensor } from "./tensor.ts";
import type { NestedArray } from "./tensor/readback.ts";
import { type OptionKeys, pickOptions, readOptions } from "./options.ts";
import {
  RANDOM_OPTIONS,
  type RandomOptions,
  TENSOR_OPTIONS,
  type TensorOptions,
} from "./tensor/tensor_options.ts";
import { checkCall } from "./tensor/check_call.ts";

export type { RandomOptions, TensorOptions } from "./tensor/tensor_options.ts";

function finished(t: Tensor, { requiresGrad = false }: TensorOptions = {}): Tensor {
  if (!requiresGrad) return t;
  try {
    return t.requiresGrad_();
  } catch (error) {
    t.dispose();
    throw error;
  }
}

function filled(
  name: string,
  op: KernelOp<FillParams>,
  shape: Shape,
  scalars: readonly number[],
  options: RandomOptions = {},
  fallback: DType = "float32",
  draws = false,
): Tensor {
  checkShape(name, shape);
  const { device = defaultDevice(), dtype = fallback, generator = device.generator } = options;
  checkDType(device, dtype);
  checkFits(`apply ${name}()`, scalars, dtype);
  const random = draws ? { random: generator.reserve(sizeOf(shape)) } : {};
  return finished(Tensor.fresh(device, op, { shape: [...shape], dtype, scalars, ...random }), options);
}

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

/** Uniform draws of the shape, dtype and device of `x`. */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  checkCall("randLike", arguments, "x.");
  options = readOptions("randLike()", options, RANDOM_OPTIONS);
  return rand(x.shape, like(x, options));
}

/** Normal draws of the shape, dtype and device of `x`. */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  checkCall("randnLike", arguments, "x.");
  options = readOptions("randnLike()", options, RANDOM_OPTIONS);
  return randn(x.shape, like(x, options));
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

/** Uniform draws from [0, 1). The same numbers on every device. */
export function rand(shape: Shape, options?: RandomOptions): Tensor;
/** Uniform draws from [0, 1) in a shape given size by size: `rand(2, 3)`; options may follow. */
export function rand(...sizes: SizesThen<RandomOptions>): Tensor;
export function rand(...given: readonly unknown[]): Tensor {
  const [shape, asked] = shapeThen<RandomOptions>("rand", given);
  const options = readOptions("rand()", asked, RANDOM_OPTIONS);
  return filled("rand", UNIFORM, shape, [0, 1], options, "float32", true);
}

/** Draws from the normal distribution of mean 0 and deviation 1. */
export function randn(shape: Shape, options?: RandomOptions): Tensor;
/** Draws from the normal distribution in a shape given size by size: `randn(2, 3)`; options may follow. */
export function randn(...sizes: SizesThen<RandomOptions>): Tensor;
export function randn(...given: readonly unknown[]): Tensor {
  const [shape, asked] = shapeThen<RandomOptions>("randn", given);
  const options = readOptions("randn()", asked, RANDOM_OPTIONS);
  return filled("randn", NORMAL_DRAW, shape, [0, 1], options, "float32", true);
}

/** Whole numbers drawn evenly from [low, high), at most 2^24 of them; int64 unless given otherwise. */
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor;
/** Whole numbers drawn evenly from [0, high), at most 2^24 of them; int64 unless given otherwise. */
export function randint(high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(...given: readonly unknown[]): Tensor {
  const [low, high, shape, asked] = drawArguments(Array.isArray(given[1]) ? [0, ...given] : given);
  const options = readOptions("randint()", asked, RANDOM_OPTIONS);
  if (!(high > low) || high - low > 2 ** 24) {
    throw new RangeError(
      `Cannot apply randint() as high must exceed low by 1 to 2^24: current bounds are ${low} and ${high}`,
    );
  }
  const { dtype = INDEX_DTYPE } = options;
  const draw = { ...options, dtype: "float32", requiresGrad: false } as const;
  return finished(
    tidySync(() => filled("randint", INTEGERS, shape, [low, high - low], draw, "float32", true).to(dtype)),
    options,
  );
}

function drawArguments(given: readonly unknown[]): [number, number, Shape, RandomOptions?] {
  const [low, high, shape] = given;
  if (typeof low !== "number" || typeof high !== "number" || !Array.isArray(shape)) {
    throw new TypeError(
      "Cannot apply randint() as there must be one or two numbers, then a list of sizes, as in randint(10, [2, 3]): " +
        `current arguments are ${given.map((one) => showArgument(one)).join(", ")}`,
    );
  }
  return given as [number, number, Shape, RandomOptions?];
}

/** The numbers from 0 to n - 1 in random order, int64. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  checkCall("randperm", arguments, "d.");
  options = readOptions("randperm()", options, RANDOM_OPTIONS);
  const { device = defaultDevice(), generator = device.generator, dtype = INDEX_DTYPE } = options;
  return fromTypedArray(generator.permutation(n), [n], {
    ...pickOptions(options, TENSOR_OPTIONS),
    device,
    dtype,
  });
}

const BERNOULLI_OPTIONS: OptionKeys<Pick<RandomOptions, "generator">> = { generator: true };

/**
 * Draws 1 with the probability that `p` holds for each element, else 0, in the dtype of `p`.
 *
 * @throws {RangeError} If a probability is not between 0 and 1: immediately, or when a result is read.
 */
export function bernoulli(p: Tensor, options: Pick<RandomOptions, "generator"> = {}): Tensor {
  checkCall("bernoulli", arguments, "x.");
  options = readOptions("bernoulli()", options, BERNOULLI_OPTIONS);
  if (!isFloating(p.dtype)) {
    throw new TypeError(
      `Cannot apply bernoulli() as probabilities must be floating: current dtype is ${p.dtype}`,
    );
  }
  checkProbabilities(p);
  return tidySync(() => rand(p.shape, { device: p.device, ...options }).lt(p).to(p.dtype));
}
