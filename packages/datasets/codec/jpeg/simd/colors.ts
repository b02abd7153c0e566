/** Interpolates colors and converts them to RGB as `upsample.ts` and `color.ts` do, many samples at a time. */
import {
  add,
  type Code,
  FunctionEmitter,
  i16x8,
  i32,
  load,
  load8x8,
  shuffle,
  store,
  vector,
} from "../../../simd/emitter.ts";

const parametersOf = (f: FunctionEmitter): readonly Code[] =>
  Array.from({ length: f.parameters }, (_, i) => f.parameter(i));

/** Emits a function `(own, other, to, count, a, b)` that writes `a own + b other` of bytes as 16-bit numbers. */
export function blend(): FunctionEmitter {
  const f = new FunctionEmitter(6), [own, other, to, count, a, b] = parametersOf(f);
  const weights = [f.keep(vector("i16x8Splat", a!)), f.keep(vector("i16x8Splat", b!))] as const;
  f.countDown(count!, 8, () => {
    const parts = [
      vector("i16x8Mul", load8x8(own!), weights[0]),
      vector("i16x8Mul", load8x8(other!), weights[1]),
    ];
    f.emit(store(to!, vector("i16x8Add", parts[0]!, parts[1]!)));
    f.assign(own!, add(own!, i32(8)));
    f.assign(other!, add(other!, i32(8)));
    f.assign(to!, add(to!, i32(16)));
  });
  return f;
}

/**
 * Emits a function `(row, to, count, before, behind, shift)` that writes two bytes for each 16-bit number: three parts
 * of it and one part of the number before it, then three parts of it and one of the number after it.
 */
export function spread(): FunctionEmitter {
  const f = new FunctionEmitter(6), [row, to, count, before, behind, shift] = parametersOf(f);
  const roundings = [f.keep(vector("i16x8Splat", before!)), f.keep(vector("i16x8Splat", behind!))] as const;
  f.countDown(count!, 8, () => {
    const own = f.keep(vector("i16x8Mul", load(row!), i16x8(3)));
    const [even, odd] = [add(row!, i32(-2)), add(row!, i32(2))].map((neighbor, i) =>
      vector("i16x8ShrU", vector("i16x8Add", vector("i16x8Add", own, load(neighbor)), roundings[i]!), shift!)
    );
    f.emit(store(to!, vector("or", even!, vector("i16x8Shl", odd!, i32(8)))));
    f.assign(row!, add(row!, i32(16)));
    f.assign(to!, add(to!, i32(16)));
  });
  return f;
}

/** Emits a function `(luma, blue, red, to, count)` that writes pixels of three bytes. */
export function toRgb(): FunctionEmitter {
  const f = new FunctionEmitter(5), [luma, blue, red, to, count] = parametersOf(f);
  const half = f.keep(vector("i32x4Splat", i32(32768)));
  f.countDown(count!, 16, () => {
    const y = f.keep(load(luma!)), cb = f.keep(load(blue!)), cr = f.keep(load(red!));
    const channels = (["i16x8ExtendLowU", "i16x8ExtendHighU"] as const).map((extend) => {
      const own = f.keep(vector(extend, y));
      const b = f.keep(vector("i16x8Sub", vector(extend, cb), i16x8(128)));
      const r = f.keep(vector("i16x8Sub", vector(extend, cr), i16x8(128)));
      const low = f.keep(shuffle(b, r, [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23]));
      const high = f.keep(shuffle(b, r, [8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31]));
      // Factors are taken modulo 65536, so that they fit into 16 bits; the rest is added as a whole.
      const share = (ofBlue: number, ofRed: number): Code => {
        const sums = [low, high].map((pairs) =>
          vector(
            "i32x4ShrS",
            vector("i32x4Add", vector("i32x4Dot", pairs, i16x8(ofBlue, ofRed)), half),
            i32(16),
          )
        );
        return vector("i16x8Add", own, vector("i16x8NarrowS", sums[0]!, sums[1]!));
      };
      return [
        f.keep(vector("i16x8Add", share(0, 91881 - 65536), r)),
        f.keep(vector("i16x8Sub", share(-22554, 65536 - 46802), r)),
        f.keep(vector("i16x8Add", share(116130 - 131072, 0), vector("i16x8Add", b, b))),
      ];
    });
    const [first, second, third] = [0, 1, 2].map((c) =>
      f.keep(vector("i8x16NarrowU", channels[0]![c]!, channels[1]![c]!))
    );
    for (let part = 0; part < 3; part++) {
      // Byte k is channel k % 3 of pixel k / 3.
      const places = Array.from(
        { length: 16 },
        (_, i) => [(16 * part + i) % 3, Math.floor((16 * part + i) / 3)],
      );
      const two = f.keep(
        shuffle(first!, second!, places.map(([c, pixel]) => c === 1 ? 16 + pixel! : pixel!)),
      );
      const all = shuffle(two, third!, places.map(([c, pixel], i) => c === 2 ? 16 + pixel! : i));
      f.emit(store(to!, all, 16 * part));
    }
    for (const from of [luma!, blue!, red!]) f.assign(from, add(from, i32(16)));
    f.assign(to!, add(to!, i32(48)));
  });
  return f;
}
