import { assertEquals, assertThrows } from "@std/assert";
import { loopSteps } from "./loop_steps.ts";
import type { Draft } from "./plan/plan.ts";

const draft = (...lines: string[]): Draft => ({
  source: {
    label: "test",
    code: ["fn other() {", "fn main(x: u32) {", ...lines, "}"].join("\n"),
    written: [],
    words: 8,
  },
  groups: [3, 1, 2],
  slots: [],
  words: { fixed: Uint32Array.of(0, 0, 0, 0, 5, 6, 7, 8), live: [] },
  work: { operations: 0, steps: 0 },
  parted: () => {
    throw new TypeError("Cannot run this in parts");
  },
});

Deno.test("loopSteps() multiplies the steps of loops in loops, and adds those behind each other", () => {
  const found = loopSteps(draft(
    "let row = (group.x + group.y * groups.x) * 4u + local / 2u;",
    "if (row < 9u) {",
    "for (var k = row; k < numbers[1].z; k += 2u) {",
    "  for (var d = 0u; d < min(3u, numbers[1].w) * 2u; d++) {",
    "    let y = other(d);",
    "  }",
    "}",
    "}",
    "for (var i = 6; i >= 2; i--) { continue; }",
    "for (var layer = group.z; layer < 5u; layer += groups.z) {",
    "}",
  ));
  assertEquals(found, 4 + 4 * 6 + 5 + 3);
});

Deno.test("loopSteps() refuses loops that it cannot count", () => {
  for (
    const line of [
      "for (var k = 0u; k < b0[3]; k++) {",
      "while (x > 0) {",
      "loop {",
      "for (var k = x; k < 3; k++) {",
    ]
  ) {
    assertThrows(() => loopSteps(draft(line, "}")), TypeError, "a loop is unclear");
  }
});
