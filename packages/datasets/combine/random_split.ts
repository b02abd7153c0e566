import { defaultGenerator } from "@troodon/core";
import { readOptions } from "@troodon/core/kernel";
import type { Dataset } from "../dataset.ts";
import type { RandomOrderOptions } from "../loader/samplers.ts";
import { Subset } from "./subset.ts";
import { RANDOM_ORDER_OPTIONS } from "../loader/samplers.ts";
import { checkDataset, checkList } from "../check_dataset.ts";

/** Fractions to lengths: rounded down, and what is left is dealt out from the first on, as PyTorch does. */
function toLengths(fractions: readonly number[], total: number): number[] {
  const lengths = fractions.map((fraction) => Math.floor(fraction * total));
  const left = total - lengths.reduce((a, b) => a + b, 0);
  for (let i = 0; i < left; i++) lengths[i % lengths.length]!++;
  return lengths;
}

/**
 * Cuts a dataset into parts at random, without overlap.
 *
 * @param dataset What to cut.
 * @param lengths How many samples each part gets, or fractions that add up to 1.
 * @throws {RangeError} If the lengths do not add up to the dataset's, nor to 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { randomSplit } from "@troodon/datasets";
 *
 * const dataset = { length: 10, get: (i: number) => i };
 * const [train, test] = randomSplit(dataset, [0.8, 0.2]);
 * assertEquals([train!.length, test!.length], [8, 2]);
 * ```
 */
export function randomSplit<T>(
  dataset: Dataset<T>,
  lengths: readonly number[],
  options: RandomOrderOptions = {},
): Subset<T>[] {
  options = readOptions("randomSplit()", options, RANDOM_ORDER_OPTIONS);
  checkDataset("a Subset by randomSplit()", dataset);
  checkList("a Subset by randomSplit()", "lengths", lengths);
  const sum = lengths.reduce((a, b) => a + b, 0);
  const valid = lengths.length > 0 && lengths.every((n) => n >= 0);
  const fractions = valid && Math.abs(sum - 1) < 1e-9 && lengths.every((n) => n <= 1) &&
    sum !== dataset.length;
  if (!valid || (!fractions && (sum !== dataset.length || !lengths.every(Number.isInteger)))) {
    throw new RangeError(
      `Cannot split ${dataset.length} samples as lengths must add up to ${dataset.length} or to 1: ` +
        `current lengths are [${lengths.join(", ")}]`,
    );
  }
  const order = (options.generator ?? defaultGenerator()).permutation(dataset.length);
  let start = 0;
  return (fractions ? toLengths(lengths, dataset.length) : lengths).map((length) =>
    new Subset(dataset, order.subarray(start, start += length))
  );
}
