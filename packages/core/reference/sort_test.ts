import { assertEquals } from "@std/assert";
import type { ReferenceView } from "./buffer.ts";
import { backend, emptyView, valuesOf, viewOf } from "./support_test.ts";

function sort(x: ReferenceView, axis = 0, descending = false): number[][] {
  const outputs = [emptyView(x.dtype, x.shape), emptyView("int32", x.shape)];
  backend.launch({ kernel: "sort", axis, descending }, [x], outputs);
  return outputs.map(valuesOf);
}

Deno.test("sort() is stable both ways", () => {
  const x = viewOf("float32", [2, 1, 2, 0, 1]);
  assertEquals(sort(x), [[0, 1, 1, 2, 2], [3, 1, 4, 0, 2]]);
  assertEquals(sort(x, 0, true), [[2, 2, 1, 1, 0], [0, 2, 1, 4, 3]]);
});

Deno.test("sort() counts NaN as the largest", () => {
  const x = viewOf("float32", [NaN, 1, Infinity, NaN, -Infinity]);
  assertEquals(sort(x), [[-Infinity, 1, Infinity, NaN, NaN], [4, 1, 2, 0, 3]]);
  assertEquals(sort(x, 0, true), [[NaN, NaN, Infinity, 1, -Infinity], [0, 3, 2, 1, 4]]);
});

Deno.test("sort() takes zeros of both signs as equal", () => {
  const [values, positions] = sort(viewOf("float32", [0, -0, 0]));
  assertEquals(values!.map((v) => Object.is(v, -0)), [false, true, false]);
  assertEquals(positions, [0, 1, 2]);
});

Deno.test("sort() runs along any axis of any view", () => {
  const x = viewOf("int32", [3, 1, 2, 0, 5, 4], [2, 3]);
  assertEquals(sort(x, 1), [[1, 2, 3, 0, 4, 5], [1, 2, 0, 0, 2, 1]]);
  assertEquals(sort(x, 0), [[0, 1, 2, 3, 5, 4], [1, 0, 0, 0, 1, 1]]);
  const reversed = { ...x, shape: [3], strides: [-1], offset: 5 };
  assertEquals(sort(reversed), [[0, 4, 5], [2, 0, 1]]);
  assertEquals(sort(viewOf("float32", [], [0])), [[], []]);
  assertEquals(sort(viewOf("float32", [3], [])), [[3], [0]]);
});
