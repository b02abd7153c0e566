import { defaultGenerator, fromTypedArray, Generator, Tensor, tidySync } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type Label, labelsOf, sortedLabels } from "./label_encoder.ts";

/** What {@linkcode trainTestSplit} cuts: a tensor along its first axis, or an array. */
export type Splittable = Tensor | readonly unknown[];

/** Two parts of each of `S`. */
export type TrainTestParts<S extends readonly unknown[]> = S extends readonly [infer A, ...infer Rest]
  ? [A, A, ...TrainTestParts<Rest>]
  : [];

/** Options of {@linkcode trainTestSplit}. */
export interface TrainTestSplitOptions {
  /** Size of the second part: a number of rows, or below 1 a share of them, rounded up. What is left, or a quarter, by default. */
  readonly testSize?: number;
  /** Size of the first part, likewise, rounded down. What is left by default. */
  readonly trainSize?: number;
  /** Shuffle the rows first (default). */
  readonly shuffle?: boolean;
  /** The class of each row: both parts get as large a share of every class. */
  readonly stratify?: readonly Label[] | Tensor;
  /** Makes the same split again; the default generator is used without it. */
  readonly seed?: number;
}
const TRAIN_TEST_SPLIT_OPTIONS: OptionKeys<TrainTestSplitOptions> = {
  testSize: true,
  trainSize: true,
  shuffle: true,
  stratify: true,
  seed: true,
};

/**
 * Cuts rows into a part to train on and one to test with: `[xTrain, xTest, yTrain, yTest, ...]`.
 *
 * @param sources Tensors or arrays of equally many rows.
 * @throws {RangeError} If lengths differ, sizes do not fit, a part would be empty, or a class is too small to share.
 * @throws {TypeError} If `stratify` is asked for without `shuffle`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arange, Device, ReferenceBackend } from "@troodon/core";
 * import { trainTestSplit } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = arange(0, 8, 1, { device });
 * const y = ["a", "b", "a", "b", "a", "b", "a", "b"];
 * const [xTrain, xTest, yTrain, yTest] = trainTestSplit([x, y], { testSize: 0.25, stratify: y, seed: 1 });
 * assertEquals([xTrain.shape, xTest.shape], [[6], [2]]);
 * assertEquals(yTest.toSorted(), ["a", "b"]);
 * assertEquals(yTrain.length, 6);
 * ```
 */
export function trainTestSplit<const S extends readonly [Splittable, ...Splittable[]]>(
  sources: S,
  options: TrainTestSplitOptions = {},
): TrainTestParts<MutableParts<S>> {
  options = readOptions("trainTestSplit()", options, TRAIN_TEST_SPLIT_OPTIONS);
  const lengths = sources.map(lengthOf);
  const n = lengths[0]!;
  if (lengths.some((length) => length !== n)) {
    throw new RangeError(
      `Cannot apply trainTestSplit() as all must have equally many rows: current numbers are ${
        lengths.join(", ")
      }`,
    );
  }
  const { shuffle = true, stratify, seed } = options;
  const [trainSize, testSize] = sizes(n, options);
  const generator = seed === undefined ? defaultGenerator() : new Generator(seed);
  let order: Int32Array;
  if (stratify !== undefined) {
    if (!shuffle) {
      throw new TypeError(
        "Cannot apply trainTestSplit() as stratify needs shuffle: current shuffle is false",
      );
    }
    order = stratifiedOrder(labelsOf(stratify), { n, trainSize, testSize, generator });
  } else if (shuffle) order = generator.permutation(n);
  else order = Int32Array.from({ length: trainSize + testSize }, (_, i) => i);
  // A shuffled order begins with the test part: a longer train part is then another part of the same order.
  const [train, test] = shuffle
    ? [order.subarray(testSize, testSize + trainSize), order.subarray(0, testSize)]
    : [order.subarray(0, trainSize), order.subarray(trainSize, trainSize + testSize)];
  return sources.flatMap((source) => [take(source, train), take(source, test)]) as TrainTestParts<
    MutableParts<S>
  >;
}

/** `S` without `readonly`, and arrays of literals as arrays. */
export type MutableParts<S extends readonly unknown[]> = {
  -readonly [K in keyof S]: S[K] extends readonly (infer T)[] ? T[] : S[K];
};

function lengthOf(source: Splittable): number {
  return source instanceof Tensor ? source.shape[0] ?? 0 : source.length;
}

function take(source: Splittable, indices: Int32Array): Splittable {
  if (!(source instanceof Tensor)) return Array.from(indices, (i) => source[i]);
  const { device } = source;
  return tidySync(() => source.indexSelect(0, fromTypedArray(indices, [indices.length], { device })));
}

/** How many rows each part gets, by scikit-learn's rounding. */
function sizes(n: number, { testSize, trainSize }: TrainTestSplitOptions): [train: number, test: number] {
  const rows = (name: string, size: number, round: (x: number) => number): number => {
    const share = size > 0 && size < 1;
    if (!share && !(Number.isInteger(size) && size > 0)) {
      throw new RangeError(
        `Cannot apply trainTestSplit() as ${name} must be a positive integer or between 0 and 1: current ${name} is ${size}`,
      );
    }
    // A share of 0.1 of 10 rows is one row, though 0.1 is a little more than a tenth.
    return share ? round(Number((size * n).toPrecision(12))) : size;
  };
  const test = testSize !== undefined
    ? rows("testSize", testSize, Math.ceil)
    : trainSize === undefined
    ? Math.ceil(n / 4)
    : null;
  const train = trainSize !== undefined ? rows("trainSize", trainSize, Math.floor) : n - test!;
  const both: [number, number] = [train, test ?? n - train];
  if (both[0] < 1 || both[1] < 1 || both[0] + both[1] > n) {
    throw new RangeError(
      `Cannot apply trainTestSplit() to ${n} rows as both parts must have some: ` +
        `current sizes are ${both[0]} and ${both[1]}`,
    );
  }
  return both;
}

interface Shares {
  readonly n: number;
  readonly trainSize: number;
  readonly testSize: number;
  readonly generator: Generator;
}

/** An order in which the first `testSize` rows, and the `trainSize` after them, have each class's share. */
function stratifiedOrder(
  labels: readonly Label[],
  { n, trainSize, testSize, generator }: Shares,
): Int32Array {
  if (labels.length !== n) {
    throw new RangeError(
      `Cannot apply trainTestSplit() as stratify must have ${n} labels: current number is ${labels.length}`,
    );
  }
  const rows = new Map<Label, number[]>(sortedLabels(labels).map((label) => [label, []]));
  for (const i of generator.permutation(n)) rows.get(labels[i]!)!.push(i);
  const groups = [...rows.values()];
  const smallest = Math.min(...groups.map(({ length }) => length));
  if (smallest < 2 || groups.length > Math.min(trainSize, testSize)) {
    throw new RangeError(
      `Cannot apply trainTestSplit() as both parts must have all classes: current number of classes is ${groups.length}, ` +
        `the smallest has ${smallest} rows, the parts have ${trainSize} and ${testSize}`,
    );
  }
  const tests = apportion(groups.map(({ length }) => length), testSize);
  const trains = apportion(groups.map(({ length }, i) => length - tests[i]!), trainSize);
  const test = groups.flatMap((group, i) => group.slice(0, tests[i]));
  const train = groups.flatMap((group, i) => group.slice(tests[i], tests[i]! + trains[i]!));
  const shuffled = (part: number[]) => Array.from(generator.permutation(part.length), (i) => part[i]!);
  return Int32Array.from([...shuffled(test), ...shuffled(train)]);
}

/** Deals `total` out in proportion to `counts`: what is left after rounding down goes to the largest remainders. */
function apportion(counts: readonly number[], total: number): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  const exact = counts.map((count) => count * total / sum);
  const dealt = exact.map(Math.floor);
  const left = total - dealt.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((value, i) => [value - dealt[i]!, i] as const).sort((a, b) => b[0] - a[0]);
  for (const [, i] of byRemainder.slice(0, left)) dealt[i]!++;
  return dealt;
}
