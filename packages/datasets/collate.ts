/** Samples to batches, and batches to tensors. */
import { type Device, type DType, stack, Tensor, type TypedArray } from "@troodon/core";
import { bytesOf, hasFloat16Array, sameShape, typedView } from "@troodon/core/kernel";
import { HostArray } from "./host_array.ts";
import { Image } from "./image.ts";
import { NdArray } from "./nd_array.ts";
import { fromNumbers } from "./number_arrays.ts";
import { Pixels, stackPixels } from "./pixels.ts";
import { type AnyTypedArray, isTypedArray, type NarrowArray, vectorOf } from "./typed_arrays.ts";

/** An array of elements of any kind. */
type AnyArray = HostArray<TypedArray | BigInt64Array>;

/** Values that batches list unchanged. */
export type Leaf = string | symbol | null | undefined;

/** Result of {@linkcode collate} for samples `T`, with arrays in place of tensors. */
export type HostBatch<T> = T extends Tensor ? Tensor
  : T extends bigint | BigInt64Array | BigUint64Array ? HostArray<BigInt64Array>
  : T extends HostArray<infer A> ? HostArray<A>
  : T extends Image | TypedArray | NarrowArray | number | boolean ? HostArray
  : T extends Leaf ? T[]
  : T extends object ? { -readonly [K in keyof T]: HostBatch<T[K]> }
  : T[];

/** A batch once its arrays are tensors. */
export type WithTensors<H> = H extends HostArray<TypedArray | BigInt64Array> | AnyTypedArray | Tensor ? Tensor
  : H extends Leaf | number | boolean ? H
  : H extends object ? { -readonly [K in keyof H]: WithTensors<H[K]> }
  : H;

/** A zeroed array of numbers for `length` elements of `dtype`. */
export function allocate(dtype: DType, length: number): TypedArray {
  if (dtype === "float16" && !hasFloat16Array()) return new Float32Array(length);
  return dtype === "int64"
    ? new Float64Array(length)
    : typedView(dtype, new Uint8Array(length * bytesOf(dtype)));
}

/** Returns true for plain objects. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function stackArrays(arrays: readonly AnyArray[]): AnyArray {
  const { shape, dtype } = arrays[0]!;
  for (const array of arrays) {
    if (array.dtype !== dtype) {
      throw new TypeError(
        `Cannot collate samples as all must have one dtype: current dtypes are ${dtype} and ${array.dtype}`,
      );
    }
    if (!sameShape(array.shape, shape)) {
      throw new RangeError(
        `Cannot collate samples as all must have one shape: current shapes are [${shape.join(", ")}] and [${
          array.shape.join(", ")
        }]`,
      );
    }
  }
  const pixels = arrays.every((array) => array instanceof Pixels) ? stackPixels(arrays) : null;
  return pixels ?? new NdArray(joined(arrays), [arrays.length, ...shape], dtype);
}

/** The elements of arrays of one dtype and length, one array after the other. */
function joined(arrays: readonly AnyArray[]): TypedArray | BigInt64Array {
  const { dtype, data: { length } } = arrays[0]!;
  if (arrays.some(({ data }) => data instanceof BigInt64Array)) {
    const out = new BigInt64Array(length * arrays.length);
    arrays.forEach(({ data }, i) => {
      out.set(data instanceof BigInt64Array ? data : BigInt64Array.from(data, BigInt), i * length);
    });
    return out;
  }
  const out = allocate(dtype, length * arrays.length);
  arrays.forEach(({ data }, i) => data instanceof BigInt64Array || out.set(data, i * length));
  return out;
}

function imageToArray(image: Image): NdArray {
  return new NdArray(image.planes(), [image.channels, image.height, image.width]);
}

function collateNumbers(numbers: readonly number[]): NdArray {
  const shape = [numbers.length];
  if (numbers.every((x) => (x | 0) === x)) return fromNumbers(new NdArray(Int32Array.from(numbers), shape));
  if (numbers.every(Number.isSafeInteger)) {
    return fromNumbers(new NdArray(Float64Array.from(numbers), shape, "int64"));
  }
  return fromNumbers(new NdArray(Float32Array.from(numbers), shape));
}

function collateBigints(bigints: readonly bigint[]): AnyArray {
  const wide = bigints.find((x) => BigInt.asIntN(64, x) !== x);
  if (wide === undefined) return new NdArray(BigInt64Array.from(bigints), [bigints.length]);
  throw new RangeError(`Cannot collate samples as bigints must fit into int64: current one is ${wide}`);
}

/** All of `values`, if `is` holds for each; an error if it holds for some alone. */
function all<V>(
  values: readonly unknown[],
  is: (value: unknown) => value is V,
  kind: string,
): readonly V[] | null {
  if (!is(values[0])) return null;
  if (values.every(is)) return values;
  throw new TypeError(
    `Cannot collate samples as all must be of one kind: the first is ${kind}, another is not`,
  );
}

function collateValues(values: readonly unknown[]): unknown {
  const instance = <V>(type: abstract new (...args: never[]) => V) => (v: unknown): v is V =>
    v instanceof type;
  const arrays = all(values, instance(HostArray), "an array on the host");
  if (arrays) return stackArrays(arrays);
  const numbers = all(values, (v) => typeof v === "number", "a number");
  if (numbers) return collateNumbers(numbers);
  const bigints = all(values, (v) => typeof v === "bigint", "a bigint");
  if (bigints) return collateBigints(bigints);
  const tensors = all(values, instance(Tensor), "a tensor");
  if (tensors) return stack(tensors);
  const images = all(values, instance(Image), "an Image");
  if (images) return stackArrays(images.map(imageToArray));
  const typed = all(values, isTypedArray, "a typed array");
  if (typed) return stackArrays(typed.map(vectorOf));
  const booleans = all(values, (v) => typeof v === "boolean", "a boolean");
  if (booleans) return new NdArray(Uint8Array.from(booleans, Number), [booleans.length], "bool");
  const lists = all(values, (v) => Array.isArray(v), "an array");
  if (lists) {
    const { length } = lists[0]!;
    if (lists.some((list) => list.length !== length)) {
      throw new RangeError("Cannot collate samples as all arrays in them must be equally long");
    }
    return Array.from({ length }, (_, i) => collateValues(lists.map((list) => list[i])));
  }
  const records = all(values, isRecord, "a record");
  if (records) {
    return Object.fromEntries(
      Object.keys(records[0]!).map((key) => [key, collateValues(records.map((record) => record[key]))]),
    );
  }
  return values;
}

/**
 * Makes one batch of samples, as PyTorch's `default_collate` does: arrays and tensors are stacked along a new first
 * axis; images become `uint8` with channels first; typed arrays get the dtype that holds all values of their type
 * (`Int8Array`, `Int16Array` and `Uint16Array` `int32`, `Uint32Array` `int64`); bigints become `int64`, numbers `int32`
 * if all are whole, `int64` if some of these are beyond it, else `float32` (give a `Float32Array.of(x)` where the type
 * must not depend on the values); booleans become `bool`; arrays and records
 * are collated position by position and key by key; everything else is listed.
 *
 * @throws {RangeError} If there are no samples, or shapes differ.
 * @throws {TypeError} If samples are of several kinds or dtypes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { collate } from "@troodon/datasets";
 *
 * const { x, name } = collate([{ x: 1.5, name: "a" }, { x: 2, name: "b" }]);
 * assertEquals([x.dtype, ...x.data], ["float32", 1.5, 2]);
 * assertEquals(name, ["a", "b"]);
 * ```
 */
export function collate<T>(samples: readonly T[]): HostBatch<T> {
  if (samples.length === 0) throw new RangeError("Cannot collate samples as there must be one at least");
  return collateValues(samples) as HostBatch<T>;
}

/** Turns the arrays in a batch into tensors on `device`; a typed array becomes a vector. */
export function withTensors<H>(batch: H, device: Device | undefined): WithTensors<H> {
  const convert = (value: unknown): unknown => {
    if (value instanceof HostArray) return value.toTensor(device);
    if (isTypedArray(value)) return vectorOf(value).toTensor(device);
    if (Array.isArray(value)) return value.map(convert);
    if (isRecord(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, convert(v)]));
    }
    return value;
  };
  return convert(batch) as WithTensors<H>;
}

/** Disposes of the tensors in a batch. */
export function disposeTensors(batch: unknown): void {
  if (batch instanceof Tensor) batch.dispose();
  else if (Array.isArray(batch)) batch.forEach(disposeTensors);
  else if (isRecord(batch)) Object.values(batch).forEach(disposeTensors);
}

/** Lets `using` free the tensors of a batch, which must be an object. */
export function disposable<B>(batch: B): B & Disposable {
  if (batch instanceof Tensor) return batch;
  if (typeof batch !== "object" || batch === null || !Object.isExtensible(batch)) {
    throw new TypeError("Cannot load a batch as collate must return a tensor, an array or a record");
  }
  return Object.defineProperty(batch, Symbol.dispose, { value: () => disposeTensors(batch) }) as
    & B
    & Disposable;
}
