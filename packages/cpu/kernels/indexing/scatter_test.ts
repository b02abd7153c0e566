import { assertThrows } from "@std/assert";
import { DTYPES } from "@troodon/core";
import { scatter } from "./scatter.ts";
import { assertAsReference, Chance, context, cpuView, crews, launch } from "../support_test.ts";

const MODES = ["set", "add", "mul", "max", "min"] as const;

Deno.test("scatter() is as the reference has it, for all dtypes and layouts", () => {
  const chance = new Chance(6);
  for (const dtype of DTYPES) {
    for (let i = 0; i < 80; i++) {
      const shape = Array.from({ length: chance.integer(1, 3) }, () => chance.integer(1, 6));
      const axis = chance.integer(0, shape.length - 1);
      const placed = shape.map((n, d) => d === axis ? chance.integer(0, 6) : chance.integer(1, n));
      const index = chance.view(chance.pick(["int32", "int64"]), placed, { bound: shape[axis]! });
      const call = { kernel: "scatter", axis, mode: chance.pick(MODES) } as const;
      const source = chance.view(dtype, placed), output = chance.view(dtype, shape, { repeats: false });
      assertAsReference(scatter, call, [index, source], [output]);
    }
  }
});

Deno.test("scatter() takes whole rows where an index has stride 0", () => {
  const chance = new Chance(7);
  for (const dtype of DTYPES) {
    for (const mode of MODES) {
      const values = (length: number) => Array.from({ length }, () => chance.value(dtype));
      const source = { dtype, data: values(4 * 19), shape: [4, 19], strides: [19, 1], offset: 0 };
      const output = { dtype, data: values(3 * 19), shape: [3, 19], strides: [19, 1], offset: 0 };
      const index = {
        dtype: "int32",
        data: [2, 0, 2, 2],
        shape: [4, 19],
        strides: [1, 0],
        offset: 0,
      } as const;
      assertAsReference(scatter, { kernel: "scatter", axis: 0, mode }, [index, source], [output]);
    }
  }
});

Deno.test("scatter() refuses indices outside", () => {
  const view = (data: number[]) =>
    cpuView({ dtype: "int32", data, shape: [data.length], strides: [1], offset: 0 });
  const source = view([5, 6]), output = view([0, 0, 0]), index = view([1, -2]);
  for (const within of [context, ...crews]) {
    assertThrows(
      () => launch(scatter, { kernel: "scatter", axis: 0, mode: "add" }, [index, source], [output], within),
      RangeError,
      "Cannot apply scatter() as indices must be integers in [0, 3): current index is -2",
    );
  }
  for (const { buffer } of [source, output, index]) context.memory.release(buffer);
});
