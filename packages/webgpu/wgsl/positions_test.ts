import { assertEquals } from "@std/assert";
import { offsetOf, positions } from "./positions.ts";

Deno.test("positions() takes a number apart from the innermost axis on", () => {
  assertEquals(positions({ extents: [2, 3, 4] }, "i", "p"), [
    "let p2 = i % 4u;",
    "let p_2 = i / 4u;",
    "let p1 = p_2 % 3u;",
    "let p_1 = p_2 / 3u;",
    "let p0 = p_1;",
  ]);
  assertEquals(positions({ extents: [5] }, "(i / 2u)", "q"), ["let q0 = (i / 2u);"]);
  assertEquals(positions({ extents: [] }, "i", "p"), []);
});

Deno.test("positions() of nothing compile", () => {
  assertEquals(positions({ extents: [3, 0] }, "i", "p"), [
    "let p1 = i % 1u;",
    "let p_1 = i / 1u;",
    "let p0 = p_1;",
  ]);
});

Deno.test("offsetOf() leaves strides of 0 and 1 out, and wraps negative ones around", () => {
  assertEquals(offsetOf([6, 0, 1], "p"), "p0 * 6u + p2");
  assertEquals(offsetOf([-2], "q"), "q0 * 4294967294u");
  assertEquals([offsetOf([0, 0], "p"), offsetOf([], "p")], ["0u", "0u"]);
});
