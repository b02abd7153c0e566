/** Results beside recorded ones. */
import { assert, assertEquals } from "@std/assert";
import { isFloating, type Tensor } from "@troodon/core";
import { fromBfloat16, toBfloat16 } from "@troodon/core/kernel";
import { dtypeOf, longOf, numberOf, type TensorRecord } from "./records.ts";

/** Tolerance of float32 results for cases recorded in float64. */
export const SINGLE = 2e-5;

/** Asserts that `actual` has shape, dtype and elements of `expected`, or else the elements of `either`. */
export type Comparison = (what: string, actual: Tensor, expected: TensorRecord, either?: TensorRecord) => void;

/** Elements may be off by `tolerance`, relative to the larger of 1 and the element; by more where float64 is float32. */
export function relative(tolerance: number, single: number = SINGLE): Comparison {
  return (what, actual, expected) => {
    compareSpecs(what, actual, expected);
    if (actual.dtype === "int64") return compareLongs(what, actual, expected);
    const narrowed = actual.dtype === "float32" && expected.dtype === "float64";
    // What PyTorch itself gives in float32, of integers, is not nearer than its rounding.
    const least = narrowed ? single : actual.dtype === "float32" ? 2 ** -21 : 0;
    const bound = Math.max(tolerance, least), values = actual.dataSync();
    expected.data.forEach((recorded, i) => {
      const exact = numberOf(recorded), found = Number(values[i]!);
      const wanted = narrowed ? toSingle(exact) : exact;
      const near = isSame(wanted, found) || Math.abs(found - wanted) <= bound * Math.max(Math.abs(wanted), 1);
      // Beyond the range of float32 lies infinity, or the largest number before it.
      const beyond = narrowed && isSame(Math.fround(exact), found);
      assert(
        beyond || near && Number.isFinite(found) === Number.isFinite(wanted),
        `element ${i} of ${what} is ${found}: PyTorch has ${wanted}`,
      );
    });
  };
}

/** Integers have no tolerance. */
function compareLongs(what: string, actual: Tensor, { data }: TensorRecord): void {
  actual.dataSync({ bigint: true }).forEach((found, i) => {
    assert(found === longOf(data[i]!), `element ${i} of ${what} is ${found}: PyTorch has ${data[i]}`);
  });
}

/** The nearest float32; what is finite stays finite. */
function toSingle(exact: number): number {
  const largest = (2 - 2 ** -23) * 2 ** 127;
  return Math.fround(Number.isFinite(exact) ? Math.max(-largest, Math.min(exact, largest)) : exact);
}

/** Bits of the fractions of the types that {@linkcode ulps} knows. */
const FRACTION: Readonly<Record<string, number>> = { float16: 10, bfloat16: 7, float32: 23 };

/** Elements may be off by `count` units in the last place of the dtype at the largest finite element. */
export function ulps(count: number): Comparison {
  return (what, actual, expected, either) => {
    compareSpecs(what, actual, expected);
    const values = [...actual.dataSync()].map(Number);
    const [first, second] = [expected, either].map((record) => record ? distance(values, record, expected.dtype) : null);
    assert(
      first!.ulps <= count || (second && second.ulps <= count),
      `element ${first!.at} of ${what} is ${values[first!.at]}: PyTorch has ${expected.data[first!.at]}, ` +
        `which is ${first!.ulps} ulps away` + (second ? `, and ${second.ulps} from float64` : ""),
    );
  };
}

/** The largest distance in ulps, and where. */
function distance(values: readonly number[], { data }: TensorRecord, dtype: string): { ulps: number; at: number } {
  // Written with six digits, which name one number of the dtype.
  const wanted = data.map((n) => roundedTo(dtype, numberOf(n))), bits = FRACTION[dtype];
  if (bits === undefined) {
    const at = wanted.findIndex((w, i) => !isSame(w, values[i]!));
    return { ulps: at < 0 ? 0 : Infinity, at: Math.max(at, 0) };
  }
  const finite = wanted.filter(Number.isFinite).map(Math.abs), largest = Math.max(0, ...finite);
  const smallest = dtype === "float16" ? 2 ** -14 : 2 ** -126;
  const ulp = 2 ** (Math.floor(Math.log2(Math.max(largest, smallest))) - bits);
  const worst = { ulps: 0, at: 0 };
  wanted.forEach((w, at) => {
    const off = isSame(w, values[at]!) ? 0 : Math.abs(values[at]! - w) / ulp;
    if (!(off <= worst.ulps)) Object.assign(worst, { ulps: Number.isNaN(off) ? Infinity : off, at });
  });
  return worst;
}

/** The number of the dtype that is nearest to `x`. */
function roundedTo(dtype: string, x: number): number {
  if (dtype === "float16") return Math.f16round(x);
  return dtype === "bfloat16" ? fromBfloat16(toBfloat16(x)) : x;
}

function compareSpecs(what: string, actual: Tensor, expected: TensorRecord): void {
  assertEquals(actual.shape, expected.shape, `shape of ${what}`);
  assertEquals(actual.dtype, dtypeOf(expected.dtype, actual.device), `dtype of ${what}`);
}

/** The same number, of whatever sign where it is 0, or both NaN. */
function isSame(a: number, b: number): boolean {
  return a === b || Object.is(a, b);
}

/** Asserts what is recorded of results that have no order of their own, as far as it is recorded: shape and dtype. */
export function compareIndices(what: string, actual: Tensor, expected: TensorRecord): void {
  assert(!isFloating(actual.dtype));
  compareSpecs(what, actual, expected);
}
