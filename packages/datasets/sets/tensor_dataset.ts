import type { Tensor } from "@troodon/core";
import { showArgument, showAsText } from "@troodon/core/kernel";
import { type BatchedDataset, checkIndex } from "../dataset.ts";
import { allocate } from "../collate.ts";
import { NdArray } from "../nd_array.ts";
import { showDataset } from "../show_dataset.ts";

/** A sample of a {@linkcode TensorDataset}: a row of each of its tensors. */
export type Rows<S extends readonly (Tensor | NdArray)[]> = { readonly [K in keyof S]: NdArray };

/**
 * Samples that are rows of tensors: sample `i` holds row `i` of each. Tensors are read to the host when the first
 * sample is asked for; changes made to them after that are not seen.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { NdArray, TensorDataset } from "@troodon/datasets";
 *
 * const x = new NdArray(new Float32Array([1, 2, 3, 4]), [2, 2]);
 * const y = new NdArray(new Int32Array([0, 1]), [2]);
 * const [row, label] = await new TensorDataset(x, y).get(1);
 * assertEquals([...row.data], [3, 4]);
 * assertEquals([...label.data], [1]);
 * ```
 */
export class TensorDataset<S extends readonly (Tensor | NdArray)[]>
  implements BatchedDataset<Rows<S>, Rows<S>> {
  /** How many rows each of the tensors has. */
  readonly length: number;
  readonly #sources: S;
  #arrays: readonly NdArray[] | null = null;

  /**
   * Puts rows side by side.
   *
   * @throws {RangeError} If there are none, or they have not equally many rows.
   */
  constructor(...sources: S) {
    const wrong = sources.find((source) =>
      !(typeof source === "object" && source !== null && "shape" in source)
    );
    if (wrong !== undefined) {
      throw new TypeError(
        `Cannot make a TensorDataset as it takes tensors: current one is ${showArgument(wrong)}${
          Array.isArray(wrong) ? ", write new TensorDataset(x, y)" : ""
        }`,
      );
    }
    const [first] = sources;
    const rows = first?.shape[0];
    if (rows === undefined || sources.some(({ shape }) => shape[0] !== rows)) {
      throw new RangeError(
        "Cannot make a TensorDataset as all tensors must have one first size: current shapes are " +
          (sources.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ") || "none"),
      );
    }
    this.length = rows;
    this.#sources = sources;
    if (sources.every((source) => source instanceof NdArray)) this.#arrays = sources;
  }

  /** Row `index` of each tensor. */
  get(index: number): Rows<S> | Promise<Rows<S>> {
    checkIndex(index, this.length);
    return this.#withArrays((arrays) => arrays.map((array) => row(array, index)) as unknown as Rows<S>);
  }

  /** Rows `indices` of each tensor. */
  getBatch(indices: ArrayLike<number>): Rows<S> | Promise<Rows<S>> {
    for (let i = 0; i < indices.length; i++) checkIndex(indices[i]!, this.length);
    return this.#withArrays((arrays) => arrays.map((array) => rows(array, indices)) as unknown as Rows<S>);
  }

  #withArrays<R>(use: (arrays: readonly NdArray[]) => R): R | Promise<R> {
    if (this.#arrays) return use(this.#arrays);
    return Promise.all(
      this.#sources.map(async (source) =>
        source instanceof NdArray ? source : new NdArray(await source.dataAsync(), source.shape, source.dtype)
      ),
    ).then((arrays) => use(this.#arrays = arrays));
  }

  /** Describes the dataset: number of rows, and shapes of its tensors. */
  toString(): string {
    return showDataset(this, { tensors: this.#sources });
  }

  static {
    showAsText(this);
  }
}

function row({ data, shape, dtype }: NdArray, index: number): NdArray {
  const size = data.length / shape[0]!;
  return new NdArray(data.subarray(index * size, (index + 1) * size), shape.slice(1), dtype);
}

function rows({ data, shape, dtype }: NdArray, indices: ArrayLike<number>): NdArray {
  const count = indices.length;
  const size = shape[0] === 0 ? 0 : data.length / shape[0]!;
  const out = allocate(dtype, count * size);
  for (let i = 0; i < count; i++) {
    const start = indices[i]! * size;
    if (size === 1) out[i] = data[start]!;
    else out.set(data.subarray(start, start + size), i * size);
  }
  return new NdArray(out, [count, ...shape.slice(1)], dtype);
}
