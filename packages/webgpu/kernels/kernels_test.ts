import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import type { Window2d } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { grid } from "../kernel.ts";
import { compare, f32, int32, kernelTests, noise, picks, type Plan, random, run } from "../test_support.ts";

const test = await kernelTests();

const size = (shape: readonly number[]): number => shape.reduce((n, x) => n * x, 1);

Deno.test("grid() folds what one dimension cannot hold", () => {
  assertEquals(grid(1), [1, 1, 1]);
  assertEquals(grid(65535 * 256), [65535, 1, 1]);
  const [x, y] = grid(65535 * 256 + 1);
  assertEquals([x, y], [32768, 2]);
});

test("reduce() brings lines of all lengths together, along and across", async (b) => {
  for (const op of ["sum", "max"] as const) {
    for (
      const [shape, axes] of [[[3, 700], [1]], [[700, 3], [0]], [[5, 6, 7], [0, 2]], [[9000], [0]], [
        [70000],
        [0],
      ]]
    ) {
      const output = shape!.map((n, axis) => axes!.includes(axis) ? 1 : n);
      const call = {
        kernel: "reduce",
        op,
        body: body(e.mul(e.input(0), e.scalar(0))),
        post: body(e.add(e.input(0), e.scalar(1))),
        compute: "float32",
        scalars: [2, 0.5],
        shape: shape!,
        axes: axes!,
      } as const;
      await compare(b, call, [random(shape!)], [f32(output)], 2e-6 * Math.sqrt(size(shape!)));
    }
  }
});

test("reduce() of nothing gives what brings nothing about", async (b) => {
  for (const op of ["sum", "prod", "max", "min"] as const) {
    const call = {
      kernel: "reduce",
      op,
      body: body(e.input(0)),
      compute: "float32",
      scalars: [],
      shape: [2, 0, 3],
      axes: [0, 1],
    } as const;
    await compare(b, call, [f32([2, 0, 3])], [f32([1, 1, 3])]);
    // Two axes that do not become one.
    const apart = { ...call, shape: [3, 0], axes: [0, 1] };
    await compare(b, apart, [{ ...f32([3, 0]), strides: [7, 2] }], [f32([1, 1])]);
  }
});

test("argreduce() finds the first, NaN before all", async (b) => {
  const data = noise(3000).map((x, i) => i % 50 === 7 ? 2 : i === 1234 ? NaN : x);
  for (const op of ["max", "min"] as const) {
    await compare(b, { kernel: "argreduce", op, axis: 1 }, [f32([3, 1000], data)], [int32([3, 1])]);
    await compare(b, { kernel: "argreduce", op, axis: 0 }, [f32([1000, 3], data)], [int32([1, 3])]);
  }
});

test("argreduce() finds the first in lines that several workgroups share", async (b) => {
  for (const [lines, at] of [[1, [150_001, 180_000]], [3, [7, 33_334, 33_335]], [2, []]] as const) {
    const length = 200_000 / lines | 0, data = noise(lines * length);
    for (const i of at) data[i] = 5;
    const call = { kernel: "argreduce", op: "max" } as const;
    await compare(b, { ...call, axis: 1 }, [f32([lines, length], data)], [int32([lines, 1])]);
    await compare(b, { ...call, axis: 0 }, [f32([length, lines], data)], [int32([1, lines])]);
  }
});

test("maxPool2dGrad() walks planes of more positions than a loop may have steps", async (b) => {
  const places = 150_000,
    positions = 75_000,
    g = Array.from({ length: positions }, (_, i) => i % 7 + 1);
  const at = g.map((_, i) => i + 300 * Math.floor(i / 300));
  const window: Window2d = { size: [2, 1], stride: [2, 1], padding: [0, 0, 0, 0], dilation: [1, 1] };
  const [found] = await run(b, { kernel: "maxPool2dGrad", window }, [
    f32([1, 1, 250, 300], g),
    int32([1, 1, 250, 300], at),
  ], [f32([1, 1, 500, 300])]);
  const expected = new Array<number>(places).fill(0);
  at.forEach((place, i) => expected[place] = g[i]!);
  assertEquals(found, expected);
});

test("scan() runs along long and short axes, forwards and backwards", async (b) => {
  for (const op of ["sum", "prod", "max", "min", "logaddexp"] as const) {
    for (const [shape, axis] of [[[2, 3, 5], 1], [[2, 1000], 1], [[1000, 2], 0]] as const) {
      for (const reverse of [false, true]) {
        await compare(b, { kernel: "scan", op, axis, reverse }, [random(shape)], [f32(shape)], 1e-4);
      }
    }
  }
});

test("matmul() multiplies by tiles, by single threads, by dot products, in parts", async (b) => {
  // Small, in tiles with rests, flat, with a sum in parts, and two batches.
  const sizes = [[3, 5, 7], [70, 90, 60], [12, 300, 80], [40, 48, 700], [2, 900, 1], [70, 90, 62]] as const;
  for (const [m, n, k] of sizes) {
    for (const batch of m === 40 ? [1] : [1, 2]) {
      const call = { kernel: "matmul", scalars: [] } as const, tolerance = 1e-6 * k;
      const output = f32([batch, m, n]), [x, y] = [random([batch, m, k]), random([batch, k, n], 3)];
      await compare(b, call, [x, y], [output], tolerance);
      // Both transposed by strides.
      await compare(
        b,
        call,
        [{ ...x, strides: [m * k, 1, m] }, { ...y, strides: [k * n, 1, k] }],
        [output],
        tolerance,
      );
    }
  }
});

test("matmul() loads and stores fours where rows or columns begin with them", async (b) => {
  // The largest tile, the next one, the small one with rests, a flat one, a sum in parts.
  const sizes = [[64, 132, 68, 12], [128, 36, 44, 20], [1, 68, 100, 52], [1, 8, 260, 132], [1, 36, 48, 700]];
  for (const [batch, m, n, k] of sizes as [number, number, number, number][]) {
    const call = { kernel: "matmul", scalars: [] } as const, output = f32([batch, m, n]);
    for (const left of [[m * k, k, 1], [m * k, 1, m]]) {
      for (const right of [[k * n, n, 1], [k * n, 1, k]]) {
        const [x, y] = [random([batch, m, k]), random([batch, k, n], 3)];
        const turned = [{ ...x, strides: left }, { ...y, strides: right }];
        await compare(b, call, turned, [output], 1e-6 * k);
        if (batch > 1) continue;
        const halves = turned.map((plan): Plan => ({ ...plan, dtype: "float16" }));
        await compare(b, call, halves, [{ ...output, dtype: "float16" }], 4e-3);
      }
    }
  }
});

test("matmul() multiplies views of one buffer of which not all begin with fours", async (b) => {
  const [m, n, k] = [68, 72, 60], data = Float32Array.from(noise(k * n + 8));
  const exact = (x: number, y: number, i: number, j: number): number => {
    let sum = 0;
    for (let s = 0; s < k; s++) sum += data[x + i * k + s]! * data[y + s * n + j]!;
    return sum;
  };
  const buffer = b.allocate(data.byteLength), result = b.allocate(4 * m * n);
  b.write(buffer, new Uint8Array(data.buffer));
  for (const [x, y] of [[0, 1], [3, 0], [0, 4], [2, 2]] as const) {
    const view = { buffer, dtype: "float32" } as const;
    b.launch({ kernel: "matmul", scalars: [] }, [
      { ...view, shape: [m, k], strides: [k, 1], offset: x },
      { ...view, shape: [k, n], strides: [n, 1], offset: y },
    ], [{ buffer: result, dtype: "float32", shape: [m, n], strides: [n, 1], offset: 0 }]);
    const found = new Float32Array((await b.read(result)).buffer);
    for (let i = 0; i < m * n; i++) {
      assertAlmostEquals(
        found[i]!,
        exact(x, y, Math.floor(i / n), i % n),
        1e-4,
        `element ${i} of views at ${x} and ${y}`,
      );
    }
  }
  b.release(buffer);
  b.release(result);
});

test("matmul() applies an epilogue to every form", async (b) => {
  const epilogue = body(
    e.max(e.add(e.mul(e.input(0), e.scalar(0)), e.input(1)), e.mul(e.coordinate(1), 0.01)),
  );
  for (const [m, n, k] of [[3, 5, 7], [70, 90, 60], [68, 92, 60], [40, 48, 700]] as const) {
    const call = { kernel: "matmul", epilogue, scalars: [0.5] } as const;
    const bias = { ...random([n], 5), shape: [m, n], strides: [0, 1] };
    await compare(b, call, [random([m, k]), random([k, n], 3), bias], [f32([m, n])], 1e-6 * k);
  }
});

test("matmul() multiplies integers and halves", async (b) => {
  const integers = (shape: readonly number[], seed: number) => int32(shape, picks(size(shape), 1000, seed));
  const call = { kernel: "matmul", scalars: [] } as const;
  await compare(b, call, [integers([70, 60], 1), integers([60, 90], 3)], [int32([70, 90])]);
  const halves = (shape: readonly number[], seed: number): Plan => ({
    ...random(shape, seed),
    dtype: "float16",
  });
  await compare(
    b,
    call,
    [halves([70, 60], 1), halves([60, 90], 3)],
    [{ dtype: "float16", shape: [70, 90] }],
    2e-3,
  );
});

test("sort() is stable on long and short lines, NaN last", async (b) => {
  const data = picks(6000, 100).map((x, i) => i % 977 === 3 ? NaN : i % 500 === 1 ? -0 : x - 50);
  for (const descending of [false, true]) {
    for (const [shape, axis] of [[[4, 7], 1], [[7, 4], 0], [[2, 3000], 1]] as const) {
      const values = f32(shape, data.slice(0, size(shape)));
      await compare(b, { kernel: "sort", axis, descending }, [values], [f32(shape), int32(shape)]);
    }
    const integers = int32([9], [3, -1, 2147483647, -2147483648, 0, 3, -1, 7, 3]);
    await compare(b, { kernel: "sort", axis: 0, descending }, [integers], [int32([9]), int32([9])]);
  }
});

test("kernels take tensors without axes", async (b) => {
  const x = f32([], [2.5]), first = int32([], [0]);
  for (const op of ["sum", "logaddexp"] as const) {
    await compare(b, { kernel: "scan", op, axis: 0, reverse: op === "sum" }, [x], [f32([])]);
  }
  await compare(b, { kernel: "argreduce", op: "max", axis: 0 }, [x], [int32([], [7])]);
  await compare(b, { kernel: "sort", axis: 0, descending: true }, [x], [f32([]), int32([], [7])]);
  await compare(b, { kernel: "gather", axis: 0 }, [x, first], [f32([])]);
  for (const mode of ["set", "add", "mul", "max", "min"] as const) {
    await compare(b, { kernel: "scatter", axis: 0, mode }, [first, x], [f32([], [4])]);
    const call = { kernel: "scatter", axis: 0, mode } as const;
    await assertRejects(() => run(b, call, [int32([], [1]), x], [f32([], [4])]), RangeError, "index is 1");
  }
  const call = { kernel: "gather", axis: 0 } as const;
  await assertRejects(() => run(b, call, [x, int32([], [1])], [f32([])]), RangeError, "index is 1");
  const lone = { body: body(e.mul(e.input(0), 3)), compute: "float32", scalars: [], shape: [] } as const;
  await compare(b, { kernel: "map", ...lone }, [x], [f32([])]);
  await compare(b, { kernel: "reduce", op: "sum", axes: [], ...lone }, [x], [f32([])]);
});
