/** The discrete Fourier transform of the last axis of complex numbers [..., n, 2], without a factor. */
import { embed } from "../ops/shape/embed.ts";
import { matmul } from "../ops/linear/matmul.ts";
import { upload } from "../ops/base/upload.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./complex.ts";

/** The sign of the exponent: -1 from time to frequency, 1 back. */
export type Sign = 1 | -1;

// Transforms of up to so many numbers are one product with a matrix.
const DIRECT = 64;
// As are those of prime length up to this; longer ones are convolutions.
const PRIME = 256;

const constant = (x: Tensor, data: Float64Array, shape: Shape): Tensor => upload(x, data, shape, x.dtype);

/**
 * X[k] = sum over j of x[j] exp(sign 2 pi i j k / n), of any n: by products with
 * matrices of small factors (Cooley and Tukey, "An algorithm for the machine
 * calculation of complex Fourier series", 1965), which every backend is fast at.
 */
export function transform(x: Tensor, sign: Sign): Tensor {
  const n = x.size(-2);
  if (n <= 1) return x;
  const a = factorOf(n);
  if (a === n) return n <= PRIME ? direct(x, n, sign) : chirped(x, n, sign);
  // j = j1 b + j2, k = k1 + a k2: transforms over j1, a turn by j2 k1 / n, transforms over j2.
  const lead = x.shape.slice(0, -2), b = n / a;
  const inner = transform(x.reshape([...lead, a, b, 2]).transpose(-3, -2), sign);
  const turned = mul(inner, constant(x, turns(b, a, n, sign), [b, a, 2]));
  return transform(turned.transpose(-3, -2), sign).transpose(-3, -2).reshape([...lead, n, 2]);
}

/** The largest factor of up to {@linkcode DIRECT}, or else the smallest prime. */
function factorOf(n: number): number {
  for (let a = Math.min(n, DIRECT); a > 1; a--) if (n % a === 0) return a;
  for (let p = DIRECT + 1; p * p <= n; p++) if (n % p === 0) return p;
  return n;
}

/** exp(sign 2 pi i r c / n) in `rows` and `columns`. */
function turns(rows: number, columns: number, n: number, sign: Sign): Float64Array {
  const all = new Float64Array(rows * columns * 2);
  for (let r = 0, at = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, at += 2) {
      const angle = sign * 2 * Math.PI * ((r * c) % n) / n;
      all[at] = Math.cos(angle);
      all[at + 1] = Math.sin(angle);
    }
  }
  return all;
}

/** One product: real and imaginary parts are columns of their own. */
function direct(x: Tensor, n: number, sign: Sign): Tensor {
  const table = turns(n, n, n, sign), matrix = new Float64Array(4 * n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      const c = table[2 * (j * n + k)]!, s = table[2 * (j * n + k) + 1]!, at = 4 * j * n + 2 * k;
      matrix[at] = matrix[at + 2 * n + 1] = c;
      matrix[at + 1] = s;
      matrix[at + 2 * n] = -s;
    }
  }
  const rows = x.reshape([...x.shape.slice(0, -2), 2 * n]);
  return matmul(rows, constant(x, matrix, [2 * n, 2 * n])).reshape(x.shape);
}

/**
 * As j k = (j^2 + k^2 - (k - j)^2) / 2, a transform is a convolution with turns by
 * squares, and that is two transforms of a power of 2 (Bluestein, "A linear
 * filtering approach to the computation of discrete Fourier transform", 1970).
 */
function chirped(x: Tensor, n: number, sign: Sign): Tensor {
  const length = 2 ** Math.ceil(Math.log2(2 * n - 1)), lead = x.shape.slice(0, -2);
  const chirp = new Float64Array(2 * n), filter = new Float64Array(2 * length);
  for (let j = 0; j < n; j++) {
    // j^2 modulo 2 n, exact for any n that fits into memory.
    const angle = sign * Math.PI * ((j * j) % (2 * n)) / n;
    const re = chirp[2 * j] = Math.cos(angle), im = chirp[2 * j + 1] = Math.sin(angle);
    for (const at of j === 0 ? [0] : [j, length - j]) {
      filter[2 * at] = re;
      filter[2 * at + 1] = -im;
    }
  }
  const turn = constant(x, chirp, [n, 2]);
  const padded = embed(mul(x, turn), [...lead, length, 2], (into) => into.narrow(-2, 0, n));
  const product = mul(transform(padded, -1), transform(constant(x, filter, [length, 2]), -1));
  const convolved = transform(product, 1).narrow(-2, 0, n).div(length);
  return mul(convolved, turn);
}
