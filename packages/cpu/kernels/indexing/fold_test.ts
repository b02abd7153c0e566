import { DTYPES } from "@troodon/core";
import { fold } from "./fold.ts";
import { assertAsReference, Chance } from "../support_test.ts";

Deno.test("fold() is as the reference has it, for all dtypes and layouts", () => {
  const chance = new Chance(10);
  for (const dtype of DTYPES) {
    for (let i = 0; i < 60; i++) {
      const rank = chance.integer(1, 3), axis = chance.integer(0, rank - 1);
      const windows = chance.integer(0, 4), size = chance.integer(1, 6);
      const step = chance.integer(1, 3), dilation = chance.integer(1, 2);
      const least = Math.max(0, windows - 1) * step + (size - 1) * dilation + 1;
      const shape = Array.from({ length: rank }, () => chance.integer(1, 4));
      const x = chance.view(dtype, [...shape.with(axis, windows), size], { special: false });
      const output = chance.view(dtype, shape.with(axis, least + chance.integer(0, 2)), { repeats: false });
      assertAsReference(fold, { kernel: "fold", axis, step, dilation }, [x], [output]);
    }
  }
});

Deno.test("fold() adds windows that overlap by one thread", () => {
  const windows = 300, size = 3000, x = { dtype: "float32", offset: 0 } as const;
  const input = {
    ...x,
    data: new Array<number>(windows * size).fill(1),
    shape: [windows, size],
    strides: [size, 1],
  };
  const length = windows + size - 1;
  const output = { ...x, data: new Array<number>(length).fill(7), shape: [length], strides: [1] };
  assertAsReference(fold, { kernel: "fold", axis: 0, step: 1, dilation: 1 }, [input], [output]);
});
