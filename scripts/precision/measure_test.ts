import { assert, assertEquals } from "@std/assert";
import { ReferenceBackend } from "@troodon/core";
import { SCALAR_FUNCTIONS } from "@troodon/core/kernel";
import { errorOf, MEASURED, measurePrecision } from "./measure.ts";
import { precisionPage } from "./precision_page.ts";

Deno.test("errorOf() counts in units of the last place", () => {
  assertEquals(errorOf("exp", 1, 1), 0);
  assertEquals(errorOf("exp", 1 + 2 ** -23, 1), 1);
  assertEquals(errorOf("exp", Math.fround(0.1), 0.1), Math.abs(Math.fround(0.1) - 0.1) / 2 ** -27);
  assertEquals(errorOf("exp", -3 * 2 ** -21, -(2 ** -19)), 2 ** -21 / 2 ** -42);
});

Deno.test("errorOf() takes an overflow for the next power of 2", () => {
  const largest = (2 - 2 ** -23) * 2 ** 127;
  assertEquals(errorOf("exp", Infinity, 1e300), 0);
  assertEquals(errorOf("exp", Infinity, largest), 1);
  assertEquals(errorOf("exp", largest, 1e300), 1);
  assertEquals(errorOf("exp", -Infinity, largest), 2 ** 25 - 1);
});

Deno.test("errorOf() lets subnormal results be 0, and nothing else", () => {
  assertEquals(errorOf("exp", 0, 2 ** -130), 0);
  assertEquals(errorOf("exp", 0, 2 ** -126), 2 ** 23);
  assert(Number.isNaN(errorOf("log", NaN, 1)) && Number.isNaN(errorOf("log", 1, NaN)));
  assertEquals(errorOf("log", NaN, NaN), 0);
});

Deno.test("measurePrecision() finds nothing but rounding in the reference backend", async () => {
  const found = await measurePrecision(new ReferenceBackend());
  assertEquals(found.map(({ fn }) => fn), MEASURED);
  assert(MEASURED.length > 45 && MEASURED.every((fn) => SCALAR_FUNCTIONS.includes(fn)));
  assertEquals(found.filter(({ ulp, wrong }) => !(ulp <= 0.5) || wrong > 0), []);
  assertEquals(found.find(({ fn }) => fn === "floor")!.ulp, 0);
  assert(found.find(({ fn }) => fn === "sin")!.ulp > 0.49);
  const page = precisionPage([{ column: "reference", about: "in float64", found, arithmetic: null }]);
  assert(page.includes("| `sin` | 0.50 |") && page.includes("No error at all: ") && page.includes("`floor`"));
});
