import type { Generator } from "@troodon/core";
import { checkSurplus, showAsText } from "@troodon/core/kernel";
import { checkIndex, type Dataset } from "../dataset.ts";
import { showDataset } from "../show_dataset.ts";
import { showArgument } from "@troodon/core/kernel";
import { checkDataset } from "../check_dataset.ts";

/** Datasets side by side: in an array, or by name. */
export type DatasetStack = readonly Dataset<unknown>[] | Readonly<Record<string, Dataset<unknown>>>;

/** One sample of each. */
export type StackedSample<D extends DatasetStack> = {
  -readonly [K in keyof D]: D[K] extends Dataset<infer T> ? T : never;
};

/**
 * Datasets side by side: a sample is one of each, in an array or a record like that of the datasets.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { StackDataset } from "@troodon/datasets";
 *
 * const letter = { length: 2, get: (i: number) => "ab"[i]! };
 * const number = { length: 2, get: (i: number) => 10 * i };
 * assertEquals(new StackDataset({ letter, number }).get(1), { letter: "b", number: 10 });
 * ```
 */
export class StackDataset<D extends DatasetStack> implements Dataset<StackedSample<D>> {
  /** The datasets. */
  readonly datasets: D;
  /** How many samples each has. */
  readonly length: number;

  /**
   * Puts them side by side.
   *
   * @throws {RangeError} If there is none, or they are not equally long.
   */
  constructor(datasets: D) {
    checkSurplus(new.target.name, arguments, 1);
    if (typeof datasets !== "object" || datasets === null) {
      throw new TypeError(
        `Cannot make ${new.target.name} as datasets must be a list or by name: current ones are ${
          showArgument(datasets)
        }`,
      );
    }
    for (const dataset of Object.values(datasets)) checkDataset(new.target.name, dataset);
    const lengths = Object.values<Dataset<unknown>>(datasets).map(({ length }) => length);
    if (lengths.length === 0 || lengths.some((length) => length !== lengths[0])) {
      throw new RangeError(
        `Cannot stack datasets as they must be equally long: current lengths are ${
          lengths.join(", ") || "none"
        }`,
      );
    }
    this.datasets = datasets;
    this.length = lengths[0]!;
  }

  /** One sample of each; all of them draw from `generator`, one after the other. */
  get(index: number, generator?: Generator): StackedSample<D> | Promise<StackedSample<D>> {
    checkIndex(index, this.length);
    const names = Object.keys(this.datasets);
    const samples = Object.values<Dataset<unknown>>(this.datasets).map((dataset) =>
      dataset.get(index, generator)
    );
    const together = (all: readonly unknown[]): StackedSample<D> =>
      // Of the form that the datasets have.
      (Array.isArray(this.datasets)
        ? all
        : Object.fromEntries(names.map((name, i) => [name, all[i]]))) as StackedSample<D>;
    return samples.some((sample) => sample instanceof Promise)
      ? Promise.all(samples).then(together)
      : together(samples);
  }

  /** Describes the dataset: number of samples, and the stacked datasets. */
  toString(): string {
    return showDataset(this, { datasets: Object.values(this.datasets) });
  }

  static {
    showAsText(this);
  }
}
