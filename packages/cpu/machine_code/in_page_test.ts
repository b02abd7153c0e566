import { assertEquals, assertThrows } from "@std/assert";
import { needsMachineCode } from "./needs_machine_code.ts";

const FILES = [
  "conv/wide_correlate",
  "conv/wide_scatter",
  "conv/wide_weigh",
  "conv/wide_weigher",
  "gemm/wide_product",
];

Deno.test("needsMachineCode() stands in pages for all that other modules import of kernels for wide vectors", async () => {
  for (const file of FILES) {
    const [own, inPage] = await Promise.all(["", "_in_page"].map((end) => import(`../${file}${end}.ts`)));
    assertEquals(Object.keys(inPage).sort(), Object.keys(own).sort(), file);
    for (const value of Object.values(inPage)) assertEquals(value, needsMachineCode);
  }
  assertThrows(needsMachineCode, TypeError, "a page runs none");
});
