import { assertEquals, assertThrows } from "@std/assert";
import type { ReferenceView } from "./buffer.ts";
import { backend, emptyView, valuesOf, viewOf } from "./support_test.ts";

function gather(x: ReferenceView, index: ReferenceView, axis: number): number[] {
  const output = emptyView(x.dtype, index.shape);
  backend.launch({ kernel: "gather", axis }, [x, index], [output]);
  return valuesOf(output);
}

Deno.test("gather() picks along an axis", () => {
  const x = viewOf("float32", [1, 2, 3, 4, 5, 6], [2, 3]);
  assertEquals(gather(x, viewOf("int32", [2, 0, 1, 1], [2, 2]), 1), [3, 1, 5, 5]);
  assertEquals(gather(x, viewOf("int32", [1, 0, 1], [1, 3]), 0), [4, 2, 6]);
});

Deno.test("gather() picks rows by an index of stride 0", () => {
  const x = viewOf("int32", [1, 2, 3, 4, 5, 6], [3, 2]);
  const index = viewOf("int32", [2, 0], [2, 2], { strides: [1, 0] });
  assertEquals(gather(x, index, 0), [5, 6, 1, 2]);
});

Deno.test("gather() keeps what every dtype holds", () => {
  for (const dtype of ["float64", "float16", "bfloat16", "int32", "uint8", "bool"] as const) {
    assertEquals(gather(viewOf(dtype, [0, 1]), viewOf("int32", [1, 0, 1]), 0), [1, 0, 1]);
  }
});

Deno.test("gather() refuses indices outside", () => {
  const x = viewOf("float32", [1, 2]);
  for (const bad of [2, -1]) {
    assertThrows(
      () => gather(x, viewOf("int32", [0, bad]), 0),
      RangeError,
      `Cannot apply gather() as indices must be integers in [0, 2): current index is ${bad}`,
    );
  }
  assertEquals(gather(viewOf("float32", [], [0]), viewOf("int32", [], [0]), 0), []);
});
