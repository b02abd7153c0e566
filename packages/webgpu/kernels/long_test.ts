import { assertRejects, assertThrows } from "@std/assert";
import type { DType } from "@troodon/core";
import { ARITY, body, expr as e } from "@troodon/core/kernel";
import { INTEGER_FUNCTIONS } from "@troodon/testing";
import { compare, kernelTests, picks, type Plan, run } from "../test_support.ts";

const test = await kernelTests();

const VALUES: readonly number[] = [
  ...[0, 1, -1, 2, -2, 3, 7, -7, 63, 64, 65, 31, 32, 33, 100],
  ...[2 ** 31, -(2 ** 31), 2 ** 31 - 1, 2 ** 32, 2 ** 32 + 1, -(2 ** 32) - 5, 2 ** 40 + 3],
  ...[2 ** 53, -(2 ** 53), 2 ** 60, -(2 ** 61), 2 ** 63, -(2 ** 63)],
];

const size = (shape: readonly number[]): number => shape.reduce((n, m) => n * m, 1);

/** A tensor of int64 among which are all of {@linkcode VALUES}, in another order for each seed. */
const long = (shape: readonly number[], seed: number): Plan => ({
  dtype: "int64",
  shape,
  data: Array.from(
    { length: size(shape) },
    (_, i) => VALUES[(i * (2 * seed + 1) + (i >> 5) + seed) % VALUES.length]!,
  ),
});

const zeros = (dtype: DType, shape: readonly number[]): Plan => ({ dtype, shape });

test("map() calculates every function of int64 exactly, as the reference does", async (b) => {
  const shape = [28 * 28];
  for (const fn of INTEGER_FUNCTIONS) {
    const made = body(e.call(fn, ...Array.from({ length: ARITY[fn] }, (_, i) => e.input(i))));
    const call = { kernel: "map", body: made, compute: "int64", scalars: [], shape } as const;
    const inputs = Array.from({ length: ARITY[fn] }, (_, i) => long(shape, 3 * i));
    await compare(b, call, inputs, [zeros("int64", shape)]);
    await compare(b, call, inputs, [zeros("bool", shape)]);
  }
});

test("map() of int64 knows scalars, positions, masks and constants beyond 2^32", async (b) => {
  const x = e.input(0), shape = [7, 9];
  const made = body(
    e.add(e.mul(x, e.scalar(0)), e.mul(e.coordinate(1), 2 ** 40 + 3)),
    e.where(e.mul(e.less(x, Infinity), e.notEqual(x, 1)), e.max(x, -Infinity), e.scalar(1)),
    e.where(x, e.less(x, 3), 5),
  );
  for (const scalars of [[3, 2 ** 45 + 1], [-(2 ** 50) - 1, 1e300]]) {
    const call = { kernel: "map", body: made, compute: "int64", scalars, shape } as const;
    await compare(b, call, [long(shape, 1)], [0, 1, 2].map(() => zeros("int64", shape)));
  }
});

test("map() converts between int64 and every dtype, whatever it calculates in", async (b) => {
  const made = body(e.input(0)),
    large = [1e30, -1e30, NaN, Infinity, -Infinity, -0.5, 2.5, 16777217, 2 ** 62];
  for (const other of ["float32", "float16", "bfloat16", "int32", "uint8", "bool", "int64"] as const) {
    const few = other === "bool" ? VALUES.map((_, i) => i % 2) : VALUES.map((_, i) => i);
    const data = other === "int64" ? VALUES : other.includes("float") ? [...VALUES, ...large] : few;
    const shape = [data.length], given: Plan = { dtype: other, shape, data };
    for (const compute of ["float32", "int32", "int64"] as const) {
      const call = { kernel: "map", body: made, compute, scalars: [], shape } as const;
      await compare(b, call, [given], [zeros("int64", shape)]);
      const numbers = [...VALUES, 2 ** 24 + 1, -(2 ** 55), 2 ** 25 + 3].slice(0, data.length);
      const many: Plan = { dtype: "int64", shape: [numbers.length], data: numbers };
      const back = { ...call, shape: many.shape };
      const tolerance = other === "float16" ? 1e-3 : other === "bfloat16" ? 8e-3 : 0;
      await compare(b, back, [many], [zeros(other, many.shape)], tolerance);
    }
  }
});

test("reduce() of int64, and of smaller integers to int64, is exact", async (b) => {
  const made = body(e.input(0));
  for (const op of ["sum", "prod", "max", "min"] as const) {
    for (
      const [shape, axes] of [[[5, 7], [1]], [[300, 9], [0]], [[3, 4000], [0, 1]], [[70000], [0]]] as const
    ) {
      const call = { kernel: "reduce", op, body: made, compute: "int64", scalars: [], shape, axes } as const;
      const kept = shape.map((n, a) => (axes as readonly number[]).includes(a) ? 1 : n);
      await compare(b, call, [long(shape, 1)], [zeros("int64", kept)]);
      for (const dtype of ["int32", "uint8", "bool"] as const) {
        const data = picks(size(shape), dtype === "bool" ? 2 : 250);
        await compare(b, call, [{ dtype, shape, data }], [zeros("int64", kept)]);
      }
    }
  }
});

test("argreduce(), scan(), sort(), fold() and matmul() of int64 are exact", async (b) => {
  for (const shape of [[5, 40], [1, 3000]]) {
    for (const axis of [0, 1]) {
      const x = long(shape, 2), kept = shape.with(axis, 1);
      for (const op of ["max", "min"] as const) {
        for (const dtype of ["int32", "int64"] as const) {
          await compare(b, { kernel: "argreduce", op, axis }, [x], [zeros(dtype, kept)]);
        }
      }
      for (const op of ["sum", "prod", "max", "min"] as const) {
        const call = { kernel: "scan", op, axis, reverse: op === "prod" } as const;
        await compare(b, call, [x], [zeros("int64", shape)]);
        await compare(b, call, [{ ...x, dtype: "int32", data: picks(size(shape), 99) }], [
          zeros("int64", shape),
        ]);
      }
      for (const descending of [true, false]) {
        for (const dtype of ["int32", "int64"] as const) {
          const outputs = [zeros("int64", shape), zeros(dtype, shape)];
          await compare(b, { kernel: "sort", axis, descending }, [x], outputs);
        }
      }
    }
  }
  await compare(b, { kernel: "fold", axis: 0, step: 1, dilation: 2 }, [long([9, 4], 1)], [
    zeros("int64", [15]),
  ]);
  for (const [m, k, n] of [[3, 5, 2], [70, 33, 65]] as const) {
    const call = { kernel: "matmul", scalars: [] } as const;
    await compare(b, call, [long([m, k], 1), long([k, n], 4)], [zeros("int64", [m, n])]);
  }
});

test("gather() and scatter() take int64, and indices of int64", async (b) => {
  for (const dtype of ["int32", "int64"] as const) {
    const index: Plan = { dtype, shape: [6, 9], data: picks(54, 8) };
    const target: Plan = { ...long([8, 9], 3), shape: [8, 9] };
    await compare(b, { kernel: "gather", axis: 0 }, [long([8, 9], 1), index], [zeros("int64", [6, 9])]);
    for (const mode of ["set", "add"] as const) {
      await compare(b, { kernel: "scatter", axis: 0, mode }, [index, long([6, 9], 2)], [target]);
      const wide: Plan = { dtype, shape: [3000], data: picks(3000, 2000, 3) };
      await compare(b, { kernel: "scatter", axis: 0, mode }, [wide, long([3000], 2)], [long([2000], 4)]);
    }
  }
});

test("gather() refuses indices whose low 32 bits would be inside", async (b) => {
  const x: Plan = { dtype: "float32", shape: [3], data: [1, 2, 3] };
  for (const bad of [2 ** 32, 2 ** 40 + 1, -(2 ** 32), 3, -1]) {
    const index: Plan = { dtype: "int64", shape: [1], data: [bad] };
    await assertRejects(
      () => run(b, { kernel: "gather", axis: 0 }, [x, index], [zeros("float32", [1])]),
      RangeError,
      "indices must be integers in [0, 3)",
    );
  }
});

test("map() says which function there is none of for int64", (b) => {
  const call = {
    kernel: "map",
    body: body(e.exp(e.input(0))),
    compute: "int64",
    scalars: [],
    shape: [1],
  } as const;
  const buffer = b.allocate(8),
    view = { buffer, dtype: "int64", shape: [1], strides: [1], offset: 0 } as const;
  assertThrows(() => b.launch(call, [view], [view]), TypeError, "Cannot apply exp() to int64 on webgpu");
  b.release(buffer);
});
