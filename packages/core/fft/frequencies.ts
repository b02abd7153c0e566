/** The frequencies that the numbers of a transform stand for. */
import { fromTypedArray, type TensorOptions } from "../creation.ts";
import type { Tensor } from "../tensor.ts";
import { type OptionKeys, readOptions } from "../options.ts";

/** Options of {@linkcode fftfreq} and {@linkcode rfftfreq}. */
export interface FrequencyOptions extends TensorOptions {
  /** The time from one sample to the next; 1 by default. */
  readonly d?: number;
}
const FREQUENCY_OPTIONS: OptionKeys<FrequencyOptions> = {
  d: true,
  dtype: true,
  device: true,
  requiresGrad: true,
};

/** The frequencies of `fft()` of `n` samples, in cycles per unit of time: 0 and up, then the negative ones. */
export function fftfreq(n: number, options: FrequencyOptions = {}): Tensor {
  options = readOptions("fftfreq()", options, FREQUENCY_OPTIONS);
  return frequencies(n, n, options, (i) => i < n / 2 ? i : i - n);
}

/** The frequencies of `rfft()` of `n` samples, in cycles per unit of time. */
export function rfftfreq(n: number, options: FrequencyOptions = {}): Tensor {
  options = readOptions("rfftfreq()", options, FREQUENCY_OPTIONS);
  return frequencies(n, Math.floor(n / 2) + 1, options, (i) => i);
}

function frequencies(
  n: number,
  count: number,
  { d = 1, dtype = "float32", ...options }: FrequencyOptions,
  cycles: (i: number) => number,
): Tensor {
  return fromTypedArray(Float64Array.from({ length: count }, (_, i) => cycles(i) / (n * d)), [count], {
    ...options,
    dtype,
  });
}
