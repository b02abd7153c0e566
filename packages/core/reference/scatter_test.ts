import { assertEquals, assertThrows } from "@std/assert";
import type { ReferenceView } from "./buffer.ts";
import { backend, valuesOf, viewOf } from "./support_test.ts";

function scatter(
  mode: "set" | "add",
  axis: number,
  index: ReferenceView,
  source: ReferenceView,
  output: ReferenceView,
): number[] {
  backend.launch({ kernel: "scatter", axis, mode }, [index, source], [output]);
  return valuesOf(output);
}

Deno.test("scatter() sets: the last of equal indices stays", () => {
  const index = viewOf("int32", [3, 1, 3]), source = viewOf("float32", [7, 8, 9]);
  assertEquals(scatter("set", 0, index, source, viewOf("float32", [0, 1, 2, 3])), [0, 8, 2, 9]);
});

Deno.test("scatter() adds to what is there", () => {
  const index = viewOf("int32", [3, 1, 3]), source = viewOf("float32", [7, 8, 9]);
  assertEquals(scatter("add", 0, index, source, viewOf("float32", [0, 1, 2, 3])), [0, 9, 2, 19]);
  const rows = viewOf("int32", [1, 1], [2, 2], { strides: [1, 0] });
  const values = viewOf("int32", [1, 2, 3, 4], [2, 2]);
  assertEquals(scatter("add", 0, rows, values, viewOf("int32", [5, 5, 5, 5], [2, 2])), [5, 5, 9, 11]);
});

Deno.test("scatter() writes along the last axis of a view, and nowhere else", () => {
  const output = viewOf("float32", [0, 0, 0, 0, 0, 0, 0], [2, 3], { strides: [-3, -1], offset: 5 });
  scatter("set", 1, viewOf("int32", [0, 2], [2, 1]), viewOf("float32", [4, 5], [2, 1]), output);
  assertEquals(valuesOf(output), [4, 0, 0, 0, 0, 5]);
  assertEquals(valuesOf({ ...output, shape: [7], strides: [1], offset: 0 }), [5, 0, 0, 0, 0, 4, 0]);
});

Deno.test("scatter() rounds a sum once", () => {
  const index = viewOf("int32", [0, 0]), source = viewOf("float16", [1, 1]);
  assertEquals(scatter("add", 0, index, source, viewOf("float16", [2048])), [2050]);
});

Deno.test("scatter() refuses indices outside", () => {
  const output = viewOf("float32", [1, 2]);
  assertThrows(
    () => scatter("set", 0, viewOf("int32", [2]), viewOf("float32", [1]), output),
    RangeError,
    "Cannot apply scatter() as indices must be integers in [0, 2): current index is 2",
  );
});
