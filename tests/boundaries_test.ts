/** Lengths around those that kernels cut their work at, in layouts whose elements lie at the ends of their memory. */
import { assertEquals } from "@std/assert";
import { type Device, type DType, DTYPES, fromTypedArray, Scope, type Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

const LENGTHS = [
  0,
  1,
  2,
  3,
  4,
  5,
  7,
  8,
  9,
  15,
  16,
  17,
  31,
  32,
  33,
  63,
  64,
  65,
  127,
  128,
  129,
  255,
  256,
  257,
  1023,
];
const LONG = [1024, 1025, 4097];

/** What there is of each element: whole, and exact in every dtype, as are sums of a few of them. */
const valueAt = (i: number): number => ((i * 5) % 7) % 4;

type Layout = (device: Device, dtype: DType, values: readonly number[]) => Tensor;

const make = (device: Device, dtype: DType, values: readonly number[], shape = [values.length]): Tensor =>
  fromTypedArray(Float64Array.from(values), shape, { device, dtype });

/** A value that would be seen in any result. */
const STRANGE = 99;

const LAYOUTS: Readonly<Record<string, Layout>> = {
  "contiguous": make,
  "flush with the end": (device, dtype, values) =>
    make(device, dtype, [STRANGE, STRANGE, STRANGE, ...values]).slice(0, 3),
  "flush with the beginning": (device, dtype, values) =>
    make(device, dtype, [...values, STRANGE]).slice(0, 0, values.length),
  "backwards": (device, dtype, values) =>
    make(device, dtype, values.toReversed()).slice(0, undefined, undefined, -1),
  "every other, the last at the end": (device, dtype, values) =>
    make(device, dtype, values.flatMap((v) => [STRANGE, v])).slice(0, 1, undefined, 2),
  "every third backwards": (device, dtype, values) =>
    make(device, dtype, values.toReversed().flatMap((v) => [v, STRANGE, STRANGE])).slice(
      0,
      -3,
      undefined,
      -3,
    ),
  "a column": (device, dtype, values) =>
    make(device, dtype, values.flatMap((v) => [STRANGE, v]), [values.length, 2]).select(1, 1),
};

/** A result as numbers. */
const read = (t: Tensor): number[] => [...t.dataSync()].map(Number);

interface Check {
  /** Not of bool, whose arithmetic is another. */
  readonly numeric?: boolean;
  /** Of no length 0. */
  readonly filled?: boolean;
  run(x: Tensor): Tensor;
  expected(values: readonly number[]): readonly number[];
}

const scan = (values: readonly number[], f: (a: number, b: number) => number): number[] => {
  const result: number[] = [];
  for (const v of values) result.push(result.length === 0 ? v : f(result.at(-1)!, v));
  return result;
};

const CHECKS: Readonly<Record<string, Check>> = {
  "clone()": { run: (x) => x.clone(), expected: (v) => v },
  "to() float32": { run: (x) => x.to("float32"), expected: (v) => v },
  "to() bool": { run: (x) => x.to("bool"), expected: (v) => v.map((n) => Number(n !== 0)) },
  "to() uint8": { run: (x) => x.to("uint8"), expected: (v) => v },
  "add(), mul()": { numeric: true, run: (x) => x.mul(x).add(1), expected: (v) => v.map((n) => n * n + 1) },
  "add() of a repeated element": {
    numeric: true,
    filled: true,
    run: (x) => x.add(x.slice(0, 0, 1)),
    expected: (v) => v.map((n) => n + v[0]!),
  },
  "gt()": { numeric: true, run: (x) => x.gt(1), expected: (v) => v.map((n) => Number(n > 1)) },
  "where()": { run: (x) => x.where(x.ne(2), x.eq(2)), expected: (v) => v.map((n) => n === 2 ? 1 : n) },
  "sum()": { run: (x) => x.to("float64").sum(), expected: (v) => [v.reduce((a, b) => a + b, 0)] },
  "sum() in the dtype": {
    numeric: true,
    run: (x) => x.add(1).sum(),
    expected: (v) => [v.reduce((a, b) => a + b + 1, 0)],
  },
  "sum() over rows of itself": {
    numeric: true,
    run: (x) => x.to("float32").unsqueeze(1).expand([x.numel(), 3]).sum(1),
    expected: (v) => v.map((n) => 3 * n),
  },
  "sum() over columns of itself": {
    numeric: true,
    run: (x) => x.to("float32").unsqueeze(1).expand([x.numel(), 3]).sum(0),
    expected: (v) => [1, 2, 3].map(() => v.reduce((a, b) => a + b, 0)),
  },
  "mean() over the middle": {
    numeric: true,
    filled: true,
    run: (x) =>
      x.to("float32").reshape([1, x.numel(), 1]).expand([2, x.numel(), 2]).mean(1).mul(x.numel()).round(),
    expected: (v) => [1, 2, 3, 4].map(() => v.reduce((a, b) => a + b, 0)),
  },
  "amax()": { numeric: true, filled: true, run: (x) => x.amax(), expected: (v) => [Math.max(...v)] },
  "amin()": {
    numeric: true,
    filled: true,
    run: (x) => x.add(3).amin(),
    expected: (v) => [Math.min(...v) + 3],
  },
  "argmax()": {
    numeric: true,
    filled: true,
    run: (x) => x.argmax(),
    expected: (v) => [v.indexOf(Math.max(...v))],
  },
  "argmin()": {
    numeric: true,
    filled: true,
    run: (x) => x.argmin(),
    expected: (v) => [v.indexOf(Math.min(...v))],
  },
  "any()": { run: (x) => x.any(), expected: (v) => [Number(v.some((n) => n !== 0))] },
  "all()": { run: (x) => x.all(), expected: (v) => [Number(v.every((n) => n !== 0))] },
  "countNonzero()": { run: (x) => x.countNonzero(), expected: (v) => [v.filter((n) => n !== 0).length] },
  "cumsum()": {
    numeric: true,
    run: (x) => x.to("int32").cumsum(0),
    expected: (v) => scan(v, (a, b) => a + b),
  },
  "cumprod()": {
    numeric: true,
    run: (x) => x.to("float32").sub(1).clamp({ max: 1 }).cumprod(0),
    expected: (v) => scan(v.map((n) => Math.min(n - 1, 1)), (a, b) => a * b).map((n) => n + 0),
  },
  "sort()": { numeric: true, run: (x) => x.sort(0).values, expected: (v) => v.toSorted((a, b) => a - b) },
  "argsort() of equal elements": {
    numeric: true,
    run: (x) => x.argsort(0),
    expected: (v) => v.map((_, i) => i).toSorted((a, b) => v[a]! - v[b]! || a - b),
  },
  "matmul() with itself": {
    numeric: true,
    run: (x) => x.to("float32").matmul(x.to("float32")),
    expected: (v) => [v.reduce((a, b) => a + b * b, 0)],
  },
  "indexSelect() backwards": {
    run: (x) =>
      x.indexSelect(
        0,
        make(x.device, "int32", Array.from({ length: x.numel() }, (_, i) => x.numel() - 1 - i)),
      ),
    expected: (v) => v.toReversed(),
  },
  "scatterAdd()": {
    numeric: true,
    filled: true,
    run: (x) =>
      make(x.device, x.dtype, [0, 0]).scatterAdd(0, x.to("int32").remainder(2), x.gt(1).to(x.dtype)),
    expected: (v) => [0, 1].map((parity) => v.filter((n) => n % 2 === parity && n > 1).length),
  },
};

/** Sums that the narrow types hold. */
const narrow = (dtype: DType, length: number): boolean =>
  length <= (dtype === "uint8" || dtype === "bfloat16" ? 64 : dtype === "float16" ? 512 : Infinity);

const NARROWED = /dtype|scatterAdd/;

function test(devices: readonly Device[], lengths: readonly number[], dtypes: readonly DType[]): void {
  for (const device of devices) {
    const held = dtypes.filter((dtype) => device.backend.limits.dtypes.includes(dtype));
    for (const [name, { numeric, filled, run, expected }] of Object.entries(CHECKS)) {
      Deno.test(`${name} is right at the boundaries on ${device.name}, lengths from ${lengths[0]}`, () => {
        const before = device.memory.buffers;
        for (const dtype of held) {
          if (numeric && dtype === "bool" || name === "sum()" && !held.includes("float64")) continue;
          for (const length of lengths) {
            if (filled && length === 0 || NARROWED.test(name) && !narrow(dtype, length)) continue;
            const all = Array.from({ length }, (_, i) => valueAt(i));
            const values = dtype === "bool" ? all.map((n) => Number(n !== 0)) : all;
            for (const [layout, lay] of Object.entries(LAYOUTS)) {
              using _ = new Scope();
              const x = lay(device, dtype, values);
              assertEquals(read(run(x)), expected(values), `${layout}, ${dtype}, length ${length}`);
            }
          }
        }
        assertEquals(device.memory.buffers, before);
      });
    }
  }
}

test(DEVICES, LENGTHS, DTYPES);
test(DEVICES, LONG, ["float32", "int32"]);
// Every length is a shape of its own there, and a pipeline: few of them.
test(GPU_DEVICES, [0, 1, 33, 64, 257, 1025], ["float32", "int32"]);
