import { assertThrows } from "@std/assert";
import { DTYPES } from "@troodon/core";
import { gather } from "./gather.ts";
import { assertAsReference, Chance, context, cpuView, crews, launch } from "../support_test.ts";

Deno.test("gather() is as the reference has it, for all dtypes and layouts", () => {
  const chance = new Chance(4);
  for (const dtype of DTYPES) {
    for (let i = 0; i < 60; i++) {
      const shape = Array.from({ length: chance.integer(1, 3) }, () => chance.integer(1, 6));
      const axis = chance.integer(0, shape.length - 1);
      const picked = shape.map((n, d) => d === axis ? chance.integer(0, 6) : chance.integer(1, n));
      const index = chance.view(chance.pick(["int32", "int64"]), picked, { bound: shape[axis]! });
      const output = chance.view(dtype, picked, { repeats: false });
      assertAsReference(gather, { kernel: "gather", axis }, [chance.view(dtype, shape), index], [output]);
    }
  }
});

Deno.test("gather() copies whole rows where an index has stride 0", () => {
  const chance = new Chance(5);
  for (const dtype of DTYPES) {
    const x = { dtype, data: Array.from({ length: 60 }, () => chance.value(dtype)), offset: 0 };
    const output = { ...x, shape: [2, 2, 20], strides: [40, 20, 1], data: [...x.data, ...x.data] };
    const index = {
      dtype: "int32",
      data: [2, 0, 1, 1],
      shape: [2, 2, 20],
      strides: [2, 1, 0],
      offset: 0,
    } as const;
    const rows = { ...x, shape: [2, 3, 20], strides: [0, 20, 1] };
    assertAsReference(gather, { kernel: "gather", axis: 1 }, [rows, index], [output]);
  }
});

Deno.test("gather() refuses indices outside", () => {
  const view = (data: number[]) =>
    cpuView({ dtype: "int32", data, shape: [data.length], strides: [1], offset: 0 });
  const x = view([5, 6, 7]), output = view([0, 0]);
  for (const bad of [3, -1]) {
    const index = view([0, bad]);
    assertThrows(
      () => launch(gather, { kernel: "gather", axis: 0 }, [x, index], [output]),
      RangeError,
      `Cannot apply gather() as indices must be integers in [0, 3): current index is ${bad}`,
    );
    context.memory.release(index.buffer);
  }
  for (const { buffer } of [x, output]) context.memory.release(buffer);
});

Deno.test("gather() says what an index outside means, one plan for each meaning", () => {
  const view = (data: number[]) =>
    cpuView({ dtype: "int32", data, shape: [data.length], strides: [1], offset: 0 });
  const x = view([0]), index = view([1]), output = view([0]);
  const call = { kernel: "gather", axis: 0 } as const;
  for (const refusal of ["div", undefined, "remainder"] as const) {
    assertThrows(
      () => launch(gather, refusal ? { ...call, refusal } : call, [x, index], [output]),
      RangeError,
      refusal ? `Cannot apply ${refusal}() as integers must not be divided by 0` : "current index is 1",
    );
  }
  for (const { buffer } of [x, index, output]) context.memory.release(buffer);
});

Deno.test("gather() names the first index outside, for any number of threads", () => {
  const x = cpuView({ dtype: "int32", data: [5, 6, 7], shape: [3], strides: [1], offset: 0 });
  const data = new Array<number>(100).fill(0);
  for (const [at, bad] of [[30, 9], [31, -1], [99, 4]] as const) data[at] = bad;
  const index = cpuView({ dtype: "int32", data, shape: [100], strides: [1], offset: 0 });
  const output = cpuView({ dtype: "int32", data, shape: [100], strides: [1], offset: 0 });
  for (const crew of crews) {
    const call = { kernel: "gather", axis: 0 } as const;
    assertThrows(() => launch(gather, call, [x, index], [output], crew), RangeError, "current index is 9");
  }
  for (const { buffer } of [x, index, output]) context.memory.release(buffer);
});
