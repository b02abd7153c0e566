/** The closed list of scalar functions, and what each means. */
import { erf, erfc } from "./error_function.ts";

/** Every scalar function with its number of arguments. */
export const ARITY = {
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  min: 2,
  max: 2,
  less: 2,
  lessEqual: 2,
  equal: 2,
  notEqual: 2,
  where: 3,
  neg: 1,
  abs: 1,
  sign: 1,
  floor: 1,
  ceil: 1,
  round: 1,
  trunc: 1,
  sqrt: 1,
  rsqrt: 1,
  reciprocal: 1,
  exp: 1,
  exp2: 1,
  expm1: 1,
  log: 1,
  log2: 1,
  log10: 1,
  log1p: 1,
  sin: 1,
  cos: 1,
  tan: 1,
  asin: 1,
  acos: 1,
  atan: 1,
  atan2: 2,
  sinh: 1,
  cosh: 1,
  tanh: 1,
  asinh: 1,
  acosh: 1,
  atanh: 1,
  sigmoid: 1,
  softplus: 1,
  erf: 1,
  erfc: 1,
  pow: 2,
  hypot: 2,
  logaddexp: 2,
  fmod: 2,
  remainder: 2,
  floorDiv: 2,
  isNan: 1,
  and: 2,
  or: 2,
  xor: 2,
  not: 1,
  shiftLeft: 2,
  shiftRight: 2,
} as const;

/** Name of a scalar function. */
export type ScalarFunction = keyof typeof ARITY;

/** Names of all scalar functions. */
export const SCALAR_FUNCTIONS: readonly ScalarFunction[] = Object.keys(ARITY) as ScalarFunction[];

/** Functions of two arguments that may change places. */
export const COMMUTATIVE: ReadonlySet<ScalarFunction> = new Set<ScalarFunction>([
  "add",
  "mul",
  "min",
  "max",
  "equal",
  "notEqual",
  "hypot",
  "logaddexp",
  "and",
  "or",
  "xor",
]);

/** A function of numbers. */
type NumberFunction = (...args: number[]) => number;

/** Half to even, as IEEE 754 and PyTorch round. */
function round(x: number): number {
  return Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}

function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function logaddexp(a: number, b: number): number {
  // The difference of equal infinities is NaN.
  return a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** C's pow, which knows 1 to any power, and -1 to an infinite one, to be 1. */
function pow(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b);
}

function remainder(a: number, b: number): number {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
}

/** floor(a / b) where the rounding of a / b may have reached the next integer. */
function floorDiv(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) quotient--;
  return quotient === 0 ? 0 * (a / b) : round(quotient);
}

/** Truncates toward zero; out of range to the nearest int32, NaN to 0. */
export function toInt32(x: number): number {
  return x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : x | 0;
}

/** Float64 meaning of every function; those on bits take the int32 that their arguments truncate to. */
export const FLOAT64: Readonly<Record<ScalarFunction, (...args: number[]) => number>> = {
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  mul: (a, b) => a! * b!,
  div: (a, b) => a! / b!,
  min: (a, b) => Math.min(a!, b!),
  max: (a, b) => Math.max(a!, b!),
  less: (a, b) => Number(a! < b!),
  lessEqual: (a, b) => Number(a! <= b!),
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(a !== b),
  where: (c, a, b) => c !== 0 ? a! : b!,
  neg: (a) => -a!,
  abs: Math.abs,
  sign: (a) => Number(a! > 0) - Number(a! < 0),
  floor: Math.floor,
  ceil: Math.ceil,
  round: (a) => round(a!),
  trunc: Math.trunc,
  sqrt: Math.sqrt,
  rsqrt: (a) => 1 / Math.sqrt(a!),
  reciprocal: (a) => 1 / a!,
  exp: Math.exp,
  exp2: (a) => 2 ** a!,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: (a, b) => Math.atan2(a!, b!),
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  sigmoid: (a) => sigmoid(a!),
  softplus: (a) => softplus(a!),
  erf: (a) => erf(a!),
  erfc: (a) => erfc(a!),
  pow: (a, b) => pow(a!, b!),
  hypot: (a, b) => Math.hypot(a!, b!),
  logaddexp: (a, b) => logaddexp(a!, b!),
  fmod: (a, b) => a! % b!,
  remainder: (a, b) => remainder(a!, b!),
  floorDiv: (a, b) => floorDiv(a!, b!),
  isNan: (a) => Number(Number.isNaN(a)),
  and: (a, b) => toInt32(a!) & toInt32(b!),
  or: (a, b) => toInt32(a!) | toInt32(b!),
  xor: (a, b) => toInt32(a!) ^ toInt32(b!),
  not: (a) => ~toInt32(a!),
  shiftLeft: (a, b) => toInt32(a!) << toInt32(b!),
  shiftRight: (a, b) => toInt32(a!) >> toInt32(b!),
};

/** a to the b modulo 2^32, by squaring; below 0 only powers of 1 and -1 are integers. */
function intPow(a: number, b: number): number {
  if (b < 0) return a === 1 ? 1 : a === -1 ? (b & 1 ? -1 : 1) : 0;
  let result = 1;
  for (let base = a, rest = b; rest > 0; rest >>= 1) {
    if (rest & 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
  }
  return result;
}

const whole: NumberFunction = (a) => a!;

/** Int32 meaning where it is not the float64 one truncated: arithmetic wraps, dividing by 0 gives 0. */
const INT32_OWN: Readonly<Partial<Record<ScalarFunction, NumberFunction>>> = {
  add: (a, b) => (a! + b!) | 0,
  sub: (a, b) => (a! - b!) | 0,
  mul: (a, b) => Math.imul(a!, b!),
  div: (a, b) => b === 0 ? 0 : (a! / b!) | 0,
  floorDiv: (a, b) => b === 0 ? 0 : Math.floor(a! / b!) | 0,
  fmod: (a, b) => b === 0 ? 0 : (a! % b!) | 0,
  remainder: (a, b) => b === 0 ? 0 : remainder(a!, b!) | 0,
  neg: (a) => -a! | 0,
  abs: (a) => Math.abs(a!) | 0,
  floor: whole,
  ceil: whole,
  round: whole,
  trunc: whole,
  pow: (a, b) => intPow(a!, b!),
};

/** Int32 meaning of every function of int32 arguments. */
export const INT32: Readonly<Record<ScalarFunction, (...args: number[]) => number>> = Object.fromEntries(
  SCALAR_FUNCTIONS.map((fn) => [fn, INT32_OWN[fn] ?? ((...args: number[]) => toInt32(FLOAT64[fn](...args)))]),
) as Record<ScalarFunction, NumberFunction>;
