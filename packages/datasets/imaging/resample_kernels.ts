/** Resamples bytes by WebAssembly as `resample.ts` does, several samples at a time. */
import {
  add,
  type Code,
  FunctionEmitter,
  i32,
  load,
  loadFour,
  loadI32,
  loadSplat,
  store,
  storeFour,
  vector,
} from "../simd/emitter.ts";
import { compileKernels, type Kernels } from "../simd/kernels.ts";

/** Input samples of each output sample, and their weights. */
export interface Taps {
  /** Index of the first input sample. */
  readonly first: Int32Array;
  /** Number of input samples. */
  readonly count: Int32Array;
  /** Weights in fixed point, `stride` numbers for each output sample. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Bits after the point of a weight: a sum of weighted bytes has 32 bits, with the sign and one for overshoot. */
export const PRECISION = 22;
/** Half of a unit, added before the shift so that sums are rounded. */
export const HALF: number = 1 << (PRECISION - 1);

/** Functions on addresses in `memory`; all parameters are numbers. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly rows: (
    from: number,
    records: number,
    recordSize: number,
    to: number,
    count: number,
    channels: number,
  ) => void;
  readonly columns: (
    from: number,
    line: number,
    weights: number,
    count: number,
    to: number,
    bytes: number,
  ) => void;
}

/** Kernels that resample bytes. */
export type ResampleKernels = Kernels<Exports>;

/** Bytes that kernels may read and write beyond the end of a row. */
const SLACK = 16;
/** Bytes of source samples in memory at a time, except where a single output row needs more. */
const STRIP = 2 ** 19;

const parametersOf = (f: FunctionEmitter): readonly Code[] =>
  Array.from({ length: f.parameters }, (_, i) => f.parameter(i));
const half = vector("i32x4Splat", i32(HALF));
const shifted = (sum: Code): Code => vector("i32x4ShrS", sum, i32(PRECISION));

/**
 * Emits a function that writes a row of `count` pixels. A record holds the offset of the first source pixel in bytes,
 * the number of source pixels, and their weights. Pixels are calculated and written four bytes at a time: those that
 * follow overwrite what is too much.
 */
function rows(): FunctionEmitter {
  const f = new FunctionEmitter(6), [from, records, recordSize, to, count, channels] = parametersOf(f);
  f.countDown(count!, 1, () => {
    const at = f.keepI32(add(from!, loadI32(records!))), left = f.keepI32(loadI32(records!, 4));
    const weight = f.keepI32(add(records!, i32(8))), sum = f.keep(half);
    f.countDown(left, 1, () => {
      const pixel = vector("i32x4ExtendLowU", vector("i16x8ExtendLowU", loadFour(at)));
      f.assign(sum, vector("i32x4Add", sum, vector("i32x4Mul", pixel, loadSplat(weight))));
      f.assign(at, add(at, channels!));
      f.assign(weight, add(weight, i32(4)));
    });
    f.assign(sum, shifted(sum));
    const short = f.keep(vector("i16x8NarrowS", sum, sum));
    f.emit(storeFour(to!, vector("i8x16NarrowU", short, short)));
    f.assign(to!, add(to!, channels!));
    f.assign(records!, add(records!, recordSize!));
  });
  return f;
}

/** Emits a function that writes the weighted sum of `count` rows, `line` bytes apart. */
function columns(): FunctionEmitter {
  const f = new FunctionEmitter(6), [from, line, weights, count, to, bytes] = parametersOf(f);
  f.countDown(bytes!, 16, () => {
    const at = f.keepI32(from!), left = f.keepI32(count!), weight = f.keepI32(weights!);
    const sums = [0, 1, 2, 3].map(() => f.keep(half));
    f.countDown(left, 1, () => {
      const samples = f.keep(load(at)), factor = f.keep(loadSplat(weight));
      const parts = (["i16x8ExtendLowU", "i16x8ExtendHighU"] as const).flatMap((extend) => {
        const short = f.keep(vector(extend, samples));
        return [vector("i32x4ExtendLowU", short), vector("i32x4ExtendHighU", short)];
      });
      parts.forEach((part, i) =>
        f.assign(sums[i]!, vector("i32x4Add", sums[i]!, vector("i32x4Mul", part, factor)))
      );
      f.assign(at, add(at, line!));
      f.assign(weight, add(weight, i32(4)));
    });
    const [low, high] = [0, 2].map((i) => vector("i16x8NarrowS", shifted(sums[i]!), shifted(sums[i + 1]!)));
    f.emit(store(to!, vector("i8x16NarrowU", low!, high!)));
    f.assign(from!, add(from!, i32(16)));
    f.assign(to!, add(to!, i32(16)));
  });
  return f;
}

let kernels: ResampleKernels | null | undefined;

/** Returns the kernels of this thread; null if the engine has no WebAssembly with vectors, or forbids it. */
export function resampleKernels(): ResampleKernels | null {
  if (kernels === undefined) kernels = compileKernels<Exports>(() => ({ rows: rows(), columns: columns() }));
  return kernels;
}

/** Scales rows of `width` pixels, which have at most four bytes each. */
export function rowsByKernel(
  kernels: ResampleKernels,
  data: Uint8Array,
  { width, height, channels }: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
  },
  { first, count, weights, stride }: Taps,
): Uint8Array {
  const outWidth = first.length, line = width * channels, outLine = outWidth * channels;
  const recordLength = 2 + stride, records = new Int32Array(outWidth * recordLength);
  for (let x = 0; x < outWidth; x++) {
    const at = x * recordLength;
    records[at] = first[x]! * channels;
    records[at + 1] = count[x]!;
    records.set(weights.subarray(x * stride, x * stride + count[x]!), at + 2);
  }
  const strip = Math.max(Math.min(height, Math.floor(STRIP / line)), 1);
  const from = records.byteLength, to = from + strip * line + SLACK;
  const memory = kernels.reserve(to + strip * outLine + SLACK), out = new Uint8Array(height * outLine);
  memory.set(new Uint8Array(records.buffer), 0);
  for (let top = 0; top < height; top += strip) {
    const lines = Math.min(strip, height - top);
    memory.set(data.subarray(top * line, (top + lines) * line), from);
    for (let y = 0; y < lines; y++) {
      kernels.run.rows(from + y * line, 0, 4 * recordLength, to + y * outLine, outWidth, channels);
    }
    out.set(memory.subarray(to, to + lines * outLine), top * outLine);
  }
  return out;
}

/** Scales columns of samples, `line` of them side by side. */
export function columnsByKernel(
  kernels: ResampleKernels,
  data: Uint8Array,
  line: number,
  { first, count, weights, stride }: Taps,
): Uint8Array {
  const outHeight = first.length, out = new Uint8Array(outHeight * line);
  for (let top = 0, end = 0; top < outHeight; top = end) {
    const start = first[top]!;
    let stop = start;
    // Output rows that share source rows, as many as fit.
    while (end < outHeight && (end === top || (first[end]! + count[end]! - start) * line <= STRIP)) {
      stop = Math.max(stop, first[end]! + count[end]!);
      end++;
    }
    const own = weights.subarray(top * stride, end * stride), from = own.byteLength;
    const to = from + (stop - start) * line + SLACK;
    const memory = kernels.reserve(to + (end - top) * line + SLACK);
    memory.set(new Uint8Array(own.buffer, own.byteOffset, own.byteLength), 0);
    memory.set(data.subarray(start * line, stop * line), from);
    for (let y = top; y < end; y++) {
      const place = to + (y - top) * line, source = from + (first[y]! - start) * line;
      kernels.run.columns(source, line, 4 * (y - top) * stride, count[y]!, place, line);
    }
    out.set(memory.subarray(to, to + (end - top) * line), top * line);
  }
  return out;
}
