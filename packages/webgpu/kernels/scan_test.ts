import { assert, assertEquals } from "@std/assert";
import { sizeOf } from "@troodon/core/kernel";
import { openHostileGpu } from "@troodon/testing";
import { WebGpuBackend } from "../mod.ts";
import { compare, kernelTests, noise, picks } from "../test_support.ts";

const test = await kernelTests();

/** Running sums of `data` along its one axis. */
async function sums(
  backend: WebGpuBackend,
  data: Float32Array<ArrayBuffer>,
  reverse = false,
): Promise<Float32Array> {
  const shape = [data.length], dtype = "float32" as const;
  const [x, y] = [0, 1].map(() => ({
    buffer: backend.allocate(data.byteLength),
    dtype,
    shape,
    strides: [1],
    offset: 0,
  }));
  backend.write(x!.buffer, new Uint8Array(data.buffer));
  backend.launch({ kernel: "scan", op: "sum", axis: 0, reverse }, [x!], [y!]);
  const found = new Float32Array((await backend.read(y!.buffer)).slice().buffer);
  for (const { buffer } of [x!, y!]) backend.release(buffer);
  return found;
}

/** Asserts that sums of tenths are right to a millionth. */
async function addTenths(backend: WebGpuBackend, reverse: boolean): Promise<void> {
  const tenths = await sums(backend, new Float32Array(10 ** 6).fill(0.1), reverse), tenth = Math.fround(0.1);
  for (const i of [0, 1, 1000, 500_000, 999_999]) {
    const wanted = tenth * (reverse ? 10 ** 6 - i : i + 1), found = tenths[i]!;
    assert(Math.abs(found - wanted) <= 1e-6 * wanted, `sum ${i} is ${found} and not ${wanted}`);
  }
}

for (const reverse of [false, true]) {
  const where = reverse ? ", from the end" : "";
  test(`scan() adds up a million float32 to 1e-6${where}`, (b) => addTenths(b, reverse));
}

for (const liberty of ["reassociated", "fused", "unfused"] as const) {
  Deno.test(`scan() adds up a million float32 to 1e-6 where sums are ${liberty}`, async () => {
    const opened = await openHostileGpu(liberty);
    if (opened === undefined) return console.log(`SKIP webgpu: no adapter for shaders that are ${liberty}`);
    using backend = new WebGpuBackend(opened);
    await addTenths(backend, false);
  });
}

test("scan() gives sums of numbers of all sizes as float64 has them, rounded once", async (b) => {
  const data = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * i) * 10 ** (i % 9 - 4));
  let sum = 0;
  const found = await sums(b, data);
  data.forEach((x, i) => {
    sum += x;
    const wanted = Math.fround(sum), unit = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(sum), 1e-3))) - 23);
    assert(Math.abs(found[i]! - wanted) <= unit, `sum ${i} is ${found[i]} and not ${wanted}`);
  });
});

test("scan() goes on with infinity and NaN", async (b) => {
  assertEquals([...await sums(b, Float32Array.of(1, Infinity, 2, -Infinity, 3))], [
    1,
    Infinity,
    Infinity,
    NaN,
    NaN,
  ]);
  const large = await sums(b, Float32Array.of(3e38, 3e38, -3e38));
  assertEquals([...large], [Math.fround(3e38), Infinity, Infinity]);
});

test("scan() of lines of many blocks gives what the reference does", async (b) => {
  for (
    const [dtype, tolerance] of [["float32", 1e-6], ["float16", 2e-3], ["int32", 0], ["int64", 0]] as const
  ) {
    for (const [shape, axis] of [[[20_001], 0], [[3, 9000], 1], [[2, 8193, 2], 1]] as const) {
      const size = sizeOf(shape), data = dtype.startsWith("float") ? noise(size) : picks(size, 7);
      const call = {
        kernel: "scan",
        op: axis === 1 ? "sum" : "max",
        axis,
        reverse: shape.length === 2,
      } as const;
      await compare(b, call, [{ dtype, shape, data }], [{ dtype, shape }], tolerance);
    }
  }
  const call = { kernel: "scan", op: "sum", axis: 0, reverse: false } as const, shape = [9001];
  const x = { dtype: "float32", shape, data: noise(3 * 9001 + 5), strides: [3], offset: 5 } as const;
  const y = {
    dtype: "float32",
    shape,
    data: new Float64Array(2 * 9001 + 1),
    strides: [2],
    offset: 1,
  } as const;
  await compare(b, call, [x], [y], 1e-6);
});

test("scan() adds up 2^24 and three more", async (b) => {
  const n = 2 ** 24 + 3, found = await sums(b, new Float32Array(n).fill(0.1));
  for (const i of [1, 2 ** 20, 2 ** 24 - 1, n - 1]) {
    const wanted = Math.fround(0.1) * (i + 1);
    assert(Math.abs(found[i]! - wanted) <= 1e-6 * wanted, `sum ${i} is ${found[i]} and not ${wanted}`);
  }
});
