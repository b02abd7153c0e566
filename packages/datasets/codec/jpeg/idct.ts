/** The inverse cosine transform of Loeffler, Ligtenberg and Moschytz (1989) in the fixed point of libjpeg. */

const BITS = 13;
const PASS = 2;
const fix = (x: number): number => Math.round(x * 2 ** BITS);
const F0298 = fix(0.298631336), F0390 = fix(0.390180644), F0541 = fix(0.541196100), F0765 = fix(0.765366865);
const F0899 = fix(0.899976223), F1175 = fix(1.175875602), F1501 = fix(1.501321110), F1847 = fix(1.847759065);
const F1961 = fix(1.961570560), F2053 = fix(2.053119869), F2562 = fix(2.562915447), F3072 = fix(3.072711026);

// libjpeg-turbo adds in 16 bits and saturates each pass to 16 bits, which matters only in damaged files.
const wrapped = (x: number): number => x << 16 >> 16;
const limited = (x: number): number => x > 32767 ? 32767 : x < -32768 ? -32768 : x;

/** Transforms eight numbers, `step` apart, to sums that are shifted right by `shift`. */
function transform(w: Int32Array, at: number, step: number, shift: number): void {
  const w0 = w[at]!, w1 = w[at + step]!, w2 = w[at + 2 * step]!, w3 = w[at + 3 * step]!;
  const w4 = w[at + 4 * step]!, w5 = w[at + 5 * step]!, w6 = w[at + 6 * step]!, w7 = w[at + 7 * step]!;
  const z = (w2 + w6) * F0541;
  const even2 = z - w6 * F1847, even3 = z + w2 * F0765;
  const even0 = wrapped(w0 + w4) * 2 ** BITS, even1 = wrapped(w0 - w4) * 2 ** BITS;
  const a0 = even0 + even3, a3 = even0 - even3, a1 = even1 + even2, a2 = even1 - even2;
  const odd3 = wrapped(w3 + w7), odd1 = wrapped(w1 + w5);
  const z5 = (odd3 + odd1) * F1175;
  const z1 = -(w7 + w1) * F0899, z2 = -(w5 + w3) * F2562;
  const z3 = z5 - odd3 * F1961, z4 = z5 - odd1 * F0390;
  const b0 = w7 * F0298 + z1 + z3, b1 = w5 * F2053 + z2 + z4;
  const b2 = w3 * F3072 + z2 + z3, b3 = w1 * F1501 + z1 + z4;
  const half = 1 << (shift - 1);
  w[at] = limited((a0 + b3 + half) >> shift);
  w[at + 7 * step] = limited((a0 - b3 + half) >> shift);
  w[at + step] = limited((a1 + b2 + half) >> shift);
  w[at + 6 * step] = limited((a1 - b2 + half) >> shift);
  w[at + 2 * step] = limited((a2 + b1 + half) >> shift);
  w[at + 5 * step] = limited((a2 - b1 + half) >> shift);
  w[at + 3 * step] = limited((a3 + b0 + half) >> shift);
  w[at + 4 * step] = limited((a3 - b0 + half) >> shift);
}

const work = new Int32Array(64);

/** Writes the 8 x 8 samples of the block of coefficients at `from` to rows of `stride` samples. */
export function inverseTransform(
  coefficients: Int16Array,
  from: number,
  quantization: Uint16Array,
  out: Uint8ClampedArray,
  to: number,
  stride: number,
): void {
  let used = 1;
  for (let i = 1; i < 64; i++) if (coefficients[from + i] !== 0) used = i + 1;
  if (used === 1) {
    // Only the mean is nonzero: the two passes reduce to a rounded division by eight.
    const mean = wrapped(wrapped(coefficients[from]! * quantization[0]!) << PASS);
    const sample = (mean + 16 >> 5) + 128;
    for (let y = 0; y < 8; y++) out.fill(sample, to + y * stride, to + y * stride + 8);
    return;
  }
  for (let i = 0; i < 64; i++) work[i] = wrapped(coefficients[from + i]! * quantization[i]!);
  if (used > 8) {
    for (let x = 0; x < 8; x++) transform(work, x, 8, BITS - PASS);
  } else {
    for (let i = 63; i >= 0; i--) work[i] = wrapped(work[i & 7]! << PASS);
  }
  for (let y = 0; y < 64; y += 8) transform(work, y, 1, BITS + PASS + 3);
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) out[to + y * stride + x] = work[8 * y + x]! + 128;
  }
}
