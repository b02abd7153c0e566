import { assertEquals } from "@std/assert";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { compareOperations } from "../x64/compare_operations_test.ts";
import { ARM64 } from "./mod.ts";
import { entries } from "./table.ts";

Deno.test({
  name: "ARM64 gives the bits of V8 for every instruction, wherever operands lie",
  ignore: Deno.build.arch !== "aarch64" || openCLibrary() === null,
  fn: () => assertEquals(compareOperations(ARM64, (op) => entries()[op] !== undefined), []),
});
