import { assertEquals } from "@std/assert";
import { checkGlobals } from "./check_globals.ts";
import { readProject } from "./check_layers.ts";

const faults = (path: string, source: string): string[] => checkGlobals(new Map([[path, source]]));

Deno.test("checkGlobals() refuses globals of one runtime outside of the modules whose duty they are", () => {
  assertEquals(faults("packages/nn/a.ts", "export const f = () => { Deno.exit(); };").length, 1);
  assertEquals(faults("packages/nn/a.ts", "function f() { return new Float16Array(2); }").length, 1);
  assertEquals(faults("packages/nn/a.ts", "function f() { return process.env; }").length, 1);
  assertEquals(faults("packages/nn/a.ts", "function f() { return bytes.toHex(); }").length, 1);
  assertEquals(faults("packages/nn/a_test.ts", "Deno.test();"), []);
  assertEquals(faults("scripts/a.ts", "Deno.exit();"), []);
});

Deno.test("checkGlobals() refuses globals that are used as a module is loaded", () => {
  const path = "packages/io/terminal.ts";
  assertEquals(faults(path, "const noColor = Deno.noColor;").length, 1);
  assertEquals(faults(path, "export function f() { return Deno.noColor; }"), []);
  assertEquals(faults(path, "const f = () => Deno.noColor;"), []);
});

Deno.test("checkGlobals() takes comments, texts, keys, types and properties", () => {
  for (
    const source of [
      "// Deno has it",
      'const text = "Deno"; const other = `navigator`;',
      "interface A { readonly process?: B; process: number }",
      "type A = Int8Array | Float16Array;",
      "const { process } = globalThis as A;".replace("process", "task"),
      "x.process();",
    ]
  ) assertEquals(faults("packages/nn/a.ts", source), [], source);
});

Deno.test("checkGlobals() finds nothing in the packages", async () => {
  assertEquals(checkGlobals(await readProject()), []);
});
