import { assertEquals } from "@std/assert";
import { DTYPES, isFloating } from "@troodon/core";
import { scan } from "./scan.ts";
import { assertAsReference, Chance, context, cpuView, launch, valuesOf } from "../support_test.ts";

const TOLERANCE = {
  float32: 1e-6,
  float64: 1e-14,
  float16: 2e-3,
  bfloat16: 2e-2,
  int64: 0,
  int32: 0,
  uint8: 0,
  bool: 0,
};

Deno.test("scan() is as the reference has it, for all dtypes and layouts", () => {
  const chance = new Chance(1);
  for (const dtype of DTYPES) {
    for (let i = 0; i < 60; i++) {
      const shape = Array.from({ length: chance.integer(0, 3) }, () => chance.pick([0, 1, 2, 3, 5, 9]));
      const axis = chance.integer(0, Math.max(0, shape.length - 1));
      const op = chance.pick(["sum", "prod", "max", "min", "logaddexp"] as const);
      if (op === "logaddexp" && !isFloating(dtype)) continue;
      const call = { kernel: "scan", op, axis, reverse: i % 2 === 1 } as const;
      const from = chance.integer(0, 3) === 0 ? chance.pick(DTYPES) : dtype;
      const x = chance.view(from, shape), output = chance.view(dtype, shape, { repeats: false });
      assertAsReference(scan, call, [x], [output], TOLERANCE[dtype]);
    }
  }
});

Deno.test("scan() adds float32 up in float64", () => {
  const ones = Array.from({ length: 3000 }, () => 0.1);
  const view = { dtype: "float32", shape: [3000], strides: [1], offset: 0, data: ones } as const;
  const x = cpuView(view), output = cpuView(view);
  launch(scan, { kernel: "scan", op: "sum", axis: 0, reverse: false }, [x], [output]);
  assertEquals(valuesOf(output)[2999], Math.fround(3000 * Math.fround(0.1)));
  for (const { buffer } of [x, output]) context.memory.release(buffer);
});

Deno.test("scan() cuts a single long line of sums", () => {
  const chance = new Chance(11), length = 140_003;
  const x = chance.view("float32", [length], { repeats: false, special: false });
  const line = { ...x, strides: [1], offset: 1, data: [...x.data, ...new Array<number>(length).fill(0.5)] };
  const output = { ...line, data: line.data.map(() => 0) };
  assertAsReference(scan, { kernel: "scan", op: "sum", axis: 0, reverse: false }, [line], [output], 1e-6);
});

Deno.test("scan() keeps infinities and NaN in the lines that have them", () => {
  const data = [...[1, 2, 3, 4, 5], ...[1, Infinity, 1, 1, 1], ...[1, 1, 1, 1, -Infinity], ...[
    1,
    1,
    NaN,
    1,
    1,
  ]];
  const x = { dtype: "float32", data, shape: [4, 5], strides: [5, 1], offset: 0 } as const;
  assertAsReference(scan, { kernel: "scan", op: "sum", axis: 1, reverse: false }, [x], [x]);
});

Deno.test("scan() keeps infinities, NaN and signs of zero in running extrema", () => {
  const data = [...[-Infinity, 1, NaN, 2], ...[-0, 0, -0, 0], ...[0, -0, 0, -0], ...[3, Infinity, 1, -1]];
  for (const dtype of ["float32", "float64"] as const) {
    for (const op of ["max", "min"] as const) {
      for (const axis of [0, 1]) {
        const x = cpuView({ dtype, data, shape: [4, 4], strides: [4, 1], offset: 0 });
        const output = cpuView({ dtype, data: data.map(() => 5), shape: [4, 4], strides: [4, 1], offset: 0 });
        launch(scan, { kernel: "scan", op, axis, reverse: false }, [x], [output]);
        const expected = [...data];
        for (let i = 0; i < 16; i++) {
          if (axis === 0 ? i >= 4 : i % 4 > 0) {
            expected[i] = Math[op](expected[axis === 0 ? i - 4 : i - 1]!, data[i]!);
          }
        }
        assertEquals([...valuesOf(output)], expected);
        for (const { buffer } of [x, output]) context.memory.release(buffer);
      }
    }
  }
});
