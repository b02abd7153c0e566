import { assertThrows } from "@std/assert";
import { type ComputeType, DTYPES, isFloating, type ScalarFunction } from "@troodon/core";
import { ARITY, body, expr as e } from "@troodon/core/kernel";
import { INTEGER_FUNCTIONS } from "@troodon/testing";
import { gather } from "./indexing/gather.ts";
import { map } from "./map/map.ts";
import { matmul } from "./matrix/matmul.ts";
import { reduce } from "./reduction/reduce.ts";
import { assertAsReference, type Case, Chance, cpuView, launch } from "./support_test.ts";

const FUNCTIONS: readonly ScalarFunction[] = [...INTEGER_FUNCTIONS, "sqrt"];

Deno.test("map() calculates every function of int64 exactly, as the reference does", () => {
  const chance = new Chance(31);
  for (const fn of FUNCTIONS) {
    const made = body(e.call(fn, ...Array.from({ length: ARITY[fn] }, (_, i) => e.input(i))));
    for (const output of ["int64", "int64", "bool", "int32", "float64"] as const) {
      const shape = [chance.integer(1, 4), chance.integer(1, 9)];
      const inputs = Array.from({ length: ARITY[fn] }, () => chance.view("int64", shape));
      const call = { kernel: "map", body: made, compute: "int64", scalars: [], shape } as const;
      assertAsReference(map, call, inputs, [chance.view(output, shape, { repeats: false })]);
    }
  }
});

Deno.test("map() of int64 knows scalars, positions and constants beyond 2^32", () => {
  const chance = new Chance(32), x = e.input(0);
  const made = body(
    e.add(e.mul(x, e.scalar(0)), e.mul(e.coordinate(1), 2 ** 40 + 3)),
    e.where(e.less(x, Infinity), e.max(x, -Infinity), e.scalar(1)),
  );
  for (const scalars of [[3, 2 ** 45 + 1], [-(2 ** 50) - 1, 1e300]]) {
    const shape = [3, 7], call = { kernel: "map", body: made, compute: "int64", scalars, shape } as const;
    const outputs = [0, 1].map(() => chance.view("int64", shape, { repeats: false }));
    assertAsReference(map, call, [chance.view("int64", shape)], outputs);
  }
});

/** Numbers that conversions go wrong at: large, halves, and none. */
const LARGE: readonly number[] = [
  ...[2 ** 63, -(2 ** 63), 2 ** 62, -(2 ** 53), 2 ** 31, -(2 ** 32) - 1, 1e30, -1e30],
  ...[NaN, Infinity, -Infinity, -0.5, 2.5, 255, 256, -1],
];

Deno.test("map() converts between int64 and every dtype, whatever it calculates in", () => {
  const chance = new Chance(33), made = body(e.input(0)), shape = [LARGE.length + 3];
  const suited: readonly ComputeType[] = ["float32", "float64", "int32", "int64"];
  for (const from of DTYPES) {
    for (const to of DTYPES) {
      if (from !== "int64" && to !== "int64") continue;
      for (const compute of suited) {
        const fits = isFloating(from) || from === "int64" ? LARGE : LARGE.map((_, i) => i);
        const data = [...fits, 1, 0, 1], plain = { shape, strides: [1], offset: 0 };
        const inputs: Case[] = [{ ...plain, dtype: from, data }, chance.view(from, shape)];
        for (const x of inputs) {
          const output = chance.view(to, shape, { repeats: false });
          const call = { kernel: "map", body: made, compute, scalars: [], shape } as const;
          // The reference goes from int64 to a half in one rounding more or less.
          assertAsReference(map, call, [x], [output], to === "float16" ? 1e-3 : to === "bfloat16" ? 8e-3 : 0);
        }
      }
    }
  }
});

Deno.test("reduce() of int64, and of smaller integers to int64, is exact", () => {
  const chance = new Chance(34), made = body(e.input(0));
  for (const op of ["sum", "prod", "max", "min"] as const) {
    for (let i = 0; i < 30; i++) {
      const shape = Array.from({ length: chance.integer(1, 3) }, () => chance.pick([1, 2, 3, 7, 17, 40]));
      const axes = shape.map((_, a) => a).filter(() => chance.integer(0, 1) === 0);
      const kept = shape.map((n, a) => axes.includes(a) ? 1 : n);
      const x = chance.view(chance.pick(["int64", "int64", "int32", "uint8", "bool"]), shape);
      const output = chance.view("int64", kept, { repeats: false });
      const call = { kernel: "reduce", op, body: made, compute: "int64", scalars: [], shape, axes } as const;
      assertAsReference(reduce, call, [x], [output]);
    }
  }
});

Deno.test("matmul() of int64 is exact", () => {
  const chance = new Chance(35);
  for (const [m, k, n] of [[1, 1, 1], [3, 5, 2], [9, 17, 13], [40, 33, 37], [2, 0, 3]] as const) {
    for (let i = 0; i < 4; i++) {
      const inputs = [chance.view("int64", [m, k]), chance.view("int64", [k, n])];
      const output = chance.view("int64", [m, n], { repeats: false });
      assertAsReference(matmul, { kernel: "matmul", scalars: [] }, inputs, [output]);
    }
  }
});

Deno.test("gather() refuses indices whose low 32 bits would be inside", () => {
  const plain = { strides: [1], offset: 0 };
  const view = (dtype: "int64" | "float32", data: number[]) =>
    cpuView({ ...plain, dtype, data, shape: [data.length] });
  const x = view("float32", [1, 2, 3]), output = view("float32", [0]);
  for (const bad of [2 ** 32, 2 ** 40 + 1, -(2 ** 32), 3, -1]) {
    const index = view("int64", [bad]);
    assertThrows(
      () => launch(gather, { kernel: "gather", axis: 0 }, [x, index], [output]),
      RangeError,
      `current index is ${bad}`,
    );
  }
});
