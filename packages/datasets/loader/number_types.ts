import type { DType } from "@troodon/core";
import { showArgument } from "@troodon/core/kernel";
import { isRecord } from "../collate.ts";
import { NdArray } from "../nd_array.ts";
import { isFromNumbers } from "../number_arrays.ts";

/** Dtypes that plain numbers become; each holds the numbers of those before it. */
const WIDTHS: readonly DType[] = ["int32", "int64", "float32"];

/**
 * Keeps the dtypes of the parts of batches that are made of plain numbers. The default collate chooses dtypes by the
 * values of one batch; this class keeps them the same in later batches.
 */
export class NumberTypes {
  readonly #dtypes = new Map<string, DType>();

  /** Dtypes by the paths of the parts; null if there are none. */
  get dtypes(): Readonly<Record<string, DType>> | null {
    return this.#dtypes.size === 0 ? null : Object.fromEntries(this.#dtypes);
  }

  /**
   * Takes over the dtypes of another loader.
   *
   * @throws {RangeError} If the dtypes are malformed.
   */
  load(dtypes: Readonly<Record<string, DType>>): void {
    if (!isRecord(dtypes) || !Object.values(dtypes).every((dtype) => WIDTHS.includes(dtype))) {
      throw new RangeError(
        `Cannot load the state of a DataLoader as its dtypes are malformed: they are ${showArgument(dtypes)}`,
      );
    }
    this.#dtypes.clear();
    for (const [path, dtype] of Object.entries(dtypes)) this.#dtypes.set(path, dtype);
  }

  /**
   * Returns a batch in which numbers have the dtypes that they had before; its other parts are not touched.
   *
   * @throws {TypeError} If numbers do not fit into the dtype that they had before.
   */
  settle<H>(batch: H): H {
    return this.#settled(batch, "batch") as H;
  }

  #settled(value: unknown, path: string): unknown {
    if (value instanceof NdArray) return isFromNumbers(value) ? this.#array(value, path) : value;
    if (Array.isArray(value)) {
      const items = value.map((item, i) => this.#settled(item, `${path}[${i}]`));
      return items.every((item, i) => item === value[i]) ? value : items;
    }
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).map(([key, v]) =>
      [key, this.#settled(v, `${path}.${key}`)] as const
    );
    return entries.every(([key, v]) => v === value[key]) ? value : Object.fromEntries(entries);
  }

  #array(array: NdArray, path: string): NdArray {
    const before = this.#dtypes.get(path);
    if (before === undefined) this.#dtypes.set(path, array.dtype);
    if (before === undefined || before === array.dtype) return array;
    if (WIDTHS.indexOf(array.dtype) > WIDTHS.indexOf(before)) {
      const { data } = array, fits = before === "int32" ? (x: number) => (x | 0) === x : Number.isSafeInteger;
      throw new TypeError(
        `Cannot load a batch as ${path} was ${before} in the batches before it, and now has ` +
          `${data.find((x) => !fits(x))}: return ${
            array.dtype === "int64" ? "BigInt(x)" : "Float32Array.of(x)"
          } in place of the number x, so that the dtype does not depend on the values`,
      );
    }
    const data = before === "float32" ? Float32Array.from(array.data) : Float64Array.from(array.data);
    return new NdArray(data, array.shape, before);
  }
}
