import { assert, assertEquals } from "@std/assert";
import type { DType } from "./dtype.ts";
import { formatTensor } from "./print.ts";
// What PyTorch 1.13 writes; its int64 is taken for int32, and "torch." left out.
import examples from "./testdata/printed.json" with { type: "json" };

for (const { name, data, shape, dtype, suffixes, lines } of examples) {
  Deno.test(`formatTensor() writes ${name}`, () => {
    const numbers = Array.isArray(data)
      ? data.map(Number)
      : Array.from({ length: data.count }, (_, i) => i * data.step);
    const text = formatTensor({ data: numbers, shape, dtype: dtype as DType, suffixes });
    assertEquals(text.split("\n"), lines);
  });
}

Deno.test("formatTensor() names the device before the rest", () => {
  const printed = { data: [1, 2], shape: [2], dtype: "float64", device: "webgpu" } as const;
  assertEquals(
    formatTensor({ ...printed, suffixes: ["requires_grad=True"] }),
    "tensor([1., 2.], device='webgpu', dtype=float64, requires_grad=True)",
  );
});

Deno.test("formatTensor() shows all of 1000 elements, and few of more", () => {
  const data = Array.from({ length: 1000 }, (_, i) => i);
  const text = formatTensor({ data, shape: [1000], dtype: "int32" });
  assertEquals(text.match(/\d+/g)?.map(Number), data);
  assert(formatTensor({ data: [...data, 0], shape: [1001], dtype: "int32" }).includes("2,  ..., 998"));
});
