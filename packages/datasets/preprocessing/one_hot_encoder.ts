import { cat, fromTypedArray, Tensor, type TensorOptions, tidySync } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type Label, labelsOf, sortedLabels } from "./label_encoder.ts";

/** Rows [n, features] of categories. */
export type CategoryRows<L extends Label = Label> = readonly (readonly L[])[] | Tensor;

/** Options of {@linkcode OneHotEncoder}. */
export interface OneHotEncoderOptions {
  /** What becomes of categories that `fit` did not see: `"error"` (default), or `"ignore"`, which makes zeros of them. */
  readonly handleUnknown?: "error" | "ignore";
}
const ONE_HOT_ENCODER_OPTIONS: OptionKeys<OneHotEncoderOptions> = { handleUnknown: true };

/** What {@linkcode OneHotEncoder} has learned: plain JSON. */
export interface OneHotEncoderState<L extends Label = Label> {
  /** The categories of each column, sorted. */
  readonly categories: readonly (readonly L[])[];
}

const TRANSFORM_OPTIONS: OptionKeys<Pick<TensorOptions, "device">> = { device: true };

/**
 * A column of 0 and 1 for each category of each column.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend } from "@troodon/core";
 * import { OneHotEncoder } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const encoder = new OneHotEncoder().fit([["red", 1], ["blue", 3]]);
 * const hot = encoder.transform([["blue", 1]], { device });
 * assertEquals(hot.tolist(), [[1, 0, 1, 0]]);
 * assertEquals(encoder.inverseTransform(hot), [["blue", 1]]);
 * ```
 */
export class OneHotEncoder<L extends Label = Label> {
  readonly #ignoreUnknown: boolean;
  #categories: readonly (readonly L[])[] | null = null;

  /** Refuses unknown categories by default. */
  constructor(options?: OneHotEncoderOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { handleUnknown = "error" } = readOptions(new.target.name, options, ONE_HOT_ENCODER_OPTIONS);
    this.#ignoreUnknown = handleUnknown === "ignore";
  }

  /** The categories of each column, sorted. Throws a TypeError before `fit`. */
  get categories(): readonly (readonly L[])[] {
    if (this.#categories === null) {
      throw new TypeError("Cannot use OneHotEncoder as it is not fitted: call fit() first");
    }
    return this.#categories;
  }

  /**
   * Learns which categories each column has.
   *
   * @throws {RangeError} If rows differ in length, or there are none.
   */
  fit(rows: CategoryRows<L>): this {
    const table = columnsOf(rows);
    if (table.length === 0) {
      throw new RangeError(
        "Cannot fit OneHotEncoder as there must be rows and columns: currently there are none",
      );
    }
    this.#categories = table.map(sortedLabels);
    return this;
  }

  /**
   * Rows of 0 and 1, float32 [n, categories of all columns].
   *
   * @throws {RangeError} If the number of columns is not that of `fit`, or a category is unknown.
   * @throws {TypeError} If it is not fitted.
   */
  transform(rows: CategoryRows<L>, options: Pick<TensorOptions, "device"> = {}): Tensor {
    options = readOptions("OneHotEncoder.transform()", options, TRANSFORM_OPTIONS);
    const { categories } = this;
    const columns = columnsOf(rows);
    const n = rows instanceof Tensor ? rows.shape[0]! : rows.length;
    if (n > 0 && columns.length !== categories.length) {
      throw new RangeError(
        `Cannot apply OneHotEncoder as rows must have ${categories.length} columns: ` +
          `current number is ${columns.length}`,
      );
    }
    const width = categories.reduce((sum, { length }) => sum + length, 0);
    const hot = new Float32Array(n * width);
    let start = 0;
    for (const [column, known] of categories.entries()) {
      const codes = new Map(known.map((label, code) => [label, code]));
      for (const [row, label] of (columns[column] ?? []).entries()) {
        const code = codes.get(label);
        if (code !== undefined) hot[row * width + start + code] = 1;
        else if (!this.#ignoreUnknown) {
          throw new RangeError(
            `Cannot apply OneHotEncoder as categories of column ${column} must be among ` +
              `${JSON.stringify(known)}: current category is ${JSON.stringify(label)}`,
          );
        }
      }
      start += known.length;
    }
    const device = rows instanceof Tensor ? { device: rows.device } : {};
    return fromTypedArray(hot, [n, width], { ...device, ...options });
  }

  /** {@linkcode fit} and {@linkcode transform}. */
  fitTransform(rows: CategoryRows<L>, options: Pick<TensorOptions, "device"> = {}): Tensor {
    options = readOptions("OneHotEncoder.fitTransform()", options, TRANSFORM_OPTIONS);
    return this.fit(rows).transform(rows, options);
  }

  /**
   * The category of the largest number of each column's part; null where all are 0.
   *
   * @throws {RangeError} If `hot` has another width than `transform` gives.
   */
  inverseTransform(hot: Tensor): (L | null)[][] {
    const { categories } = this;
    const width = categories.reduce((sum, { length }) => sum + length, 0);
    const [n, columns] = hot.shape;
    if (hot.ndim !== 2 || columns !== width) {
      throw new RangeError(
        `Cannot invert OneHotEncoder as rows must have ${width} columns: current shape is [${
          hot.shape.join(", ")
        }]`,
      );
    }
    const data = tidySync(() => {
      const parts = hot.split(categories.map(({ length }) => length), 1);
      return cat(
        parts.map((part) => part.argmax(1).maskedFill(part.any(1).logicalNot(), -1).unsqueeze(1)),
        1,
      ).dataSync();
    });
    return Array.from(
      { length: n! },
      (_, row) => categories.map((known, i) => known[Number(data[row * categories.length + i])] ?? null),
    );
  }

  /** What it has learned, as JSON. */
  stateDict(): OneHotEncoderState<L> {
    return { categories: this.categories.map((known) => [...known]) };
  }

  /** Takes what another has learned. */
  loadStateDict({ categories }: OneHotEncoderState<L>): void {
    this.#categories = categories.map((known) => [...known]);
  }
}

/** Rows as columns. */
function columnsOf<L extends Label>(rows: CategoryRows<L>): readonly (readonly L[])[] {
  if (rows instanceof Tensor) {
    if (rows.ndim !== 2) {
      throw new RangeError(
        `Cannot apply OneHotEncoder as rows must have the shape [n, features]: current shape is [${
          rows.shape.join(", ")
        }]`,
      );
    }
    const [n, features] = rows.shape as [number, number];
    const data = labelsOf<L>(rows);
    return Array.from(
      { length: n > 0 ? features : 0 },
      (_, i) => data.filter((_, at) => at % features === i),
    );
  }
  const [first] = rows;
  const odd = rows.find(({ length }) => length !== first!.length);
  if (odd) {
    throw new RangeError(
      `Cannot apply OneHotEncoder as rows must be equally long: current lengths are ${
        first!.length
      } and ${odd.length}`,
    );
  }
  return Array.from({ length: first?.length ?? 0 }, (_, i) => rows.map((row) => row[i]!));
}
