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

/**
 * The runs that tell how a number depends on symbols: with every subset of them one larger, and, to see whether that was
 * all, with all of them larger still: samples by five, as they are cheap, others by two.
 *
 * @param least The smallest value of each symbol.
 */
export function assignments(least: Assignment): Assignment[] {
  const names = Object.keys(least);
  const subsets = Array.from(
    { length: 2 ** names.length },
    (_, bits) => Object.fromEntries(names.map((name, i) => [name, least[name]! + ((bits >> i) & 1)])),
  );
  const check = Object.fromEntries(
    names.map((name) => [name, least[name]! + (least[name] === LEAST_SAMPLES ? 5 : 2)]),
  );
  return names.length === 0 ? subsets : [...subsets, check];
}

/**
 * The number that was `values` in the runs of {@linkcode assignments}; null if it is no sum of products of symbols, nor
 * one over such a sum, nor a root of these.
 */
export function fit(values: readonly number[], runs: readonly Assignment[]): number | SymbolicNumber | null {
  const [first] = values;
  if (values.every((value) => Object.is(value, first))) return first!;
  for (const [inverse, root] of [[false, false], [true, false], [false, true], [true, true]] as const) {
    if (root && values.some((value) => value < 0)) break;
    const squares = root ? values.map((value) => value * value) : values;
    const given = inverse ? squares.map((value) => 1 / value) : squares;
    const terms = termsOf(given, runs), at = runs.at(-1)!;
    const expected = given.at(-1)!;
    if (Math.abs(evaluate(terms, at) - expected) <= 1e-9 * Math.max(1, Math.abs(expected))) {
      return { terms, inverse, root };
    }
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

/** The symbol that a number is, where it is nothing but one. */
export function symbolOf(dim: Dim): string | null {
  if (typeof dim === "number" || "from" in dim || dim.inverse || dim.root || dim.terms.length !== 1) {
    return null;
  }
  const [{ factor, symbols }] = dim.terms as [SymbolicNumber["terms"][number]];
  return factor === 1 && symbols.length === 1 ? symbols[0]! : null;
}
