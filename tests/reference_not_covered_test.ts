import { assert } from "@std/assert";
import * as core from "@troodon/core";
import { NOT_COVERED } from "./reference/not_covered.ts";
import { loadCases } from "./reference/replay.ts";

for (const [file, functions] of Object.entries(NOT_COVERED)) {
  Deno.test(`NOT_COVERED lists of ${file} only what is recorded and missing`, () => {
    const recorded = new Set(loadCases(file).map((one) => one.op));
    for (const name of Object.keys(functions)) {
      assert(recorded.has(name), `${file} has no case of ${name}`);
      const ours = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      assert(!(ours in core), `core has ${ours}(): take ${name} off the list`);
    }
  });
}
