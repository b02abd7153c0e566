import { DTYPES } from "@troodon/core";
import { sort } from "./sort.ts";
import { assertAsReference, Chance } from "../support_test.ts";

Deno.test("sort() is as the reference has it, for all dtypes and layouts", () => {
  const chance = new Chance(8);
  for (const dtype of DTYPES) {
    for (let i = 0; i < 60; i++) {
      const shape = Array.from({ length: chance.integer(0, 3) }, () => chance.pick([0, 1, 2, 3, 15, 18]));
      const axis = chance.integer(0, Math.max(0, shape.length - 1));
      const call = { kernel: "sort", axis, descending: i % 2 === 1 } as const;
      const places = chance.pick(["int32", "int64"] as const);
      const outputs = [dtype, places].map((type) => chance.view(type, shape, { repeats: false }));
      assertAsReference(sort, call, [chance.view(dtype, shape)], outputs);
    }
  }
});

Deno.test("sort() merges runs of any number", () => {
  const chance = new Chance(9);
  for (const dtype of ["float32", "float64", "int32", "int64", "bfloat16"] as const) {
    for (const length of [16, 17, 31, 32, 33, 63, 64, 65, 100, 1000]) {
      const outputs = [dtype, "int32" as const].map((type) =>
        chance.view(type, [length], { repeats: false })
      );
      const call = { kernel: "sort", axis: 0, descending: chance.pick([true, false]) } as const;
      assertAsReference(sort, call, [chance.view(dtype, [length], { repeats: false })], outputs);
    }
  }
});

Deno.test("sort() of long lines goes byte by byte", () => {
  const chance = new Chance(10);
  for (const dtype of ["float32", "int32", "float16", "float64", "int64"] as const) {
    const length = dtype.endsWith("64") ? 8200 : 300;
    for (const descending of [true, false]) {
      const x = chance.view(dtype, [2, length], { repeats: false });
      const wide = { ...x, data: x.data.map((n, i) => i % 3 === 0 ? n * 12345 : n) };
      const outputs = [dtype, "int32" as const].map((type) =>
        chance.view(type, [2, length], { repeats: false })
      );
      assertAsReference(sort, { kernel: "sort", axis: 1, descending }, [wide], outputs);
    }
  }
});

Deno.test("sort() orders the extremes", () => {
  const data = [2 ** 31 - 1, -(2 ** 31), 0, -1, 1, 2 ** 31 - 1, -(2 ** 31)];
  const output = { dtype: "int32", data, shape: [7], strides: [1], offset: 0 } as const;
  for (const descending of [false, true]) {
    const call = { kernel: "sort", axis: 0, descending } as const;
    assertAsReference(sort, call, [output], [output, output]);
    for (const dtype of ["float32", "float64"] as const) {
      const floats = [3e38, -3e38, 1e-45, -1e-45, -0, 0, Infinity, NaN, -Infinity];
      const x = { dtype, data: floats, shape: [9], strides: [1], offset: 0 };
      const positions = { ...x, dtype: "int32", data: floats.map(() => 0) } as const;
      assertAsReference(sort, call, [x], [x, positions]);
    }
  }
});
