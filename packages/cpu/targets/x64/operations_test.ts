import { assertEquals } from "@std/assert";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { compareOperations } from "./compare_operations_test.ts";
import { X64 } from "./mod.ts";
import { entries } from "./table.ts";

for (const vectorBytes of [16, 32] as const) {
  Deno.test({
    name: `X64 gives the bits of V8 for every instruction on ${vectorBytes} bytes, wherever operands lie`,
    ignore: Deno.build.arch !== "x86_64" || openCLibrary() === null,
    fn: () => assertEquals(compareOperations(X64, (op) => entries()[op] !== undefined, vectorBytes), []),
  });
}
