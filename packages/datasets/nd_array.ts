/** Arrays on the host, before they are tensors. */
import { type Device, type DType, fromTypedArray, type Tensor, type TypedArray } from "@troodon/core";
import { HostArray } from "./host_array.ts";
import { checkSurplus } from "@troodon/core/kernel";

/** The element type that a typed array stands for. */
function dtypeOf(data: TypedArray | BigInt64Array): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof BigInt64Array) return "int64";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array) return "uint8";
  if (data instanceof Float64Array) return "float64";
  // Not every engine has the class.
  if (data[Symbol.toStringTag] === "Float16Array") return "float16";
  throw new TypeError(
    `Cannot make an NdArray as its data needs a dtype: current data is a ${data.constructor.name}`,
  );
}

/**
 * A typed array with a shape, row-major: what samples and batches are made of until the loader turns a whole
 * batch into tensors.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { NdArray } from "@troodon/datasets";
 *
 * assertEquals(new NdArray(new Float32Array(6), [2, 3]).dtype, "float32");
 * assertThrows(() => new NdArray(new Float32Array(6), [4]), RangeError);
 * ```
 */
export class NdArray<A extends TypedArray | BigInt64Array = TypedArray> extends HostArray<A> {
  /** The elements, last axis fastest. */
  override readonly data: A;

  /**
   * Gives `data` a shape; nothing is copied.
   *
   * @throws {RangeError} If `shape` does not hold as many elements as `data`.
   * @throws {TypeError} If `dtype` is not given and `data` does not imply one.
   */
  constructor(data: A, shape: readonly number[], dtype?: DType) {
    checkSurplus(new.target.name, arguments, 3);
    super(data.length, shape, dtype ?? dtypeOf(data));
    this.data = data;
  }

  /** The elements as a tensor, on the default device if none is given. */
  override toTensor(device?: Device): Tensor {
    return fromTypedArray(this.data, this.shape, { dtype: this.dtype, ...(device && { device }) });
  }
}
