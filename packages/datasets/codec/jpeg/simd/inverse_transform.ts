/** Emits the inverse cosine transform of `idct.ts`, eight numbers at a time. */
import {
  add,
  type Code,
  FunctionEmitter,
  i16x8,
  i32,
  load,
  shuffle,
  storeHalf,
  vector,
} from "../../../simd/emitter.ts";

const BITS = 13, PASS = 2;
const fix = (x: number): number => Math.round(x * 2 ** BITS);
const F0298 = fix(0.298631336), F0390 = fix(0.390180644), F0541 = fix(0.541196100), F0765 = fix(0.765366865);
const F0899 = fix(0.899976223), F1175 = fix(1.175875602), F1501 = fix(1.501321110), F1847 = fix(1.847759065);
const F1961 = fix(1.961570560), F2053 = fix(2.053119869), F2562 = fix(2.562915447), F3072 = fix(3.072711026);

/** Returns byte places that interleave the lower (0) or upper (1) halves of two vectors by elements of `size` bytes. */
const interleaved = (size: number, half: 0 | 1): number[] =>
  Array.from({ length: 16 }, (_, i) => {
    const element = Math.floor(i / size);
    return 8 * half + (element >> 1) * size + i % size + 16 * (element & 1);
  });

/** Sums of 32 bits: of the elements 0 to 3, and of 4 to 7. */
type Pair = readonly [Code, Code];

/** Transforms eight vectors as the eight inputs of the cosine transform, with results shifted right by `shift`. */
function transform(f: FunctionEmitter, w: readonly Code[], shift: number): Code[] {
  const pairs = (a: Code, b: Code): Pair => {
    const [x, y] = [f.keep(a), f.keep(b)];
    return [f.keep(shuffle(x, y, interleaved(2, 0))), f.keep(shuffle(x, y, interleaved(2, 1)))];
  };
  const dot = ([low, high]: Pair, a: number, b: number): Pair => [
    f.keep(vector("i32x4Dot", low, i16x8(a, b))),
    f.keep(vector("i32x4Dot", high, i16x8(a, b))),
  ];
  const both = (name: "i32x4Add" | "i32x4Sub", a: Pair, b: Pair): Pair => [
    f.keep(vector(name, a[0], b[0])),
    f.keep(vector(name, a[1], b[1])),
  ];
  const scaled = (x: Code): Pair => {
    const value = f.keep(x);
    return [
      f.keep(vector("i32x4Shl", vector("i32x4ExtendLowS", value), i32(BITS))),
      f.keep(vector("i32x4Shl", vector("i32x4ExtendHighS", value), i32(BITS))),
    ];
  };
  const even = pairs(w[2]!, w[6]!);
  const even2 = dot(even, F0541, F0541 - F1847), even3 = dot(even, F0541 + F0765, F0541);
  // Sums wrap at 16 bits, as those of libjpeg-turbo do.
  const even0 = scaled(vector("i16x8Add", w[0]!, w[4]!)), even1 = scaled(vector("i16x8Sub", w[0]!, w[4]!));
  const a0 = both("i32x4Add", even0, even3), a3 = both("i32x4Sub", even0, even3);
  const a1 = both("i32x4Add", even1, even2), a2 = both("i32x4Sub", even1, even2);
  const odd = pairs(vector("i16x8Add", w[3]!, w[7]!), vector("i16x8Add", w[1]!, w[5]!));
  const z3 = dot(odd, F1175 - F1961, F1175), z4 = dot(odd, F1175, F1175 - F0390);
  const outer = pairs(w[7]!, w[1]!), inner = pairs(w[5]!, w[3]!);
  const b0 = both("i32x4Add", dot(outer, F0298 - F0899, -F0899), z3);
  const b3 = both("i32x4Add", dot(outer, -F0899, F1501 - F0899), z4);
  const b1 = both("i32x4Add", dot(inner, F2053 - F2562, -F2562), z4);
  const b2 = both("i32x4Add", dot(inner, -F2562, F3072 - F2562), z3);
  const half = f.keep(vector("i32x4Splat", i32(1 << (shift - 1))));
  const limited = (name: "i32x4Add" | "i32x4Sub", a: Pair, b: Pair): Code => {
    const sums = [0, 1].map((i) =>
      vector("i32x4ShrS", vector("i32x4Add", vector(name, a[i]!, b[i]!), half), i32(shift))
    );
    return f.keep(vector("i16x8NarrowS", sums[0]!, sums[1]!));
  };
  const ends = [[a0, b3], [a1, b2], [a2, b1], [a3, b0]] as const;
  return [
    ...ends.map(([a, b]) => limited("i32x4Add", a, b)),
    ...ends.map(([a, b]) => limited("i32x4Sub", a, b)).reverse(),
  ];
}

/** Exchanges rows and columns of 8 x 8 numbers of 16 bits. */
function transposed(f: FunctionEmitter, rows: readonly Code[]): Code[] {
  let now = rows;
  // Each round interleaves rows that are four apart.
  for (let round = 0; round < 3; round++) {
    now = [0, 1, 2, 3].flatMap((i) =>
      ([0, 1] as const).map((half) => f.keep(shuffle(now[i]!, now[i + 4]!, interleaved(2, half))))
    );
  }
  return [...now];
}

/** Writes 8 x 8 samples, whose columns are vectors of 16 bits, to rows of bytes. */
function storeColumns(f: FunctionEmitter, columns: readonly Code[], address: (row: number) => Code): void {
  const narrow = [0, 2, 4, 6].map((i) =>
    // Adds 128 to what is limited to [-128, 127].
    f.keep(vector("xor", vector("i8x16NarrowS", columns[i]!, columns[i + 1]!), i16x8(-0x7f80)))
  );
  const [a, b, c, d] = narrow as [Code, Code, Code, Code];
  for (const half of [0, 1]) {
    const places = Array.from({ length: 16 }, (_, i) => (i >> 2) + 4 * half + 8 * (i & 3));
    const left = f.keep(shuffle(a, b, places)), right = f.keep(shuffle(c, d, places));
    for (const quarter of [0, 1] as const) {
      const rows = f.keep(shuffle(left, right, interleaved(4, quarter)));
      for (const row of [0, 1] as const) f.emit(storeHalf(address(4 * half + 2 * quarter + row), rows, row));
    }
  }
}

/**
 * Emits a function `(coefficients, table, to, stride, count)` that transforms `count` adjacent blocks to rows of bytes
 * `stride` apart.
 */
export function inverseTransform(): FunctionEmitter {
  const f = new FunctionEmitter(5);
  const [coefficients, table, to, stride, count] = [0, 1, 2, 3, 4].map((i) => f.parameter(i)) as [
    Code,
    Code,
    Code,
    Code,
    Code,
  ];
  const address = (row: number): Code => {
    let at = to;
    for (let i = 0; i < row; i++) at = add(at, stride);
    return at;
  };
  f.countDown(count, 1, () => {
    const stored = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => f.keep(load(coefficients, 16 * i)));
    const dequantized = (i: number): Code => f.keep(vector("i16x8Mul", stored[i]!, load(table, 16 * i)));
    const below = stored.slice(1).reduce((all, row) => vector("or", all, row));
    const first = dequantized(0);
    f.choose(
      vector("anyTrue", below),
      () => {
        const rows = [first, ...[1, 2, 3, 4, 5, 6, 7].map(dequantized)];
        storeColumns(
          f,
          transform(f, transposed(f, transform(f, rows, BITS - PASS)), BITS + PASS + 3),
          address,
        );
      },
      () => {
        // Only the first row has coefficients: the first pass scales it, for all rows alike.
        const row = f.keep(vector("i16x8Shl", first, i32(PASS)));
        const lanes = [0, 1, 2, 3, 4, 5, 6, 7].map((i) =>
          f.keep(shuffle(row, row, Array.from({ length: 16 }, (_, k) => 2 * i + (k & 1))))
        );
        storeColumns(f, transform(f, lanes, BITS + PASS + 3), address);
      },
    );
    f.assign(coefficients, add(coefficients, i32(128)));
    f.assign(to, add(to, i32(8)));
  });
  return f;
}
