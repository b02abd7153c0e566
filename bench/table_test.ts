import { assertEquals } from "@std/assert";
import { digits, formatBytes, formatTable } from "./table.ts";

Deno.test("formatTable() lines columns up as deno fmt does", () => {
  assertEquals(
    formatTable(["kernel", "ms"], [["map", "12.5"], ["matmul 8", "3"]]),
    ["| kernel   |   ms |", "| -------- | ---: |", "| map      | 12.5 |", "| matmul 8 |    3 |"].join("\n"),
  );
});

Deno.test("digits() keeps three of them and knows what is no number", () => {
  assertEquals([0.001234, 0.5, 12.34, 123.4, 98765].map(digits), [
    "0.00123",
    "0.500",
    "12.3",
    "123",
    "98765",
  ]);
  assertEquals([0, NaN, Infinity, null, undefined].map(digits), ["-", "-", "-", "-", "-"]);
});

Deno.test("formatBytes() takes the largest unit", () => {
  assertEquals([0, 1023, 1536, 3 * 2 ** 20, 2 ** 33].map(formatBytes), [
    "0 B",
    "1023 B",
    "1.50 KiB",
    "3.00 MiB",
    "8.00 GiB",
  ]);
});
