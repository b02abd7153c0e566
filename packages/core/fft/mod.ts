/**
 * Discrete Fourier transforms, as `torch.fft`. There is no complex dtype: complex
 * numbers are pairs of real ones in a last axis [..., 2], as `torch.view_as_real`
 * has them, and `dim` does not count that axis. Transforms of any length are made
 * of matrix products: they run on every device without waiting for it, and are
 * differentiable any number of times.
 *
 * @module
 */
import { embed } from "../ops/shape/embed.ts";
import { cat } from "../ops/shape/cat.ts";
import { roll } from "../ops/shape/flip.ts";
import { tidySync } from "../scope.ts";
import { normalizeAxes, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkComplex, checkReal, complex, conj } from "./complex.ts";
import { type Sign, transform } from "./transform.ts";
import { called } from "../ops/base/called.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { showArgument } from "../call_forms.ts";
import { checkCall } from "../tensor/check_call.ts";

export { abs, complex, conj, mul } from "./complex.ts";
export { fftfreq, type FrequencyOptions, rfftfreq } from "./frequencies.ts";

/** By what results are divided: "backward" n on the way back, "forward" n on the way there, "ortho" the root of n on both. */
export type FftNorm = "backward" | "forward" | "ortho";

/** Options of transforms along one axis. */
export interface FftOptions {
  /** How many numbers are transformed: those behind are left out, missing ones are 0. */
  readonly n?: number;
  /** Along which axis; the last by default. */
  readonly dim?: number;
  /** "backward" by default. */
  readonly norm?: FftNorm;
}
const FFT_OPTIONS: OptionKeys<FftOptions> = { n: true, dim: true, norm: true };

/** Options of transforms along several axes. */
export interface FftnOptions {
  /** How many numbers along each of the axes, as `n` for one. */
  readonly s?: readonly number[];
  /** Along which axes. */
  readonly dim?: readonly number[];
  /** "backward" by default. */
  readonly norm?: FftNorm;
}
const FFTN_OPTIONS: OptionKeys<FftnOptions> = { s: true, dim: true, norm: true };

function checkLength(op: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`Cannot apply ${op}() as n must be an integer from 1: current n is ${n}`);
  }
}

/** The first `n` positions of an axis, with zeros behind if there are fewer. */
function resized(x: Tensor, axis: number, n: number): Tensor {
  const own = x.size(axis);
  if (own >= n) return own === n ? x : x.narrow(axis, 0, n);
  return embed(x, x.shape.with(axis, n), (into) => into.narrow(axis, 0, own));
}

/** A transform of complex numbers along one axis, and its factor. */
function along(op: string, x: Tensor, sign: Sign, { n, dim = -1, norm = "backward" }: FftOptions): Tensor {
  checkComplex(op, x);
  const axis = normalizeAxis(op, dim, x.ndim - 1), length = n ?? x.shape[axis]!;
  checkLength(op, length);
  return called(op, [x], () => {
    const last = x.ndim - 2, whole = resized(x, axis, length);
    const y = transform(axis === last ? whole : whole.transpose(axis, last), sign);
    const back = axis === last ? y : y.transpose(axis, last);
    const scaled = norm === "ortho" ? Math.sqrt(length) : (norm === "backward") === (sign === 1) ? length : 1;
    // A transform of length 1 changes nothing: clone, because `back` is a view of `x`.
    return scaled !== 1 ? back.div(scaled) : length === 1 ? back.clone() : back;
  });
}

/**
 * From time to frequency: X[k] = sum over j of x[j] exp(-2 pi i j k / n), of complex numbers [..., n, 2].
 *
 * @throws {RangeError} If the last axis holds no pairs.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Device, fft, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = fft.complex(tensor([1, 2, 3, 4], { device })), y = fft.fft(x);
 * assert(y.allclose(tensor([[10, 0], [-2, 2], [-2, 0], [-2, -2]], { device }), { atol: 1e-5 }));
 * assert(fft.ifft(y).allclose(x, { atol: 1e-6 }));
 * ```
 */
export function fft(x: Tensor, options: FftOptions = {}): Tensor {
  checkCall("fft", arguments, "x.");
  options = readOptions("fft()", options, FFT_OPTIONS);
  return along("fft", x, -1, options);
}

/** From frequency to time: the inverse of {@linkcode fft}. */
export function ifft(x: Tensor, options: FftOptions = {}): Tensor {
  checkCall("ifft", arguments, "x.");
  options = readOptions("ifft()", options, FFT_OPTIONS);
  return along("ifft", x, 1, options);
}

/** {@linkcode fft} of real numbers [..., n]: [..., n / 2 + 1, 2], as the other half are conjugates of this. */
export function rfft(x: Tensor, options: FftOptions = {}): Tensor {
  checkCall("rfft", arguments, "x.");
  options = readOptions("rfft()", options, FFT_OPTIONS);
  checkReal("rfft", x);
  const axis = normalizeAxis("rfft", options.dim ?? -1, x.ndim);
  return called("rfft", [x], () => {
    const whole = along("rfft", complex(x), -1, { ...options, dim: axis });
    return whole.narrow(axis, 0, Math.floor(whole.size(axis) / 2) + 1);
  });
}

/**
 * The inverse of {@linkcode rfft}: from [..., n / 2 + 1, 2] to real numbers [..., n].
 *
 * @param options `n` is twice the number of frequencies less 2 by default: give it where it is odd.
 */
export function irfft(x: Tensor, options?: FftOptions): Tensor {
  checkCall("irfft", arguments, "x.");
  const { n, dim = -1, norm = "backward" } = readOptions("irfft()", options, FFT_OPTIONS);
  checkComplex("irfft", x);
  const axis = normalizeAxis("irfft", dim, x.ndim - 1), length = n ?? 2 * (x.shape[axis]! - 1);
  checkLength("irfft", length);
  return called("irfft", [x], () => {
    const half = resized(x, axis, Math.floor(length / 2) + 1), others = length - half.size(axis);
    const mirrored = conj(half.narrow(axis, 1, others).flip(axis));
    const whole = others === 0 ? half : cat([half, mirrored], axis);
    return along("irfft", whole, 1, { dim: axis, norm }).select(-1, 0);
  });
}

/** Axes and lengths of a transform along several axes. */
function axesOf(
  op: string,
  rank: number,
  { s, dim }: FftnOptions,
): { axes: number[]; lengths: readonly (number | undefined)[] } {
  const dims = dim ?? Array.from({ length: s?.length ?? rank }, (_, i) => i - (s?.length ?? rank));
  if (!Array.isArray(dims)) {
    throw new TypeError(
      `Cannot apply ${op}() as dim must be a list of axes: current dim is ${showArgument(dims)}`,
    );
  }
  normalizeAxes(op, dims, rank);
  if (s !== undefined && s.length !== dims.length) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be a length for each dim: current s has ${s.length}, dim ${dims.length}`,
    );
  }
  return { axes: dims.map((d) => normalizeAxis(op, d, rank)), lengths: dims.map((_, i) => s?.[i]) };
}

const named = (n: number | undefined, dim: number, norm: FftNorm | undefined): FftOptions => ({
  ...(n !== undefined && { n }),
  ...(norm !== undefined && { norm }),
  dim,
});

/** {@linkcode fft} along several axes, all of them if none are given. */
export function fftn(x: Tensor, options: FftnOptions = {}): Tensor {
  checkCall("fftn", arguments, "x.");
  options = readOptions("fftn()", options, FFTN_OPTIONS);
  return several("fftn", x, -1, options);
}

/** The inverse of {@linkcode fftn}. */
export function ifftn(x: Tensor, options: FftnOptions = {}): Tensor {
  checkCall("ifftn", arguments, "x.");
  options = readOptions("ifftn()", options, FFTN_OPTIONS);
  return several("ifftn", x, 1, options);
}

function several(op: string, x: Tensor, sign: Sign, options: FftnOptions): Tensor {
  checkComplex(op, x);
  const { axes, lengths } = axesOf(op, x.ndim - 1, options);
  return tidySync(() =>
    axes.length === 0
      ? x.clone()
      : axes.reduce((t, axis, i) => along(op, t, sign, named(lengths[i], axis, options.norm)), x)
  );
}

/** {@linkcode rfft} along the last of several axes, and {@linkcode fft} along the others. */
export function rfftn(x: Tensor, options: FftnOptions = {}): Tensor {
  checkCall("rfftn", arguments, "x.");
  options = readOptions("rfftn()", options, FFTN_OPTIONS);
  const { axes, lengths } = axesOf("rfftn", x.ndim, options), last = axes.length - 1;
  return called("rfftn", [x], () => {
    const half = rfft(x, named(lengths[last], axes[last]!, options.norm));
    return axes.slice(0, -1).reduce((t, axis, i) => fft(t, named(lengths[i], axis, options.norm)), half);
  });
}

/** The inverse of {@linkcode rfftn}. */
export function irfftn(x: Tensor, options: FftnOptions = {}): Tensor {
  checkCall("irfftn", arguments, "x.");
  options = readOptions("irfftn()", options, FFTN_OPTIONS);
  checkComplex("irfftn", x);
  const { axes, lengths } = axesOf("irfftn", x.ndim - 1, options), last = axes.length - 1;
  return called("irfftn", [x], () => {
    const half = axes.slice(0, -1).reduce(
      (t, axis, i) => ifft(t, named(lengths[i], axis, options.norm)),
      x.alias(),
    );
    return irfft(half, named(lengths[last], axes[last]!, options.norm));
  });
}

const PLANE: FftnOptions = { dim: [-2, -1] };

/** {@linkcode fft} of planes [..., m, n, 2]. */
export function fft2(x: Tensor, options: FftnOptions = {}): Tensor {
  checkCall("fft2", arguments, "x.");
  options = readOptions("fft2()", options, FFTN_OPTIONS);
  return fftn(x, { ...PLANE, ...options });
}

/** The inverse of {@linkcode fft2}. */
export function ifft2(x: Tensor, options: FftnOptions = {}): Tensor {
  checkCall("ifft2", arguments, "x.");
  options = readOptions("ifft2()", options, FFTN_OPTIONS);
  return ifftn(x, { ...PLANE, ...options });
}

/** {@linkcode fft2} of real planes [..., m, n]: [..., m, n / 2 + 1, 2]. */
export function rfft2(x: Tensor, options: FftnOptions = {}): Tensor {
  checkCall("rfft2", arguments, "x.");
  options = readOptions("rfft2()", options, FFTN_OPTIONS);
  return rfftn(x, { ...PLANE, ...options });
}

/** The inverse of {@linkcode rfft2}. */
export function irfft2(x: Tensor, options: FftnOptions = {}): Tensor {
  checkCall("irfft2", arguments, "x.");
  options = readOptions("irfft2()", options, FFTN_OPTIONS);
  return irfftn(x, { ...PLANE, ...options });
}

/** Frequency 0 brought to the middle of the axes `dim`, all of them if none are given; pairs count as an axis where there are some. */
export function fftshift(x: Tensor, dim?: number | readonly number[]): Tensor {
  checkCall("fftshift", arguments, "x.");
  const axes = normalizeAxes("fftshift", dim, x.ndim);
  return roll(x, axes.map((axis) => Math.floor(x.shape[axis]! / 2)), axes);
}

/** The inverse of {@linkcode fftshift}. */
export function ifftshift(x: Tensor, dim?: number | readonly number[]): Tensor {
  checkCall("ifftshift", arguments, "x.");
  const axes = normalizeAxes("ifftshift", dim, x.ndim);
  return roll(x, axes.map((axis) => -Math.floor(x.shape[axis]! / 2)), axes);
}
