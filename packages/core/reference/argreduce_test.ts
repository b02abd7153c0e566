import { assertEquals } from "@std/assert";
import type { DType } from "../dtype.ts";
import type { Layout } from "../layout.ts";
import { backend, emptyView, valuesOf, viewOf } from "./support_test.ts";

function argreduce(
  op: "max" | "min",
  axis: number,
  data: number[],
  shape: number[] = [data.length],
  { dtype = "float32", ...layout }: Partial<Layout> & { dtype?: DType } = {},
): number[] {
  const output = emptyView("int32", shape.length === 0 ? [] : shape.with(axis, 1));
  backend.launch({ kernel: "argreduce", op, axis }, [viewOf(dtype, data, shape, layout)], [output]);
  return valuesOf(output);
}

Deno.test("argreduce() finds the first of equals along an axis", () => {
  const data = [1, 5, 5, 7, 0, 7];
  assertEquals(argreduce("max", 1, data, [2, 3]), [1, 0]);
  assertEquals(argreduce("max", 0, data, [2, 3]), [1, 0, 1]);
  assertEquals(argreduce("min", 1, data, [2, 3]), [0, 1]);
});

Deno.test("argreduce() lets the first NaN win", () => {
  assertEquals(argreduce("max", 0, [1, NaN, Infinity, NaN]), [1]);
  assertEquals(argreduce("min", 0, [NaN, -1, NaN]), [0]);
});

Deno.test("argreduce() takes scalars, infinities, no lines and negative strides", () => {
  assertEquals(argreduce("max", 0, [3], []), [0]);
  assertEquals(argreduce("max", 0, [-Infinity, -Infinity]), [0]);
  assertEquals(argreduce("max", 1, [], [0, 3]), []);
  assertEquals(argreduce("max", 0, [9, 1, 2, 3], [3], { strides: [-1], offset: 3 }), [0]);
});

Deno.test("argreduce() takes every dtype", () => {
  for (const dtype of ["float64", "float16", "bfloat16", "int32", "uint8", "bool"] as const) {
    assertEquals(argreduce("max", 0, [0, 1, 0], [3], { dtype }), [1]);
  }
});
