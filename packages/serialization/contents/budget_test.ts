import { assertThrows } from "@std/assert";
import { Budget } from "./budget.ts";

Deno.test("Budget gives a gigabyte and sixteen times the size, to the last byte, and again when renewed", () => {
  const all = 2 ** 30 + 16 * 10, budget = new Budget("a.pth", 10);
  assertThrows(
    () => budget.take(all + 1, "it"),
    RangeError,
    `a.pth as it may take ${all} bytes of memory: it takes`,
  );
  budget.take(all - 3, "most");
  budget.take(3, "the rest");
  budget.take(0, "nothing");
  assertThrows(() => budget.take(1, "more"), RangeError, "more takes 1 more");
  budget.renew();
  budget.take(all, "all");
});

Deno.test("Budget takes the limit that it is given, and refuses sizes that are no numbers", () => {
  const budget = new Budget("a.pth", 1e9, 8);
  assertThrows(() => budget.take(NaN, "it"), RangeError, "it takes NaN more");
  budget.take(8, "it");
  assertThrows(() => budget.take(1, "it"), RangeError, "it may take 8 bytes");
});
