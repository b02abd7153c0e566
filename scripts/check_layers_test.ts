import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkLayers } from "./check_layers.ts";

/** Asserts that one file, beside some harmless ones, has exactly one fault and that its message holds `expected`. */
function assertFault(path: string, source: string, expected: string): void {
  const faults = checkLayers(new Map([["packages/core/mod.ts", "export const a = 1;"], [path, source]]));
  assertEquals(faults.length, 1, `${path}: ${source}: ${faults.join()}`);
  assertStringIncludes(faults[0]!, expected);
  assertStringIncludes(faults[0]!, path);
}

function assertNone(path: string, source: string): void {
  assertEquals(checkLayers(new Map([[path, source]])), []);
}

Deno.test("checkLayers() accepts imports of lower rows", () => {
  assertNone("packages/autograd/mod.ts", 'import { a } from "@troodon/core";');
  assertNone("packages/nn/mod.ts", 'export * from "@troodon/autograd"; import type { B } from "./b.ts";');
  assertNone("packages/troodon/mod.ts", 'export * from "@troodon/train";');
  assertNone("packages/testing/mod.ts", 'import { cpu } from "@troodon/cpu";');
  assertNone("packages/datasets/files.ts", 'import { join } from "@std/path"; import "@troodon/io";');
  assertNone("packages/datasets/files_test.ts", 'import "node:zlib";');
  assertNone("packages/cpu/a.ts", 'import { bytesOf } from "@troodon/core/kernel";');
  assertNone("packages/io/a.ts", 'import { gunzipSync } from "fflate";');
  assertNone("packages/models/a.ts", 'import "@troodon/nn"; import "@troodon/serialization";');
  assertNone(
    "tests/all_test.ts",
    'import "@troodon/testing"; import "@troodon/troodon"; import "@std/assert";',
  );
});

Deno.test("checkLayers() reports imports sideways and upwards", () => {
  assertFault("packages/nn/mod.ts", 'import { sgd } from "@troodon/optim";', "the same row");
  assertFault("packages/cpu/mod.ts", 'export * from "@troodon/autograd";', "the same row");
  assertFault("packages/core/a.ts", 'import type { Tape } from "@troodon/autograd";', "a row above");
  assertFault("packages/train/a.ts", 'const m = await import("@troodon/troodon");', "a row above");
  assertFault("packages/nn/a_test.ts", 'import { train } from "@troodon/train";', "a row above");
  assertFault("packages/nn/a.ts", 'import "@troodon/nn";', "its own package");
  assertFault("packages/nn/a.ts", 'import "@troodon/nonsense";', "no row");
});

Deno.test("checkLayers() reports relative imports that leave a package", () => {
  assertFault("packages/nn/layers/a.ts", 'import { a } from "../../core/mod.ts";', "leaves its package");
  assertFault("packages/nn/a.ts", 'import { a } from "../../scripts/run_tests.ts";', "leaves its package");
  assertFault("tests/a_test.ts", 'import { a } from "../packages/core/mod.ts";', "by its name");
});

Deno.test("checkLayers() keeps test support out of published modules", () => {
  const source = 'import "@std/assert"; import "@troodon/testing";';
  assertNone("packages/nn/a_test.ts", source);
  assertEquals(checkLayers(new Map([["packages/nn/a.ts", source]])).length, 2);
  assertFault("packages/nn/a.ts", 'import "./b_test.ts";', "is a test");
});

Deno.test("checkLayers() reports specifiers from outside", () => {
  assertFault("packages/nn/a.ts", 'import "npm:left-pad";', "remote");
  assertFault("packages/nn/a_test.ts", 'import "jsr:@std/assert";', "remote");
  assertFault("scripts/a.ts", 'await import("https://example.com/a.ts");', "remote");
  assertFault("scripts/a.ts", 'import ts from "npm:typescript@6";', "remote");
  assertFault("packages/nn/a.ts", 'import ts from "npm:typescript@6.0.3";', "remote");
  assertNone("scripts/a.ts", 'import ts from "npm:typescript@6.0.3"; import "npm:@types/a@1.0.0";');
  assertFault("packages/core/a.ts", 'import { join } from "node:path";', "imports nothing");
  assertFault("packages/nn/a.ts", 'import pad from "left-pad";', "neither");
  assertFault("packages/datasets/a.ts", 'import "fflate";', "nor a library of @troodon/datasets");
  assertFault("packages/datasets/a.ts", 'import "node:zlib";', "is not in every runtime");
  assertFault("packages/io/a.ts", 'import "@troodon/core";', "the same row");
});

Deno.test("checkLayers() prints circles of value imports and allows those of types", () => {
  const files = (kind: string): Map<string, string> =>
    new Map([
      ["packages/core/a.ts", 'import { b } from "./sub/b.ts"; export const a = () => b;'],
      ["packages/core/sub/b.ts", 'export { c } from "../c.ts"; export const b = 1;'],
      ["packages/core/c.ts", `import ${kind} { a } from "./a.ts"; export const c = 1;`],
    ]);
  const faults = checkLayers(files(""));
  assertEquals(faults.length, 1);
  assertStringIncludes(
    faults[0]!.replaceAll(/\s+/g, " "),
    "packages/core/a.ts -> packages/core/sub/b.ts -> packages/core/c.ts -> packages/core/a.ts",
  );
  assertEquals(checkLayers(files("type")), []);
});
