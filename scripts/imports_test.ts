import { assertEquals } from "@std/assert";
import { importsOf } from "./imports.ts";

const specifiers = (source: string): string[] => importsOf(source).map(({ specifier }) => specifier);

Deno.test("importsOf() finds every form of an import", () => {
  const source = `import a from "1";
import { b, type C } from '2';
import * as d from "3";
import e, { f } from "4";
import "5";
export * from "6";
export * as g from "7";
export { h,
  i } from "8";
import type { J } from "9";
export type { K } from "10";
export type * from "11";
const l = await import("12"), m = import(\`13\`);
import data from "14" with { type: "json" };
import type N from "15";
import type from "16";
`;
  const imports = importsOf(source);
  assertEquals(imports.map(({ specifier }) => specifier), Array.from({ length: 16 }, (_, i) => `${i + 1}`));
  const kinds = (kind: string): string[] => imports.filter((i) => i.kind === kind).map((i) => i.specifier);
  assertEquals(kinds("type"), ["9", "10", "11", "15"]);
  assertEquals(kinds("dynamic"), ["12", "13"]);
  assertEquals(imports.find(({ specifier }) => specifier === "9")?.line, 10);
});

Deno.test("importsOf() is not misled by comments, texts, templates and regular expressions", () => {
  assertEquals(specifiers('/** ```ts\n * import { a } from "b";\n * ``` */\n// import "c";\nimport "d";'), [
    "d",
  ]);
  assertEquals(specifiers("const a = 'import \"b\"'; const c = \"it's\"; import 'd';"), ["d"]);
  assertEquals(specifiers('const a = `import "b" ${f({ c: `}${1}` })} import "d"`; import "e";'), ["e"]);
  assertEquals(specifiers("const a = /[\"'`/]/.test(b); import 'c';"), ["c"]);
  assertEquals(specifiers("const a = b / c; const d = 'x'; const e = f / 2; import 'g';"), ["g"]);
  assertEquals(specifiers("if (a) {\n}\n/'/.test(b); import 'c';"), ["c"]);
});

Deno.test("importsOf() passes over what only looks like an import", () => {
  assertEquals(specifiers('const u = new URL("./a.ts", import.meta.url);'), []);
  assertEquals(specifiers('export { a };\nconst b = "c";'), []);
  assertEquals(specifiers('export type A = "b" | "c"; export type { D };\nexport const e = "f";'), []);
  assertEquals(specifiers('loader.import("a"); const b = { import: "c" }; await import(name);'), []);
});
