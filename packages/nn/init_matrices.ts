/** Weights drawn and laid out on the host: the same on every device. */
import { noGrad } from "@troodon/autograd";
import { fromTypedArray, type Generator, type Tensor, tidySync } from "@troodon/core";
import { showShape } from "@troodon/core/kernel";

function fill(t: Tensor, values: Float64Array): Tensor {
  using _ = noGrad();
  return tidySync(() => t.copy_(fromTypedArray(values, t.shape, { device: t.device, dtype: t.dtype })));
}

function checkAxes(op: string, t: Tensor, fits: boolean, wanted: string): void {
  if (fits) return;
  throw new RangeError(
    `Cannot apply ${op}() as there must be ${wanted} axes: current shape is ${showShape(t.shape)}`,
  );
}

/** The identity matrix: as much of the input as possible passes. `t` has two axes. */
export function eye_(t: Tensor): Tensor {
  checkAxes("eye_", t, t.ndim === 2, "two");
  const [rows, columns] = t.shape as readonly [number, number], values = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return fill(t, values);
}

/**
 * The Dirac delta for the window of a convolution: as many channels as possible pass.
 *
 * @param t [out, in / groups, ...window] with one to three axes of the window.
 * @param groups Groups of channels, a divisor of `out`; 1 by default.
 */
export function dirac_(t: Tensor, groups = 1): Tensor {
  checkAxes("dirac_", t, t.ndim >= 3 && t.ndim <= 5, "three to five");
  const [out, inputs, ...window] = t.shape as [number, number, ...number[]];
  if (out % groups !== 0) {
    throw new RangeError(`Cannot apply dirac_() as groups must divide ${out}: current number is ${groups}`);
  }
  const taps = window.reduce((n, k) => n * k, 1), each = out / groups;
  const middle = window.reduce((at, k) => at * k + Math.floor(k / 2), 0);
  const values = new Float64Array(t.numel());
  for (let o = 0; o < out; o++) {
    const i = o % each;
    if (i < inputs) values[(o * inputs + i) * taps + middle] = 1;
  }
  return fill(t, values);
}

/**
 * Normal draws, and in each column so much of it, rounded up, 0 (Martens 2010).
 *
 * @param t [rows, columns]
 * @param sparsity Part of each column that is 0.
 */
export function sparse_(t: Tensor, sparsity: number, std = 0.01): Tensor {
  checkAxes("sparse_", t, t.ndim === 2, "two");
  if (!(sparsity >= 0 && sparsity <= 1 && std >= 0)) {
    throw new RangeError(
      `Cannot apply sparse_() as sparsity must be from 0 to 1, and std not negative: current ones are ${sparsity} and ${std}`,
    );
  }
  const [rows, columns] = t.shape as readonly [number, number], { generator } = t.device;
  const values = Float64Array.from({ length: rows * columns }, () => std * generator.normal());
  const zeros = Math.ceil(sparsity * rows);
  for (let column = 0; column < columns; column++) {
    for (const row of generator.permutation(rows).subarray(0, zeros)) values[row * columns + column] = 0;
  }
  return fill(t, values);
}

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, times `gain` (Saxe et al. 2013, arXiv:1312.6120);
 * all axes behind the first count as one.
 */
export function orthogonal_(t: Tensor, gain = 1): Tensor {
  checkAxes("orthogonal_", t, t.ndim >= 2, "two or more");
  const rows = t.shape[0]!, columns = rows === 0 ? 0 : t.numel() / rows;
  const vectors = orthonormal(Math.min(rows, columns), Math.max(rows, columns), t.device.generator);
  const values = new Float64Array(t.numel());
  vectors.forEach((vector, k) =>
    vector.forEach((x, i) => values[rows <= columns ? k * columns + i : i * columns + k] = gain * x)
  );
  return fill(t, values);
}

/** `count` orthonormal vectors: normal draws by the method of Gram and Schmidt, the triangle's diagonal above 0. */
function orthonormal(count: number, length: number, generator: Generator): Float64Array[] {
  const found: Float64Array[] = [];
  while (found.length < count) {
    const vector = Float64Array.from({ length }, () => generator.normal());
    // Twice is enough (Parlett 1980).
    for (let pass = 0; pass < 2; pass++) {
      for (const other of found) {
        let product = 0;
        for (let i = 0; i < length; i++) product += vector[i]! * other[i]!;
        for (let i = 0; i < length; i++) vector[i] = vector[i]! - product * other[i]!;
      }
    }
    const norm = Math.hypot(...chunked(vector));
    found.push(vector.map((x) => x / norm));
  }
  return found;
}

/** Roots of sums of squares, few enough for a call. */
function chunked(vector: Float64Array): number[] {
  const roots: number[] = [];
  for (let i = 0; i < vector.length; i += 1024) roots.push(Math.hypot(...vector.subarray(i, i + 1024)));
  return roots;
}

/** Normal draws of those within [low, high] alone. */
export function truncNormal_(t: Tensor, mean = 0, std = 1, low = -2, high = 2): Tensor {
  const [a, b] = [(low - mean) / std, (high - mean) / std];
  if (!(std > 0 && a < b)) {
    throw new RangeError(
      `Cannot apply truncNormal_() as std must be above 0, and low below high: current std is ${std}, bounds are ` +
        `${low} and ${high}`,
    );
  }
  // Bounds beyond nine standard deviations are never reached: draw on the device without checks.
  if (a <= -9 && b >= 9) {
    using _ = noGrad();
    return t.normal_(mean, std);
  }
  const { generator } = t.device;
  return fill(t, Float64Array.from({ length: t.numel() }, () => mean + std * truncated(a, b, generator)));
}

/** A standard normal draw within [a, b]: others are drawn again, where there are few of them; else even draws are thinned out. */
function truncated(a: number, b: number, generator: Generator): number {
  if (a <= 0 && b >= 0 && b - a > 2) {
    for (;;) {
      const x = generator.normal();
      if (x >= a && x <= b) return x;
    }
  }
  // The density is highest at the point nearest to 0, and next to nothing 9 deviations beyond.
  const peak = Math.min(Math.max(0, a), b), [from, to] = [Math.max(a, peak - 9), Math.min(b, peak + 9)];
  for (;;) {
    const x = from + (to - from) * generator.random();
    if (generator.random() < Math.exp((peak * peak - x * x) / 2)) return x;
  }
}
