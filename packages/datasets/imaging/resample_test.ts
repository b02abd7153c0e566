import { assertEquals } from "@std/assert";
import { Generator } from "@troodon/core";
import { FILTERS, resampleColumns, resampleRows } from "./resample.ts";

const random = new Generator(3);
const bytes = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => [0, 255, random.integer(256)][random.integer(3)]!);
const LENGTHS = [[1, 3], [7, 7], [9, 2], [20, 31], [50, 17], [400, 3]] as const;

for (const [name, filter] of Object.entries(FILTERS)) {
  Deno.test(`resampleRows() with the filter ${name} gives the same bytes with and without WebAssembly`, () => {
    for (const [from, to] of LENGTHS) {
      for (const channels of [1, 2, 3, 4]) {
        const data = bytes(from * 5 * channels);
        const expected = resampleRows(data, from, 5, to, channels, filter, null);
        assertEquals(resampleRows(data, from, 5, to, channels, filter), expected);
      }
    }
  });

  Deno.test(`resampleColumns() with the filter ${name} gives the same bytes with and without WebAssembly`, () => {
    for (const [from, to] of LENGTHS) {
      for (const line of [1, 15, 16, 50]) {
        const data = bytes(from * line);
        const expected = resampleColumns(data, from, line, to, filter, null);
        assertEquals(resampleColumns(data, from, line, to, filter), expected);
      }
    }
  });
}

Deno.test("resampleRows() and resampleColumns() scale images that exceed the memory of a strip", () => {
  const width = 1000, height = 700, data = bytes(width * height);
  const expected = resampleRows(data, width, height, 900, 1, FILTERS.bilinear, null);
  assertEquals(resampleRows(data, width, height, 900, 1, FILTERS.bilinear), expected);
  assertEquals(
    resampleColumns(data, height, width, 400, FILTERS.bilinear),
    resampleColumns(data, height, width, 400, FILTERS.bilinear, null),
  );
});
