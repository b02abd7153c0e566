import { assertEquals } from "@std/assert";
import { FAMILY_CASES } from "../../family_cases_test.ts";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { NativeCode } from "../../machine_code/native_code.ts";
import { CpuMemory } from "../../memory.ts";
import { Place } from "../../place_test.ts";
import { ARM64 } from "./mod.ts";

Deno.test({
  name: "ARM64 gives the bits of WebAssembly for kernels of every family",
  ignore: Deno.build.arch !== "aarch64" || openCLibrary() === null,
  fn() {
    const memory = new CpuMemory(), engine = new Place();
    const native = new Place({ native: new NativeCode(ARM64, openCLibrary()!, memory) }, memory);
    for (const family of FAMILY_CASES) {
      const { call, inputs } = family, shapes = inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`);
      assertEquals(native.run(family), engine.run(family), `${JSON.stringify(call)} of ${shapes}`);
    }
  },
});
