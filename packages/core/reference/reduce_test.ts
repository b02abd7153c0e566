import { assertEquals } from "@std/assert";
import type { ReduceOp } from "../backend/kernel_call.ts";
import type { ComputeType, DType } from "../dtype.ts";
import { body } from "../expr/body.ts";
import * as e from "../expr/expr.ts";
import type { ReferenceView } from "./buffer.ts";
import { backend, emptyView, valuesOf, viewOf } from "./support_test.ts";

const SAME = body(e.input(0));

function reduce(
  op: ReduceOp,
  x: ReferenceView,
  axes: number[],
  { compute = "float32", dtype = x.dtype, of = SAME, post }: {
    compute?: ComputeType;
    dtype?: DType;
    of?: typeof SAME;
    post?: typeof SAME;
  } = {},
): number[] {
  const output = emptyView(dtype, x.shape.map((n, i) => axes.includes(i) ? 1 : n));
  const call = { kernel: "reduce", op, body: of, compute, scalars: [4], shape: x.shape, axes } as const;
  backend.launch(post ? { ...call, post } : call, [x], [output]);
  return valuesOf(output);
}

Deno.test("reduce() runs over any axes", () => {
  const x = viewOf("float32", [1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
  assertEquals(reduce("sum", x, [0, 1, 2]), [36]);
  assertEquals(reduce("sum", x, [1]), [4, 6, 12, 14]);
  assertEquals(reduce("sum", x, [0, 2]), [14, 22]);
  assertEquals(reduce("prod", x, [2]), [2, 12, 30, 56]);
  assertEquals(reduce("max", { ...x, shape: [2, 2], strides: [-4, 2], offset: 5 }, [0]), [6, 8]);
  assertEquals(reduce("min", x, []), [1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("reduce() lets NaN win", () => {
  const x = viewOf("float32", [1, NaN, 3]);
  for (const op of ["sum", "prod", "max", "min"] as const) assertEquals(reduce(op, x, [0]), [NaN]);
});

Deno.test("reduce() of nothing", () => {
  const x = viewOf("float32", [], [0]);
  const found = (["sum", "prod", "max", "min"] as const).map((op) => reduce(op, x, [0])[0]);
  assertEquals(found, [0, 1, -Infinity, Infinity]);
  assertEquals(reduce("max", viewOf("int32", [], [0]), [0], { compute: "int32" }), [-(2 ** 31)]);
  assertEquals(reduce("sum", viewOf("float32", [], [2, 0]), [0]), []);
});

Deno.test("reduce() applies a body before and another after", () => {
  const x = viewOf("float32", [3, 4, 6, 8], [2, 2]);
  const of = body(e.square(e.input(0))), post = body(e.div(e.sqrt(e.input(0)), e.scalar(0)));
  assertEquals(reduce("sum", x, [1], { of, post }), [1.25, 2.5]);
});

Deno.test("reduce() wraps in int32", () => {
  const x = viewOf("uint8", [255, 255]);
  assertEquals(reduce("sum", x, [0], { compute: "int32", dtype: "int32" }), [510]);
  assertEquals(reduce("sum", x, [0], { compute: "int32" }), [254]);
  const y = viewOf("int32", [2 ** 31 - 1, 2]);
  assertEquals(reduce("sum", y, [0], { compute: "int32" }), [-(2 ** 31) + 1]);
  assertEquals(reduce("prod", y, [0], { compute: "int32" }), [-2]);
});
