/** A literal first try of each tutorial: which lines are taken as PyTorch's users type them, and what is said of others. */
import { assert, assertEquals } from "@std/assert";
import { examineLiteral, listOf, LITERAL, readPage } from "../scripts/tutorials/literal.ts";

// JavaScript's own, of which nothing can be said: a promise that is not waited for.
const SILENT = /^torch\.save\(/;
// Matches errors of the engine about its own operators and functions; the library throws all others.
const ENGINE =
  /is not defined$|^Class constructor \w+ cannot be invoked without 'new'$|is not a function$|^Cannot read properties of undefined/;

Deno.test("literal tries of the tutorials differ in the lines that their pages list, and run as these say", async () => {
  const { said, faults } = await examineLiteral();
  assertEquals(faults, []);
  assertEquals([...said.keys()], LITERAL);
  for (const [name, lines] of said) {
    for (const { line, typed, types, runs } of lines) {
      assert(
        types.length > 0 || runs !== null || SILENT.test(typed),
        `${name}:${line}: nothing is said of ${typed}`,
      );
      // An error of the engine does not say what to write: the compiler must have done so.
      if (runs !== null && ENGINE.test(runs)) assert(types.length > 0, `${name}:${line}: ${runs}`);
      else if (runs !== null) assert(runs.startsWith("Cannot "), `${name}:${line}: ${runs}`);
    }
    assertEquals(
      readPage(name)?.list,
      listOf(name, lines),
      "deno run -A scripts/tutorials/literal.ts writes the list anew",
    );
  }
});
