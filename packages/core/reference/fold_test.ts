import { assertEquals } from "@std/assert";
import { backend, emptyView, valuesOf, viewOf } from "./support_test.ts";

Deno.test("fold() adds windows up where they overlap", () => {
  const x = viewOf("float32", [1, 2, 3, 10, 20, 30], [2, 3]);
  const output = emptyView("float32", [4]);
  backend.launch({ kernel: "fold", axis: 0, step: 1, dilation: 1 }, [x], [output]);
  assertEquals(valuesOf(output), [1, 12, 23, 30]);
});

Deno.test("fold() leaves 0 where no window reaches", () => {
  const x = viewOf("int32", [1, 2, 3, 4], [2, 2]);
  const output = emptyView("int32", [7]);
  backend.launch({ kernel: "fold", axis: 0, step: 3, dilation: 2 }, [x], [output]);
  assertEquals(valuesOf(output), [1, 0, 2, 3, 0, 4, 0]);
});

Deno.test("fold() runs along a middle axis", () => {
  // [outer 2, windows 2, inner 2, size 2]
  const x = viewOf("float64", [...Array(16).keys()], [2, 2, 2, 2]);
  const output = emptyView("float64", [2, 3, 2]);
  backend.launch({ kernel: "fold", axis: 1, step: 1, dilation: 1 }, [x], [output]);
  assertEquals(valuesOf(output), [0, 2, 1 + 4, 3 + 6, 5, 7, 8, 10, 9 + 12, 11 + 14, 13, 15]);
});

Deno.test("fold() of no windows is 0", () => {
  const output = emptyView("float32", [2]);
  backend.launch({ kernel: "fold", axis: 0, step: 1, dilation: 1 }, [viewOf("float32", [], [0, 2])], [
    output,
  ]);
  assertEquals(valuesOf(output), [0, 0]);
});
