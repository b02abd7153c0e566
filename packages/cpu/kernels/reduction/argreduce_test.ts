import { DTYPES } from "@troodon/core";
import { argreduce } from "./argreduce.ts";
import { assertAsReference, Chance } from "../support_test.ts";

Deno.test("argreduce() is as the reference has it, for all dtypes and layouts", () => {
  const chance = new Chance(2);
  for (const dtype of DTYPES) {
    for (let i = 0; i < 60; i++) {
      const shape = Array.from(
        { length: chance.integer(0, 3) },
        () => chance.pick([1, 2, 3, 5, 7, 10, 17, 22]),
      );
      const axis = chance.integer(0, Math.max(0, shape.length - 1));
      const call = { kernel: "argreduce", op: chance.pick(["max", "min"] as const), axis } as const;
      const reduced = shape.length === 0 ? [] : shape.with(axis, 1);
      const special = chance.integer(0, 1) === 0;
      const output = chance.view(chance.pick(["int32", "int64"]), reduced, { repeats: false });
      assertAsReference(argreduce, call, [chance.view(dtype, shape, { special })], [output]);
    }
  }
});

Deno.test("argreduce() finds the one that matters anywhere in a line of vectors", () => {
  const places = [8, 9, 10, 15, 23].flatMap((length) => [...Array(length).keys()].map((at) => [length, at]));
  for (const dtype of ["float32", "float64", "int32"] as const) {
    for (const [length, at] of places as [number, number][]) {
      for (const [op, value] of [["max", 7], ["min", -7], ["max", NaN], ["min", NaN], ["max", 0]] as const) {
        if (dtype === "int32" && Number.isNaN(value)) continue;
        const data = Array.from({ length }, (_, i) => i === at || i > length - 4 ? value : 0);
        const x = { dtype, data, shape: [1, length], strides: [length, 1], offset: 0 };
        const output = { dtype: "int32", data: [-1], shape: [1, 1], strides: [1, 1], offset: 0 } as const;
        assertAsReference(argreduce, { kernel: "argreduce", op, axis: 1 }, [x], [output]);
      }
    }
  }
});

Deno.test("argreduce() goes down wide rows", () => {
  const chance = new Chance(4);
  for (const dtype of ["float32", "int32"] as const) {
    for (const width of [16, 17, 2050, 4100]) {
      for (const [op, special] of [["max", true], ["min", false]] as const) {
        const x = chance.view(dtype, [2, 3, width], { special });
        const call = { kernel: "argreduce", op, axis: 1 } as const;
        assertAsReference(argreduce, call, [x], [chance.view("int32", [2, 1, width], { repeats: false })]);
      }
    }
  }
});

Deno.test("argreduce() cuts a single long line", () => {
  const length = 200_003,
    empty = { dtype: "int32", data: [-1], shape: [1], strides: [1], offset: 0 } as const;
  for (const dtype of ["float32", "float64", "int32"] as const) {
    for (const peaks of [[5], [65_535, 65_536], [131_072, 199_999], [length - 1]]) {
      for (const value of dtype === "int32" ? [7] : [7, NaN]) {
        const data = new Array<number>(length).fill(-1);
        for (const at of peaks) data[at] = value;
        if (Number.isNaN(value)) data[0] = 9;
        const x = { dtype, data, shape: [length], strides: [1], offset: 0 };
        assertAsReference(argreduce, { kernel: "argreduce", op: "max", axis: 0 }, [x], [empty]);
      }
    }
  }
});

Deno.test("argreduce() of no lines", () => {
  const chance = new Chance(3);
  const call = { kernel: "argreduce", op: "max", axis: 1 } as const;
  assertAsReference(argreduce, call, [chance.view("float32", [0, 3])], [chance.view("int32", [0, 1])]);
});
