import { cat, fromTypedArray, Tensor, type TensorOptions, tidySync } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type Label, labelsOf, sortedLabels } from "./label_encoder.ts";

/** Rows [n, features] of categories. */
export type CategoryRows<L extends Label = Label> = readonly (readonly L[])[] | Tensor;

/** Options of {@linkcode OneHotEncoder}. */
export interface OneHotEncoderOptions {
  /** Handling of categories that `fit` did not see: `"error"` (default), or `"ignore"`, which encodes them as zeros. */
  readonly handleUnknown?: "error" | "ignore";
  /** Categories of each column, in order; `fit` refuses others (default: the categories that occur, sorted). */
  readonly categories?: readonly (readonly Label[])[];
  /**
   * Category of each column that gets no output column: the first one (`"first"`), or the first one of columns with two
   * categories (`"ifBinary"`). None by default.
   */
  readonly drop?: "first" | "ifBinary";
}
const ONE_HOT_ENCODER_OPTIONS: OptionKeys<OneHotEncoderOptions> = {
  handleUnknown: true,
  categories: true,
  drop: true,
};

/** State of a {@linkcode OneHotEncoder}, as plain JSON. */
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
  readonly #given: readonly (readonly Label[])[] | null;
  readonly #drop: "first" | "ifBinary" | null;
  #categories: readonly (readonly L[])[] | null = null;

  /**
   * Makes an encoder that refuses unknown categories by default.
   *
   * @throws {RangeError} If given categories repeat, or an option has an unknown value.
   */
  constructor(options?: OneHotEncoderOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { handleUnknown = "error", categories, drop } = readOptions(
      new.target.name,
      options,
      ONE_HOT_ENCODER_OPTIONS,
    );
    checkWord("handleUnknown", handleUnknown, ["error", "ignore"]);
    if (drop !== undefined) checkWord("drop", drop, ["first", "ifBinary"]);
    const repeated = categories?.find((known) => new Set(known).size < known.length || known.length === 0);
    if (repeated) {
      throw new RangeError(
        `Cannot make OneHotEncoder as the categories of a column must differ, and be one at least: current ones are ${
          JSON.stringify(repeated)
        }`,
      );
    }
    this.#ignoreUnknown = handleUnknown === "ignore";
    this.#given = categories ?? null;
    this.#drop = drop ?? null;
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
    this.#categories = this.#given === null ? table.map(sortedLabels) : this.#checked(table);
    return this;
  }

  /** Returns the given categories; throws if `table` has others that are not allowed. */
  #checked(table: readonly (readonly L[])[]): readonly (readonly L[])[] {
    const given = this.#given as readonly (readonly L[])[];
    if (given.length !== table.length) {
      throw new RangeError(
        `Cannot fit OneHotEncoder as there are categories of ${given.length} columns: ` +
          `current number of columns is ${table.length}`,
      );
    }
    for (const [i, column] of table.entries()) {
      const other = this.#ignoreUnknown ? undefined : column.find((label) => !given[i]!.includes(label));
      if (other !== undefined) throw unknownCategory(i, given[i]!, other);
    }
    return given;
  }

  /** Returns the number of leading categories of a column that get no output column. */
  #dropped(known: readonly L[]): number {
    return this.#drop === "first" || (this.#drop === "ifBinary" && known.length === 2) ? 1 : 0;
  }

  /** The number of columns that each column becomes. */
  #widths(): number[] {
    return this.categories.map((known) => known.length - this.#dropped(known));
  }

  /**
   * Rows of 0 and 1, float32 [n, categories of all columns], less those that are dropped.
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
    const widths = this.#widths(), width = widths.reduce((sum, count) => sum + count, 0);
    const hot = new Float32Array(n * width);
    let start = 0;
    for (const [column, known] of categories.entries()) {
      const codes = new Map(known.map((label, code) => [label, code - this.#dropped(known)]));
      for (const [row, label] of (columns[column] ?? []).entries()) {
        const code = codes.get(label);
        if (code === undefined && !this.#ignoreUnknown) throw unknownCategory(column, known, label);
        if (code !== undefined && code >= 0) hot[row * width + start + code] = 1;
      }
      start += widths[column]!;
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
   * The category of the largest number of each column's part; where all are 0, the category that is dropped, or null.
   *
   * @throws {RangeError} If `hot` has another width than `transform` gives.
   */
  inverseTransform(hot: Tensor): (L | null)[][] {
    const { categories } = this;
    const widths = this.#widths(), width = widths.reduce((sum, count) => sum + count, 0);
    const [n, columns] = hot.shape;
    if (hot.ndim !== 2 || columns !== width) {
      throw new RangeError(
        `Cannot invert OneHotEncoder as rows must have ${width} columns: current shape is [${
          hot.shape.join(", ")
        }]`,
      );
    }
    const data = tidySync(() => {
      const parts = hot.split(widths, 1);
      return cat(parts.map((part) => largest(part).unsqueeze(1)), 1).dataSync();
    });
    return Array.from({ length: n! }, (_, row) =>
      categories.map((known, i) => {
        const code = Number(data[row * categories.length + i]), dropped = this.#dropped(known);
        return code < 0 ? (dropped > 0 ? known[0]! : null) : known[code + dropped]!;
      }));
  }

  /** Returns the learned state, as JSON. */
  stateDict(): OneHotEncoderState<L> {
    return { categories: this.categories.map((known) => [...known]) };
  }

  /** Takes what another has learned. */
  loadStateDict({ categories }: OneHotEncoderState<L>): void {
    this.#categories = categories.map((known) => [...known]);
  }
}

/** Returns the index of the largest number in each row; -1 if all are 0. */
function largest(part: Tensor): Tensor {
  if (part.shape[1] === 0) return part.sum(1).to("int64").sub(1);
  return part.argmax(1).maskedFill(part.any(1).logicalNot(), -1);
}

function unknownCategory(column: number, known: readonly Label[], label: Label): RangeError {
  return new RangeError(
    `Cannot apply OneHotEncoder as categories of column ${column} must be among ` +
      `${JSON.stringify(known)}: current category is ${JSON.stringify(label)}`,
  );
}

function checkWord(name: string, word: string, words: readonly string[]): void {
  if (words.includes(word)) return;
  throw new RangeError(
    `Cannot make OneHotEncoder as ${name} must be ${words.join(" or ")}: current ${name} is ${word}`,
  );
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
