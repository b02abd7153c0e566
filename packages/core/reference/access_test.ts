import { assertEquals } from "@std/assert";
import { DTYPES } from "../dtype.ts";
import { fromBfloat16, reader, toBfloat16, writer } from "./access.ts";
import { emptyView, viewOf } from "./support_test.ts";

Deno.test("reader() and writer() keep what every dtype can hold", () => {
  for (const dtype of DTYPES) {
    const view = viewOf(dtype, [1, 0, 1]);
    assertEquals([0, 1, 2].map((i) => reader(view)(i)), [1, 0, 1]);
  }
});

Deno.test("writer() rounds to the dtype", () => {
  const stored = (dtype: (typeof DTYPES)[number], value: number): number => {
    const view = emptyView(dtype, [1]);
    writer(view)(0, value);
    return reader(view)(0);
  };
  assertEquals(stored("float32", 0.1), Math.fround(0.1));
  assertEquals(stored("float64", 0.1), 0.1);
  assertEquals(stored("float16", 2049), 2048);
  assertEquals(stored("float16", 1e6), Infinity);
  assertEquals(stored("bfloat16", 257), 256);
  assertEquals(stored("int32", -2.9), -2);
  assertEquals(stored("int32", 1e10), 2 ** 31 - 1);
  assertEquals(stored("int32", NaN), 0);
  assertEquals(stored("uint8", 300), 44);
  assertEquals(stored("uint8", -1), 255);
  assertEquals(stored("bool", -0.5), 1);
  assertEquals(stored("bool", NaN), 1);
  assertEquals(stored("bool", -0), 0);
});

Deno.test("reader() converts to the type of the calculation", () => {
  assertEquals(reader(viewOf("int32", [2 ** 24 + 1]), "float32")(0), 2 ** 24);
  assertEquals(reader(viewOf("float32", [-1.5]), "int32")(0), -1);
  assertEquals(reader(viewOf("bfloat16", [3.5]), "int32")(0), 3);
  assertEquals(reader(viewOf("float64", [0.1]), "float32")(0), Math.fround(0.1));
});

Deno.test("toBfloat16() rounds to nearest, ties to even", () => {
  const rounded = (value: number): number => fromBfloat16(toBfloat16(value));
  assertEquals(rounded(1 + 2 ** -8), 1);
  assertEquals(rounded(1 + 3 * 2 ** -8), 1 + 2 ** -6);
  assertEquals(rounded(-1 - 1.5 * 2 ** -8), -1 - 2 ** -7);
  assertEquals(rounded(3.4e38), Infinity);
  assertEquals(rounded(-Infinity), -Infinity);
  assertEquals(rounded(NaN), NaN);
  assertEquals(Object.is(rounded(-0), -0), true);
});
