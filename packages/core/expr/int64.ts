/** Exact arithmetic of int64: what every scalar function means for bigints that wrap around at 2^63. */
import { FLOAT64, SCALAR_FUNCTIONS, type ScalarFunction } from "./functions.ts";

/** A function of bigints. */
type BigFunction = (...args: bigint[]) => bigint;

const LEAST = -(2n ** 63n), GREATEST = 2n ** 63n - 1n;

/** Truncates toward zero; out of range to the nearest int64, NaN to 0. */
export function toInt64(x: number): bigint {
  if (x >= 2 ** 63) return GREATEST;
  if (x <= -(2 ** 63)) return LEAST;
  return Number.isNaN(x) ? 0n : BigInt(Math.trunc(x));
}

const wrap = (x: bigint): bigint => BigInt.asIntN(64, x);

const truth = (x: boolean): bigint => x ? 1n : 0n;

const magnitude = (x: bigint): bigint => x < 0n ? -x : x;

function remainder(a: bigint, b: bigint): bigint {
  const r = a % b;
  return r !== 0n && r < 0n !== b < 0n ? r + b : r;
}

/** a to the b modulo 2^64, by squaring; below 0 only powers of 1 and -1 are integers. */
function power(a: bigint, b: bigint): bigint {
  if (b < 0n) return a === 1n ? 1n : a === -1n ? (b & 1n ? -1n : 1n) : 0n;
  let result = 1n;
  for (let base = a, rest = b; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = wrap(result * base);
    base = wrap(base * base);
  }
  return result;
}

const same: BigFunction = (a) => a!;

/** Int64 meaning where it is not the float64 one truncated: arithmetic wraps, dividing by 0 gives 0. */
const OWN: Readonly<Partial<Record<ScalarFunction, BigFunction>>> = {
  add: (a, b) => wrap(a! + b!),
  sub: (a, b) => wrap(a! - b!),
  mul: (a, b) => wrap(a! * b!),
  div: (a, b) => b === 0n ? 0n : wrap(a! / b!),
  floorDiv: (a, b) => b === 0n ? 0n : wrap((a! - remainder(a!, b!)) / b!),
  fmod: (a, b) => b === 0n ? 0n : a! % b!,
  remainder: (a, b) => b === 0n ? 0n : remainder(a!, b!),
  min: (a, b) => a! < b! ? a! : b!,
  max: (a, b) => a! > b! ? a! : b!,
  less: (a, b) => truth(a! < b!),
  lessEqual: (a, b) => truth(a! <= b!),
  equal: (a, b) => truth(a === b),
  notEqual: (a, b) => truth(a !== b),
  where: (c, a, b) => c !== 0n ? a! : b!,
  neg: (a) => wrap(-a!),
  abs: (a) => wrap(magnitude(a!)),
  sign: (a) => a! > 0n ? 1n : a! < 0n ? -1n : 0n,
  floor: same,
  ceil: same,
  round: same,
  trunc: same,
  isNan: () => 0n,
  pow: (a, b) => power(a!, b!),
  and: (a, b) => a! & b!,
  or: (a, b) => a! | b!,
  xor: (a, b) => a! ^ b!,
  not: (a) => ~a!,
  // Shifts by less than 0 count as such by all bits, as PyTorch has it.
  shiftLeft: (a, b) => b! >= 0n && b! < 64n ? wrap(a! << b!) : 0n,
  shiftRight: (a, b) => a! >> (b! >= 0n && b! < 63n ? b! : 63n),
};

/** Int64 meaning of every function of int64 arguments. */
export const INT64: Readonly<Record<ScalarFunction, (...args: bigint[]) => bigint>> = Object.fromEntries(
  SCALAR_FUNCTIONS.map((
    fn,
  ) => [fn, OWN[fn] ?? ((...args: bigint[]) => toInt64(FLOAT64[fn](...args.map(Number))))]),
) as Record<ScalarFunction, BigFunction>;
