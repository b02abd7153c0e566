import { assertEquals } from "@std/assert";
import { docBlocks, docTest } from "./doc_blocks.ts";

const MODULE = `/**
 * A function.
 *
 * @example
 * \`\`\`ts
 * import { f } from "f";
 *
 * f(1);
 * \`\`\`
 * \`\`\`ts ignore
 * f(2);
 * \`\`\`
 */
const text = [
  "\`\`\`ts",
];
`;

Deno.test("docBlocks() finds blocks of comments, and none that are ignored or not in a comment", () => {
  assertEquals(docBlocks(MODULE, false), [{ line: 6, code: 'import { f } from "f";\n\nf(1);' }]);
});

Deno.test("docBlocks() finds blocks of pages", () => {
  assertEquals(docBlocks("# Page\n```ts\na;\n  b;\n```\n```sh\nc\n```\n```ts\n```", true), [
    { line: 3, code: "a;\n  b;" },
    { line: 10, code: "" },
  ]);
});

Deno.test("docTest() keeps imports outside of the test", () => {
  const code = 'import { a } from "a";\nimport {\n  b,\n} from "b"; // both\nimportant();\nawait a(b);';
  assertEquals(
    docTest({ line: 1, code }, "page:1"),
    'import { a } from "a";\nimport {\n  b,\n} from "b"; // both\nDeno.test("page:1", async () => {\n\n\nimportant();\nawait a(b);\n});\n',
  );
});

Deno.test("docTest() leaves a block with tests of its own as it is", () => {
  const code = 'Deno.test("a", () => {});';
  assertEquals(docTest({ line: 1, code }, "page:1"), code);
});
