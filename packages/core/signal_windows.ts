/** Windows that signals are multiplied by before they are transformed. */
import { fromTypedArray, type TensorOptions } from "./creation.ts";
import type { Tensor } from "./tensor.ts";
import { type OptionKeys, readOptions } from "./options.ts";
import { checkCall } from "./tensor/check_call.ts";

/** Options of {@linkcode hannWindow} and its like. */
export interface SignalWindowOptions extends TensorOptions {
  /** Whether the window is one period of a function, as transforms want it, rather than symmetric; true by default. */
  readonly periodic?: boolean;
}
const SIGNAL_WINDOW_OPTIONS: OptionKeys<SignalWindowOptions> = {
  periodic: true,
  dtype: true,
  device: true,
  requiresGrad: true,
};

/** Options of {@linkcode hammingWindow}. */
export interface HammingWindowOptions extends SignalWindowOptions {
  /** The mean of the window; 0.54 by default. */
  readonly alpha?: number;
  /** Weight of the cosine; 0.46 by default. */
  readonly beta?: number;
}
const HAMMING_WINDOW_OPTIONS: OptionKeys<HammingWindowOptions> = {
  dtype: true,
  device: true,
  requiresGrad: true,
  alpha: true,
  beta: true,
  periodic: true,
};

/** Options of {@linkcode kaiserWindow}. */
export interface KaiserWindowOptions extends SignalWindowOptions {
  /** Shape parameter: the window gets narrower as it grows; 12 by default. */
  readonly beta?: number;
}
const KAISER_WINDOW_OPTIONS: OptionKeys<KaiserWindowOptions> = {
  periodic: true,
  beta: true,
  dtype: true,
  device: true,
  requiresGrad: true,
};

/** A window of the values of `f` at 0 to 1, of which a periodic one leaves the last out. */
function made(
  name: string,
  length: number,
  { periodic = true, ...options }: SignalWindowOptions,
  f: (at: number) => number,
): Tensor {
  if (!Number.isInteger(length) || length < 0) {
    throw new RangeError(
      `Cannot apply ${name}() as the length must be a whole number from 0 on: current length is ${length}`,
    );
  }
  const steps = periodic ? length : length - 1;
  const values = Float64Array.from({ length }, (_, i) => length === 1 ? 1 : f(i / steps));
  const { device, dtype = "float32", requiresGrad = false } = options;
  return fromTypedArray(values, [length], { ...(device && { device }), dtype, requiresGrad });
}

/** cos(2 pi k at) */
const wave = (at: number, k = 1): number => Math.cos(2 * Math.PI * k * at);

/** The Hann window of a length: (1 - cos(2 pi i / length)) / 2. */
export function hannWindow(length: number, options: SignalWindowOptions = {}): Tensor {
  checkCall("hannWindow", arguments, "d.");
  options = readOptions("hannWindow()", options, SIGNAL_WINDOW_OPTIONS);
  return made("hannWindow", length, options, (at) => 0.5 - 0.5 * wave(at));
}

/** The Hamming window of a length: alpha - beta cos(2 pi i / length). */
export function hammingWindow(length: number, options: HammingWindowOptions = {}): Tensor {
  checkCall("hammingWindow", arguments, "d.");
  options = readOptions("hammingWindow()", options, HAMMING_WINDOW_OPTIONS);
  const { alpha = 0.54, beta = 0.46, ...rest } = options;
  return made("hammingWindow", length, rest, (at) => alpha - beta * wave(at));
}

/** The Blackman window of a length: 0.42 - 0.5 cos(2 pi i / length) + 0.08 cos(4 pi i / length). */
export function blackmanWindow(length: number, options: SignalWindowOptions = {}): Tensor {
  checkCall("blackmanWindow", arguments, "d.");
  options = readOptions("blackmanWindow()", options, SIGNAL_WINDOW_OPTIONS);
  return made("blackmanWindow", length, options, (at) => 0.42 - 0.5 * wave(at) + 0.08 * wave(at, 2));
}

/** The Bartlett window of a length, a triangle: 1 - |2 i / length - 1|. */
export function bartlettWindow(length: number, options: SignalWindowOptions = {}): Tensor {
  checkCall("bartlettWindow", arguments, "d.");
  options = readOptions("bartlettWindow()", options, SIGNAL_WINDOW_OPTIONS);
  return made("bartlettWindow", length, options, (at) => 1 - Math.abs(2 * at - 1));
}

/** The Kaiser window of a length: I0(beta sqrt(1 - (2 i / length - 1)^2)) / I0(beta), with the Bessel function I0. */
export function kaiserWindow(length: number, options: KaiserWindowOptions = {}): Tensor {
  checkCall("kaiserWindow", arguments, "d.");
  options = readOptions("kaiserWindow()", options, KAISER_WINDOW_OPTIONS);
  const { beta = 12, ...rest } = options;
  return made(
    "kaiserWindow",
    length,
    rest,
    (at) => bessel(beta * Math.sqrt(1 - (2 * at - 1) ** 2)) / bessel(beta),
  );
}

/** The modified Bessel function I0, by its power series: all terms are positive. */
function bessel(x: number): number {
  let sum = 1, term = 1;
  for (let k = 1; term > sum * 1e-17; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}
