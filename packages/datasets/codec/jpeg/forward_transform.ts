/** The discrete cosine transform of libjpeg's slow integer encoder (Loeffler, Ligtenberg and Moschytz, 1989). */

/** Bits after the point of constants. */
const BITS = 13;
/** Bits that the first pass adds. */
const PASS = 2;

const C = {
  c0298: 2446,
  c0390: 3196,
  c0541: 4433,
  c0765: 6270,
  c0899: 7373,
  c1175: 9633,
  c1501: 12299,
  c1847: 15137,
  c1961: 16069,
  c2053: 16819,
  c2562: 20995,
  c3072: 25172,
} as const;

/** Transforms 8 numbers, `step` apart from `at` on; even ones lose `-gain` bits or gain them, odd ones lose `shift`. */
function transform(w: Int32Array, at: number, step: number, gain: number, shift: number): void {
  const x = (i: number): number => w[at + i * step]!;
  const half = 1 << (shift - 1);
  const put = (i: number, v: number): void => {
    w[at + i * step] = (v + half) >> shift;
  };
  const [s0, s1, s2, s3] = [x(0) + x(7), x(1) + x(6), x(2) + x(5), x(3) + x(4)];
  const [d4, d5, d6, d7] = [x(3) - x(4), x(2) - x(5), x(1) - x(6), x(0) - x(7)];
  const [a, b, c, d] = [s0 + s3, s1 + s2, s1 - s2, s0 - s3];
  const scaled = (v: number): number => gain >= 0 ? v << gain : (v + (1 << (-gain - 1))) >> -gain;
  w[at] = scaled(a + b);
  w[at + 4 * step] = scaled(a - b);
  const even = (c + d) * C.c0541;
  put(2, even + d * C.c0765);
  put(6, even - c * C.c1847);
  const sum = (d4 + d6 + d5 + d7) * C.c1175;
  const z1 = -(d4 + d7) * C.c0899, z2 = -(d5 + d6) * C.c2562;
  const z3 = sum - (d4 + d6) * C.c1961, z4 = sum - (d5 + d7) * C.c0390;
  put(7, d4 * C.c0298 + z1 + z3);
  put(5, d5 * C.c2053 + z2 + z4);
  put(3, d6 * C.c3072 + z2 + z3);
  put(1, d7 * C.c1501 + z1 + z4);
}

/** Transforms 8 x 8 samples, less 128, in place: to coefficients times 8. */
export function forwardTransform(block: Int32Array): void {
  for (let y = 0; y < 64; y += 8) transform(block, y, 1, PASS, BITS - PASS);
  for (let x = 0; x < 8; x++) transform(block, x, 8, -PASS, BITS + PASS);
}
