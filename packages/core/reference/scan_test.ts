import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { ScanCall } from "../backend/kernel_call.ts";
import { backend, emptyView, valuesOf, viewOf } from "./support_test.ts";
import type { ReferenceView } from "./buffer.ts";

function scan(op: ScanCall["op"], x: ReferenceView, axis = 0, reverse = false, dtype = x.dtype): number[] {
  const output = emptyView(dtype, x.shape);
  backend.launch({ kernel: "scan", op, axis, reverse }, [x], [output]);
  return valuesOf(output);
}

Deno.test("scan() runs along either axis, either way", () => {
  const x = viewOf("float32", [1, 2, 3, 4, 5, 6], [2, 3]);
  assertEquals(scan("sum", x, 1), [1, 3, 6, 4, 9, 15]);
  assertEquals(scan("sum", x, 0), [1, 2, 3, 5, 7, 9]);
  assertEquals(scan("sum", x, 1, true), [6, 5, 3, 15, 11, 6]);
  assertEquals(scan("prod", x, 1), [1, 2, 6, 4, 20, 120]);
});

Deno.test("scan() of max and min goes on with NaN", () => {
  const x = viewOf("float32", [2, 1, 3, NaN, 4]);
  assertEquals(scan("max", x), [2, 2, 3, NaN, NaN]);
  assertEquals(scan("min", x), [2, 1, 1, NaN, NaN]);
});

Deno.test("scan() of logaddexp neither overflows nor makes NaN of infinities", () => {
  const [a, b] = scan("logaddexp", viewOf("float64", [1000, 1000]));
  assertEquals(a, 1000);
  assertAlmostEquals(b!, 1000 + Math.LN2);
  assertEquals(scan("logaddexp", viewOf("float64", [-Infinity, -Infinity, 1, Infinity])), [
    -Infinity,
    -Infinity,
    1,
    Infinity,
  ]);
});

Deno.test("scan() calculates in the output's type", () => {
  assertEquals(scan("sum", viewOf("bool", [1, 1, 1]), 0, false, "int32"), [1, 2, 3]);
  assertEquals(scan("sum", viewOf("uint8", [200, 100])), [200, 44]);
  assertEquals(scan("sum", viewOf("int32", [2 ** 31 - 1, 1])), [2 ** 31 - 1, -(2 ** 31)]);
  assertEquals(scan("prod", viewOf("int32", [65537, 65537])), [65537, 131073]);
});

Deno.test("scan() takes views, scalars and empties", () => {
  assertEquals(scan("sum", viewOf("float32", [9, 1, 2, 3], [3], { strides: [-1], offset: 3 })), [3, 5, 6]);
  assertEquals(scan("sum", viewOf("float32", [5], [])), [5]);
  assertEquals(scan("sum", viewOf("float32", [], [2, 0]), 1), []);
});
