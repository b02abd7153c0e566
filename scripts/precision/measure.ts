/** How far scalar functions of a backend are from float64. */
import type { Backend, ScalarFunction } from "@troodon/core";
import { ARITY, body, expr, FLOAT64, SCALAR_FUNCTIONS } from "@troodon/core/kernel";

/** The worst that was found of one function. */
export interface Precision {
  readonly fn: ScalarFunction;
  /** Largest error in units of the last place of the exact result; a rounded result has up to 0.5. */
  readonly ulp: number;
  /** The arguments there. */
  readonly at: readonly number[];
  /** Results that are NaN where they should not be, or the reverse. */
  readonly wrong: number;
}

/** Those that calculate with bits: not with floating numbers. */
const ON_BITS: ReadonlySet<ScalarFunction> = new Set(["and", "or", "xor", "not", "shiftLeft", "shiftRight"]);

/** Their exact results come close to 0 where they cancel: errors are in units of 1 there. */
export const CANCELLING: ReadonlySet<ScalarFunction> = new Set(["logaddexp"]);

/** Functions that are measured. */
export const MEASURED: readonly ScalarFunction[] = SCALAR_FUNCTIONS.filter((fn) => !ON_BITS.has(fn));

/** What each function is tried with: the number of points. */
export const POINTS: number = 2 ** 17;

const SMALLEST_NORMAL = 2 ** -126;

// Below, what is calculated on the way becomes subnormal, which GPUs may take for 0.
const SMALLEST_ARGUMENT = 2 ** -100;

/**
 * Half of them evenly among floats by their bits, so that every size occurs
 * equally often; the others evenly in [-10, 10], and around 1.
 */
function samples(seed: number): Float32Array {
  const golden = 0.6180339887498949;
  const bits = new Uint32Array(1), float = new Float32Array(bits.buffer);
  return Float32Array.from({ length: POINTS }, (_, i) => {
    const u = ((i + 1) * seed * golden) % 1;
    switch (i % 4) {
      case 0:
        return 20 * u - 10;
      case 1:
        return 1 + (2 * u - 1) * 2 ** -(i % 24);
    }
    bits[0] = Math.floor(u * 2 ** 32);
    const x = float[0]!;
    return Math.abs(x) >= SMALLEST_ARGUMENT && Math.abs(x) < Infinity ? x : u;
  });
}

/** Distance of neighboring floats at `x`. */
function unit(x: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(x), SMALLEST_NORMAL)));
  return 2 ** (Math.min(exponent, 127) - 23);
}

/** Overflow is as wrong as the largest float is far away. */
const finite = (x: number): number => Math.abs(x) === Infinity ? Math.sign(x) * 2 ** 128 : x;

/** The error of `y` in units of the last place of the exact result; NaN where one of them alone is a number. */
export function errorOf(fn: ScalarFunction, y: number, exact: number): number {
  if (Object.is(y, exact) || y === exact) return 0;
  const x = Math.abs(exact) > 2 ** 128 ? Math.sign(exact) * 2 ** 128 : exact;
  // Subnormal results may be 0.
  if (Math.abs(x) < SMALLEST_NORMAL && Math.abs(y) <= SMALLEST_NORMAL) return 0;
  return Math.abs(x - finite(y)) / unit(CANCELLING.has(fn) ? Math.max(Math.abs(x), 1) : x);
}

/** Measures every function in float32. */
export async function measurePrecision(backend: Backend): Promise<Precision[]> {
  const columns = [samples(1), samples(7), samples(31)], shape = [POINTS];
  const view = (buffer: object) => ({ buffer, dtype: "float32" as const, shape, strides: [1], offset: 0 });
  const inputs = columns.map((column) => {
    const buffer = backend.allocate(column.byteLength);
    backend.write(buffer, new Uint8Array(column.buffer));
    return view(buffer);
  });
  const output = view(backend.allocate(4 * POINTS));
  const found: Precision[] = [];
  for (const fn of MEASURED) {
    const args = Array.from({ length: ARITY[fn] }, (_, i) => expr.input(i));
    const program = body(expr.call(fn, ...args));
    backend.launch(
      { kernel: "map", body: program, compute: "float32", scalars: [], shape },
      inputs.slice(0, args.length),
      [output],
    );
    const results = new Float32Array((await backend.read(output.buffer)).slice().buffer);
    found.push(worst(fn, columns.slice(0, args.length), results));
  }
  for (const { buffer } of [...inputs, output]) backend.release(buffer);
  return found;
}

function worst(fn: ScalarFunction, columns: readonly Float32Array[], results: Float32Array): Precision {
  let ulp = 0, at: readonly number[] = [], wrong = 0;
  for (let i = 0; i < POINTS; i++) {
    const args = columns.map((column) => column[i]!);
    const error = errorOf(fn, results[i]!, FLOAT64[fn](...args));
    if (Number.isNaN(error)) wrong++;
    if (error > ulp) [ulp, at] = [error, args];
  }
  return { fn, ulp, at, wrong };
}
