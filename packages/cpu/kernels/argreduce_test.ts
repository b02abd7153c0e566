import { DTYPES } from "@troodon/core";
import { argreduce } from "./argreduce.ts";
import { assertAsReference, Chance } from "./support_test.ts";

Deno.test("argreduce() is as the reference has it, for all dtypes and layouts", () => {
  const chance = new Chance(2);
  for (const dtype of DTYPES) {
    for (let i = 0; i < 60; i++) {
      const shape = Array.from({ length: chance.integer(0, 3) }, () => chance.pick([1, 2, 3, 5, 17, 22]));
      const axis = chance.integer(0, Math.max(0, shape.length - 1));
      const call = { kernel: "argreduce", op: chance.pick(["max", "min"] as const), axis } as const;
      const reduced = shape.length === 0 ? [] : shape.with(axis, 1);
      const special = chance.integer(0, 1) === 0;
      const output = chance.view("int32", reduced, { repeats: false });
      assertAsReference(argreduce, call, [chance.view(dtype, shape, { special })], [output]);
    }
  }
});

Deno.test("argreduce() finds the one that matters anywhere in a line of vectors", () => {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    for (let at = 0; at < 23; at++) {
      for (const [op, value] of [["max", 7], ["min", -7], ["max", NaN], ["min", NaN], ["max", 0]] as const) {
        if (dtype === "int32" && Number.isNaN(value)) continue;
        const data = Array.from({ length: 23 }, (_, i) => i === at || i > 19 ? value : 0);
        const x = { dtype, data, shape: [1, 23], strides: [23, 1], offset: 0 };
        const output = { dtype: "int32", data: [-1], shape: [1, 1], strides: [1, 1], offset: 0 } as const;
        assertAsReference(argreduce, { kernel: "argreduce", op, axis: 1 }, [x], [output]);
      }
    }
  }
});

Deno.test("argreduce() of no lines", () => {
  const chance = new Chance(3);
  const call = { kernel: "argreduce", op: "max", axis: 1 } as const;
  assertAsReference(argreduce, call, [chance.view("float32", [0, 3])], [chance.view("int32", [0, 1])]);
});
