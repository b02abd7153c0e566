import { assertEquals } from "@std/assert";
import { countStatements } from "./statements.ts";

Deno.test("countStatements() takes the statements of a loop 64 times, and those around it once", () => {
  const text = [
    "fn a() -> u32 {",
    "  var x = 0u;",
    "  if (x > 1u) { return x; }",
    "  while (x < 3u) {",
    "    x++;",
    "    if (x == 2u) { x += 2u; }",
    "  }",
    "  return x;",
    "}",
    "fn b() -> u32 { return 1u; }",
  ];
  // The last line of a loop is inside of it.
  assertEquals(countStatements(text.join("\n")), 4 + 3 * 64 + 3);
});
