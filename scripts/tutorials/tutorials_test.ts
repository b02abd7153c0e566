import { assertEquals, assertThrows } from "@std/assert";
import { codeLines } from "./code_lines.ts";
import { lineTable } from "./count_lines.ts";
import { faultsOf, outputOf, type Page } from "./pages.ts";

const TS = `/** A program. */
import { a } from "x";
import {
  b,
} from "y";

// Why.
const text = \`one
two\`; // here
console.log(
  [a, b],
);
if (import.meta.main) await import("z");
`;

const PY = `"""A program.

Of several lines.
"""
import a
from b import (
    c,
)


def f(x):
    """What it does."""
    # Why.
    text = """one
two"""
    return (
        "#" + x,
    )
`;

const numbers = (source: string, language: "ts" | "py") =>
  codeLines(source, language).map(({ line }) => line);

Deno.test("codeLines() leaves out blank lines, comments and imports of TypeScript", () => {
  assertEquals(numbers(TS, "ts"), [8, 9, 10, 11, 12, 13]);
});

Deno.test("codeLines() leaves out docstrings as well in Python", () => {
  assertEquals(numbers(PY, "py"), [11, 14, 15, 16, 17, 18]);
});

Deno.test("codeLines() says which lines are brackets alone", () => {
  assertEquals(codeLines(TS, "ts").filter(({ bare }) => bare).map(({ line }) => line), [12]);
  assertEquals(codeLines(PY, "py").filter(({ bare }) => bare).map(({ line }) => line), [18]);
});

const page = (text: string): Page => ({
  name: "0_test",
  text,
  programs: [
    { path: "a.ts", language: "ts", source: "function f() {\n  const x = 1;\n\n  return x;\n}\n" },
    { path: "a.py", language: "py", source: "def f():\n    return 1\n" },
  ],
});
const python = "```py\ndef f():\n    return 1\n```\n";

Deno.test("faultsOf() finds none where the page shows its programs, in parts and indented less", () => {
  const parts =
    "```ts ignore\nfunction f() {\n```\n\n```ts\nconst x = 1;\n\nreturn x;\n```\n\n```ts\n}\n```\n";
  assertEquals(faultsOf(page(parts + python)), []);
});

Deno.test("faultsOf() names blocks that are not lines of a program", () => {
  const changed = "Text.\n\n```ts\nfunction f() {\n  const x = 2;\n\n  return x;\n}\n```\n";
  assertEquals(faultsOf(page(changed + python)), [
    "0_test.md:3 must be lines of one of the page's programs",
    ...["1: function f() {", "2: const x = 1;", "4: return x;", "5: }"].map((line) =>
      `0_test.md must show a.ts:${line}`
    ),
  ]);
  assertEquals(
    faultsOf(page("```ts\nfunction f() {\nconst x = 1;\n\nreturn x;\n}\n```\n" + python)).length,
    5,
  );
});

Deno.test("faultsOf() names lines of code that the page does not show", () => {
  assertEquals(faultsOf(page("```ts\nfunction f() {\n  const x = 1;\n```\n" + python)), [
    "0_test.md must show a.ts:4: return x;",
    "0_test.md must show a.ts:5: }",
  ]);
});

Deno.test("lineTable() counts the programs of each page", () => {
  assertEquals(
    lineTable([page("")]).split("\n").map((line) => line.replaceAll(/ +/g, " ")).at(-1),
    "| [0_test](0_test.md) | 4 | 2 | 3 | 2 |",
  );
});

Deno.test("outputOf() gives the block of text behind a command", () => {
  const shown = page("By `a`:\n\n```text\n1\n2\n```\n\nBy `b`:\n\n```text\n3\n```\n");
  assertEquals([outputOf(shown, "a"), outputOf(shown, "b")], ["1\n2", "3"]);
  assertThrows(() => outputOf(shown, "c"), RangeError, "Cannot find what c prints as 0_test.md does not");
});
