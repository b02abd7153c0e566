import { assertEquals, assertRejects } from "@std/assert";
import { runBounded } from "./bounded_run.ts";
import { linesOf, measure, type MeasuredTest, reaching } from "./reach.ts";

const test = (lines: Readonly<Record<string, readonly number[]>>): MeasuredTest => ({
  seconds: 1,
  lines: new Map(Object.entries(lines).map(([path, rows]) => [path, new Set(rows)])),
});

Deno.test("linesOf() takes the lines that were run, of each module", () => {
  const report = "SF:/root/a/b.ts\nFN:1,f\nDA:1,2\nDA:2,0\nend_of_record\nSF:/root/c.ts\nDA:7,1\n";
  const lines = linesOf(report, "/root");
  assertEquals([...lines].map(([path, rows]) => [path, [...rows]]), [["a/b.ts", [1]], ["c.ts", [7]]]);
});

Deno.test("reaching() takes the tests that run a changed line, and all where none does", () => {
  const tests = new Map([["a_test.ts", test({ "x.ts": [3, 4] })], ["b_test.ts", test({ "y.ts": [3] })]]);
  assertEquals(reaching(tests, "x.ts", [4, 9]), ["a_test.ts"]);
  assertEquals(reaching(tests, "y.ts", [1, 3]), ["b_test.ts"]);
  for (const [path, line] of [["x.ts", 5], ["z.ts", 3]] as const) {
    assertEquals(reaching(tests, path, [line, line]), ["a_test.ts", "b_test.ts"]);
  }
});

Deno.test("measure() notes the lines that a test runs, and refuses tests that fail", async () => {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const run = (args: readonly string[]) =>
    runBounded(["test", "-A", "--no-check", ...args], root, { seconds: 60, bytes: 2 ** 40 });
  try {
    await Deno.writeTextFile(
      `${root}/a.ts`,
      "export function f(x: number): number {\n  if (x > 0) {\n    return 1;\n  }\n  return 2;\n}\n",
    );
    const importing = 'import { f } from "./a.ts";\n';
    await Deno.writeTextFile(`${root}/a_test.ts`, `${importing}Deno.test("f", () => void f(1));\n`);
    await Deno.writeTextFile(`${root}/b_test.ts`, `${importing}Deno.test("f", () => { throw f(1); });\n`);
    const { lines, seconds } = await measure("a_test.ts", root, run);
    assertEquals([2, 3, 5].map((line) => lines.get("a.ts")?.has(line)), [true, true, false]);
    assertEquals(seconds > 0, true);
    await assertRejects(() => measure("b_test.ts", root, run), RangeError, "tests must pass unchanged");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
