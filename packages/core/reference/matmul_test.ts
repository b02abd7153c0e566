import { assertEquals } from "@std/assert";
import { body } from "../expr/body.ts";
import * as e from "../expr/expr.ts";
import type { ReferenceView } from "./buffer.ts";
import { backend, emptyView, valuesOf, viewOf } from "./support_test.ts";

function matmul(a: ReferenceView, b: ReferenceView): number[] {
  const output = emptyView(a.dtype, [...a.shape.slice(0, -1), b.shape.at(-1)!]);
  backend.launch({ kernel: "matmul", scalars: [] }, [a, b], [output]);
  return valuesOf(output);
}

Deno.test("matmul() multiplies matrices, transposed by their strides", () => {
  const a = viewOf("float32", [1, 2, 3, 4, 5, 6], [2, 3]);
  const b = viewOf("float32", [1, 0, 2, 1, 0, 1], [3, 2]);
  assertEquals(matmul(a, b), [5, 5, 14, 11]);
  const transposed = viewOf("float32", [1, 2, 0, 0, 1, 1], [3, 2], { strides: [1, 3] });
  assertEquals(matmul(a, transposed), [5, 5, 14, 11]);
});

Deno.test("matmul() repeats a batch of stride 0", () => {
  const a = viewOf("int32", [1, 2], [2, 1, 2], { strides: [0, 0, 1] });
  const b = viewOf("int32", [1, 2, 3, 4], [2, 2, 1]);
  assertEquals(matmul(a, b), [5, 11]);
});

Deno.test("matmul() over no depth is 0, of no rows nothing", () => {
  assertEquals(matmul(viewOf("float32", [], [2, 0]), viewOf("float32", [], [0, 2])), [0, 0, 0, 0]);
  assertEquals(matmul(viewOf("float32", [], [0, 1]), viewOf("float32", [1, 2], [1, 2])), []);
});

Deno.test("matmul() wraps in int32 and keeps NaN", () => {
  assertEquals(matmul(viewOf("int32", [65536], [1, 1]), viewOf("int32", [65537], [1, 1])), [65536]);
  assertEquals(matmul(viewOf("float64", [0], [1, 1]), viewOf("float64", [Infinity], [1, 1])), [NaN]);
});

Deno.test("matmul() maps its products before they are stored", () => {
  const output = emptyView("float32", [1, 2]);
  const epilogue = body(e.max(e.add(e.input(0), e.mul(e.scalar(0), e.input(1))), 0));
  backend.launch(
    { kernel: "matmul", epilogue, scalars: [2] },
    [
      viewOf("float32", [1, -1], [1, 2]),
      viewOf("float32", [1, 2, 3, 4], [2, 2]),
      viewOf("float32", [5, -5], [1, 2]),
    ],
    [output],
  );
  assertEquals(valuesOf(output), [8, 0]);
});
