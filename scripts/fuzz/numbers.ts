/** Elements of tensors created by programs: few digits, so that they are exact in every dtype. */
import type { Generator } from "@troodon/core";
import type { MakeStatement } from "./program.ts";

/** Shape, dtype and range of the elements of a tensor. */
export interface Filling {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Letter of a domain in signatures. */
  readonly domain?: string | undefined;
  /** Range of integers, inclusive. */
  readonly range?: readonly [low: number, high: number] | undefined;
  /** If true, may contain infinities and NaN. */
  readonly wild?: boolean;
}

type Make = MakeStatement["make"];

const FLOATS: ReadonlySet<string> = new Set(["float32", "float64", "float16", "bfloat16"]);

/** Returns true if a dtype is floating. */
export const isFloat = (dtype: string): boolean => FLOATS.has(dtype);

/** Range of numerators, and the denominator, of the numbers of a domain. */
const DOMAINS: Readonly<Record<string, readonly [low: number, high: number, scale: number]>> = {
  // Excludes 0, where functions have kinks; it is drawn among the special values.
  "": [-40, 40, 8],
  "+": [1, 40, 8],
  "u": [1, 31, 32],
  "1": [-31, 31, 32],
  "g": [9, 40, 8],
};

/** Creates a tensor with elements that depend on the state of the generator. */
export function fill(generator: Generator, { shape, dtype, domain, range, wild = false }: Filling): Make {
  const count = shape.reduce((n, extent) => n * extent, 1);
  const between = (low: number, high: number) => low + generator.integer(high - low + 1);
  if (range !== undefined) {
    const [low, high] = range;
    return { shape, dtype, data: Array.from({ length: count }, () => high < low ? low : between(low, high)) };
  }
  if (dtype === "bool") return { shape, dtype, data: Array.from({ length: count }, () => between(0, 1)) };
  if (domain === "m") return { shape, dtype, data: positiveDefinite(generator, shape) };
  if (!isFloat(dtype)) {
    const low = dtype === "uint8" || domain === "+" ? 1 : -5;
    const data = Array.from({ length: count }, () => between(low, 9));
    return { shape, dtype, data: domain === "s" ? sorted(data, shape) : data };
  }
  const [low, high, scale] = DOMAINS[domain ?? ""] ?? DOMAINS[""]!;
  const data = distinct(generator, count, low, high);
  if (domain === "s") return { shape, dtype, data: sorted(data, shape), scale };
  if (!wild || count === 0) return { shape, dtype, data, scale };
  const strange = ["inf", "-inf", "nan", 0, 0][generator.integer(5)]!;
  return { shape, dtype, data: data.with(generator.integer(count), strange as number), scale };
}

/** Returns integers that are distinct as long as the range allows. */
function distinct(generator: Generator, count: number, low: number, high: number): number[] {
  const found: number[] = [];
  while (found.length < count) {
    const all = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((n) => n !== 0);
    for (let i = all.length - 1; i > 0; i--) {
      const j = generator.integer(i + 1);
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    found.push(...all.slice(0, count - found.length));
  }
  return found;
}

/** Sorts each row in ascending order. */
function sorted(data: readonly number[], shape: readonly number[]): number[] {
  const width = shape.at(-1) ?? 1, rows: number[] = [];
  for (let i = 0; i < data.length; i += width) rows.push(...data.slice(i, i + width).sort((a, b) => a - b));
  return rows;
}

/** Returns B Bᵀ + n I with small integers, for each matrix. */
function positiveDefinite(generator: Generator, shape: readonly number[]): number[] {
  const n = shape.at(-1) ?? 1, count = shape.reduce((a, b) => a * b, 1), data: number[] = [];
  while (data.length < count) {
    const b = Array.from({ length: n * n }, () => generator.integer(5) - 2);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = i === j ? n + i : 0;
        for (let k = 0; k < n; k++) sum += b[i * n + k]! * b[j * n + k]!;
        data.push(sum);
      }
    }
  }
  return data;
}
