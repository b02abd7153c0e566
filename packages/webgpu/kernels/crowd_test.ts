/** More rows, matrices and lines than a grid has workgroups along an axis, calculated. */
import { assert, assertEquals } from "@std/assert";
import type { KernelCall, ViewSpec } from "@troodon/core";
import { body, expr as e, rowMajor, sizeOf } from "@troodon/core/kernel";
import type { GpuBuffer } from "../device/pool.ts";
import { compare, openBackend, type Plan } from "../test_support.ts";

const backend = await openBackend();
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: !backend, fn });

const MANY = 70_000;
const ITSELF = body(e.input(0));

/** Numbers from 0 to 6 that do not repeat with the rows. */
const digits = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => (i * 5 + (i >> 5)) % 7);

const dense = (shape: readonly number[], data: ArrayLike<number> = digits(sizeOf(shape))): Plan => (
  { dtype: "float32", shape, data }
);

test("matmul() multiplies 70,000 pairs of matrices", async () => {
  const a = dense([MANY, 2, 2]), b = dense([MANY, 2, 2], digits(4 * MANY + 9).slice(9));
  await compare(backend!, { kernel: "matmul", scalars: [] }, [a, b], [{
    dtype: "float32",
    shape: [MANY, 2, 2],
  }]);
});

test("sort() sorts 200,000 rows", async () => {
  const shape = [200_000, 3], places: Plan = { dtype: "int32", shape };
  const call = { kernel: "sort", axis: 1, descending: true } as const;
  await compare(backend!, call, [dense(shape)], [{ dtype: "float32", shape }, places]);
});

test("scatter() combines along 70,000 lines", async () => {
  const index: Plan = { dtype: "int32", shape: [MANY, 4], data: digits(4 * MANY).map((x) => x % 3) };
  for (const mode of ["add", "set"] as const) {
    const call = { kernel: "scatter", axis: 1, mode } as const;
    await compare(backend!, call, [index, dense([MANY, 4])], [dense([MANY, 3], new Float64Array(3 * MANY))]);
  }
});

/** A view of a buffer of float32 that holds `data`. */
function viewOf(shape: readonly number[], buffer: GpuBuffer, change: Partial<ViewSpec> = {}) {
  return { buffer, dtype: "float32", shape, strides: rowMajor(shape), offset: 0, ...change } as const;
}

/** The elements that a call writes to one output of `shape`, of operands of `sizes` elements counted up from 0 modulo 251. */
async function counted(
  call: KernelCall,
  shape: readonly number[],
  inputs: readonly {
    readonly size: number;
    readonly shape: readonly number[];
    readonly strides: readonly number[];
  }[],
): Promise<Float32Array> {
  const buffers = inputs.map(({ size }) => {
    const buffer = backend!.allocate(4 * size);
    backend!.write(buffer, new Uint8Array(Float32Array.from({ length: size }, (_, i) => i % 251).buffer));
    return buffer;
  });
  const output = backend!.allocate(4 * sizeOf(shape));
  const views = inputs.map(({ shape, strides }, i) => viewOf(shape, buffers[i]!, { strides }));
  backend!.launch(call, views, [viewOf(shape, output)]);
  const bytes = await backend!.read(output);
  for (const buffer of [...buffers, output]) backend!.release(buffer);
  return new Float32Array(bytes.buffer);
}

/** Throws unless every element is what `expected` says. */
function assertAll(found: Float32Array, expected: (i: number) => number): void {
  for (let i = 0; i < found.length; i++) {
    if (found[i] !== expected(i)) assertEquals(found[i], expected(i), `element ${i}`);
  }
  assert(found.length > 0);
}

test("map() takes 17 million single elements", async () => {
  // Turned over: no four of them lie side by side in both.
  const [rows, columns] = [4099, 4099], size = rows * columns, shape = [rows, columns];
  const call: KernelCall = { kernel: "map", body: ITSELF, compute: "float32", scalars: [], shape };
  const found = await counted(call, shape, [{ size, shape, strides: [1, columns] }]);
  assertAll(found, (i) => (Math.floor(i / columns) + (i % columns) * columns) % 251);
});

test("reduce() takes 66,000 rows of a workgroup each", async () => {
  const shape = [66_000, 1032];
  const call: KernelCall = {
    kernel: "reduce",
    op: "max",
    body: body(e.sub(e.input(0), e.input(1))),
    compute: "float32",
    scalars: [],
    shape,
    axes: [1],
  };
  // The same row for all, but for what each takes from it.
  const found = await counted(call, [66_000, 1], [
    { size: 1032, shape, strides: [0, 1] },
    { size: 66_000, shape, strides: [1, 0] },
  ]);
  assertAll(found, (i) => 250 - i % 251);
});

test("scan() takes 4 million lines", async () => {
  const shape = [2 ** 22 + 100, 2];
  const found = await counted({ kernel: "scan", op: "sum", axis: 1, reverse: false }, shape, [
    { size: sizeOf(shape), shape, strides: [2, 1] },
  ]);
  assertAll(found, (i) => i % 2 === 0 ? i % 251 : i % 251 + (i - 1) % 251);
});

test("fold() takes 17 million places", async () => {
  const size = 2 ** 24 + 300;
  const found = await counted({ kernel: "fold", axis: 0, step: 1, dilation: 1 }, [size], [
    { size, shape: [size, 1], strides: [1, 1] },
  ]);
  assertAll(found, (i) => i % 251);
});
