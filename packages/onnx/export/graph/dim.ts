/** Numbers that depend on extents known only when a graph runs. */

/** A sum of products of symbols, one over it, or the root of either. */
export interface SymbolicNumber {
  /** Factors and the symbols they multiply; the constant part has none. */
  readonly terms: readonly { readonly factor: number; readonly symbols: readonly string[] }[];
  /** True if the number is one over the sum. */
  readonly inverse: boolean;
  /** True if the number is the square root of that. */
  readonly root: boolean;
}

/** The extent of a value of the graph along an axis: for numbers that no sum of products gives, as of halves. */
export interface AxisExtent {
  readonly from: string;
  readonly axis: number;
}

/** A number, or one that is known when the graph runs. */
export type Dim = number | SymbolicNumber | AxisExtent;

/** The extents of one run: the value of each symbol. */
export type Assignment = Readonly<Record<string, number>>;

/** The smallest number of samples to run with: of one alone, axes cannot be told from those that are broadcast. */
export const LEAST_SAMPLES = 2;

/** Extents to run a module with. */
export interface Assignments {
  /**
   * Runs that tell how a number depends on symbols: with every subset of them one larger, and, to see whether that was all,
   * with all of them larger still: samples by five, as they are cheap, others by two. Two alike where there are no symbols,
   * so that what differs between calls is seen.
   */
  readonly runs: readonly Assignment[];
  /**
   * Runs far from these, of which one is enough: they see extents that grow in steps. The second is for modules that take
   * no more than they were given as an example. None where the number of samples alone is open.
   */
  readonly far: readonly Assignment[];
}

/**
 * Returns the extents to run a module with.
 *
 * @param least The smallest value of each symbol.
 */
export function assignments(least: Assignment): Assignments {
  const names = Object.keys(least);
  if (names.length === 0) return { runs: [{}, {}], far: [] };
  const at = (extent: (name: string, i: number) => number): Assignment =>
    Object.fromEntries(names.map((name, i) => [name, extent(name, i)]));
  const isBatch = (name: string): boolean => least[name] === LEAST_SAMPLES;
  const subsets = Array.from(
    { length: 2 ** names.length },
    (_, bits) => at((name, i) => least[name]! + ((bits >> i) & 1)),
  );
  return {
    runs: [...subsets, at((name) => least[name]! + (isBatch(name) ? 5 : 2))],
    far: names.every(isBatch)
      ? []
      : [(n: number) => 2 * n + 1, (n: number) => (n + 1) >> 1].map((extent) =>
        at((name) => isBatch(name) ? LEAST_SAMPLES : extent(least[name]!))
      ),
  };
}

/**
 * The number that was `values` in `runs`, which begin with those of {@linkcode assignments}; null if it is no sum of products of symbols, nor
 * one over such a sum, nor a root of these.
 */
export function fit(values: readonly number[], runs: readonly Assignment[]): number | SymbolicNumber | null {
  const [first] = values;
  if (values.every((value) => Object.is(value, first))) return first!;
  for (const [inverse, root] of [[false, false], [true, false], [false, true], [true, true]] as const) {
    if (root && values.some((value) => value < 0)) break;
    const squares = root ? values.map((value) => value * value) : values;
    const given = inverse ? squares.map((value) => 1 / value) : squares;
    const terms = termsOf(given, runs);
    const fits = given.every((expected, i) =>
      Math.abs(evaluate(terms, runs[i]!) - expected) <= 1e-9 * Math.max(1, Math.abs(expected))
    );
    if (fits) return { terms, inverse, root };
  }
  return null;
}

function termsOf(values: readonly number[], runs: readonly Assignment[]): SymbolicNumber["terms"] {
  const names = Object.keys(runs[0]!), size = 2 ** names.length;
  // Differences, as all steps are 1: the coefficients of products of (symbol - least).
  const slopes = values.slice(0, size);
  names.forEach((_, i) => {
    for (let bits = 0; bits < size; bits++) if ((bits >> i) & 1) slopes[bits]! -= slopes[bits ^ (1 << i)]!;
  });
  // Multiplied out.
  names.forEach((name, i) => {
    for (let bits = 0; bits < size; bits++) {
      if ((bits >> i) & 1) slopes[bits ^ (1 << i)]! -= slopes[bits]! * runs[0]![name]!;
    }
  });
  const near = (x: number): number => Math.abs(x - Math.round(x)) < 1e-9 ? Math.round(x) : x;
  return slopes.flatMap((slope, bits) => {
    const factor = near(slope), symbols = names.filter((_, i) => (bits >> i) & 1);
    return factor === 0 ? [] : [{ factor, symbols }];
  });
}

function evaluate(terms: SymbolicNumber["terms"], at: Assignment): number {
  return terms.reduce(
    (sum, { factor, symbols }) => sum + symbols.reduce((product, s) => product * at[s]!, factor),
    0,
  );
}

/** The extent that `dim` is at some extents of the inputs; null where that takes a graph. */
export function extentAt(dim: Dim | null, at: Assignment): number | null {
  if (dim === null || typeof dim === "number") return dim;
  return "from" in dim || dim.inverse || dim.root ? null : evaluate(dim.terms, at);
}

/** The symbol that a number is, where it is nothing but one. */
export function symbolOf(dim: Dim): string | null {
  if (typeof dim === "number" || "from" in dim || dim.inverse || dim.root || dim.terms.length !== 1) {
    return null;
  }
  const [{ factor, symbols }] = dim.terms as [SymbolicNumber["terms"][number]];
  return factor === 1 && symbols.length === 1 ? symbols[0]! : null;
}
