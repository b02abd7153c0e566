/** Arrays on the host, whatever their elements are kept as. */
import type { Device, DType, Tensor, TypedArray } from "@troodon/core";
import { showAsText, showShape } from "@troodon/core/kernel";

/**
 * Elements with a shape, row-major, on the host: what samples and batches are made of until the loader turns a whole
 * batch into tensors. An {@linkcode NdArray} holds its elements, {@linkcode Pixels} calculate them from bytes.
 */
export abstract class HostArray<A extends TypedArray | BigInt64Array = TypedArray> {
  /** The elements, last axis fastest. */
  abstract readonly data: A;
  /** The size of each axis. */
  readonly shape: readonly number[];
  /** The type of the elements. */
  readonly dtype: DType;

  /**
   * Gives `length` elements a shape.
   *
   * @throws {RangeError} If `shape` does not hold as many elements.
   */
  constructor(length: number, shape: readonly number[], dtype: DType) {
    const size = shape.reduce((product, n) => product * n, 1);
    if (size !== length) {
      throw new RangeError(
        `Cannot make an array of shape [${shape.join(", ")}] as it needs ${size} elements: ` +
          `current data has ${length}`,
      );
    }
    this.shape = shape;
    this.dtype = dtype;
  }

  /** Its class, extents and dtype; its elements are not shown. */
  toString(): string {
    return `${this.constructor.name}(${showShape(this.shape)}, ${this.dtype})`;
  }

  static {
    showAsText(this);
  }

  /** The elements as a tensor, on the default device if none is given. */
  abstract toTensor(device?: Device): Tensor;
}
