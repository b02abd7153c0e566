/** Antialiased resampling of bytes by a separable filter, in the fixed point of Pillow. */
import type { ResizeFilter } from "./common.ts";
import {
  columnsByKernel,
  HALF,
  PRECISION,
  type ResampleKernels,
  resampleKernels,
  rowsByKernel,
  type Taps,
} from "./resample_kernels.ts";

/** A filter of unit scale. */
export interface Filter {
  /** Distance from which the filter is zero. */
  readonly support: number;
  /** Returns the filter's weight at `x`. */
  weight(x: number): number;
}

const sinc = (x: number): number => x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
/** Weights of a Hamming window: 0.54 and 0.46, rounded to float32 as in Pillow. */
const HAMMING_MEAN: number = /* @__PURE__ */ Math.fround(0.54);
const HAMMING_WAVE: number = /* @__PURE__ */ Math.fround(0.46);

/** The filters by name. Bicubic is that of Keys (1981) with a = -1/2. */
export const FILTERS: Readonly<Record<Exclude<ResizeFilter, "nearest">, Filter>> = {
  box: { support: 0.5, weight: (x) => x > -0.5 && x <= 0.5 ? 1 : 0 },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    support: 1,
    weight: (x) =>
      Math.abs(x) < 1
        ? sinc(Math.abs(x)) * (HAMMING_MEAN + HAMMING_WAVE * Math.cos(Math.abs(x) * Math.PI))
        : 0,
  },
  bicubic: {
    support: 2,
    weight: (x) => {
      const t = Math.abs(x);
      if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
      return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
    },
  },
  lanczos: { support: 3, weight: (x) => x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0 },
};

function taps(from: number, to: number, filter: Filter): Taps {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(to), count = new Int32Array(to), weights = new Int32Array(to * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const high = Math.min(from, Math.trunc(center + support + 0.5));
    let sum = 0;
    for (let k = 0; k < high - low; k++) {
      exact[k] = filter.weight((k + low - center + 0.5) * (1 / stretch));
      sum += exact[k]!;
    }
    for (let k = 0; k < high - low; k++) {
      const weight = (sum === 0 ? exact[k]! : exact[k]! / sum) * 2 ** PRECISION;
      weights[i * stride + k] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    first[i] = low;
    count[i] = high - low;
  }
  return { first, count, weights, stride };
}

function toByte(sum: number): number {
  const value = sum >> PRECISION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Scales rows of `width` pixels to `outWidth` pixels, by WebAssembly unless `kernels` is null. */
export function resampleRows(
  data: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  channels: number,
  filter: Filter,
  kernels: ResampleKernels | null = resampleKernels(),
): Uint8Array {
  const all = taps(width, outWidth, filter), { first, count, weights, stride } = all;
  if (kernels !== null && channels <= 4) return rowsByKernel(kernels, data, { width, height, channels }, all);
  const out = new Uint8Array(outWidth * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      const start = (y * width + first[x]!) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = HALF;
        for (let k = 0; k < count[x]!; k++) sum += data[start + k * channels + c]! * weights[x * stride + k]!;
        out[to++] = toByte(sum);
      }
    }
  }
  return out;
}

/**
 * Scales columns of `height` samples, `line` of them side by side, to `outHeight` samples, by WebAssembly unless
 * `kernels` is null.
 */
export function resampleColumns(
  data: Uint8Array,
  height: number,
  line: number,
  outHeight: number,
  filter: Filter,
  kernels: ResampleKernels | null = resampleKernels(),
): Uint8Array {
  const all = taps(height, outHeight, filter), { first, count, weights, stride } = all;
  if (kernels !== null) return columnsByKernel(kernels, data, line, all);
  const out = new Uint8Array(outHeight * line);
  for (let y = 0, to = 0; y < outHeight; y++) {
    const start = first[y]! * line;
    for (let x = 0; x < line; x++) {
      let sum = HALF;
      for (let k = 0; k < count[y]!; k++) sum += data[start + k * line + x]! * weights[y * stride + k]!;
      out[to++] = toByte(sum);
    }
  }
  return out;
}
