import { assertEquals } from "@std/assert";
import { FAMILY_CASES } from "../../family_cases_test.ts";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { NativeCode } from "../../machine_code/native_code.ts";
import { CpuMemory } from "../../memory.ts";
import { Place } from "../../place_test.ts";
import { WIDE_CASES } from "../../wide_cases_test.ts";
import { X64 } from "./mod.ts";

const library = openCLibrary();

for (const vectorBytes of [16, 32] as const) {
  Deno.test({
    name: `X64 gives the bits of WebAssembly for all kernels, with vectors of ${vectorBytes} bytes`,
    ignore: library === null || Deno.build.arch !== "x86_64",
    fn() {
      const memory = new CpuMemory(), engine = new Place();
      const native = new Place({ native: new NativeCode({ ...X64, vectorBytes }, library!, memory) }, memory);
      for (const family of vectorBytes === 16 ? FAMILY_CASES : [...FAMILY_CASES, ...WIDE_CASES]) {
        const { call, inputs } = family, shapes = inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`);
        assertEquals(native.run(family), engine.run(family), `${JSON.stringify(call)} of ${shapes}`);
      }
    },
  });
}
