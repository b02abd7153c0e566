import { assert, assertEquals } from "@std/assert";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { NativeCode } from "../../machine_code/native_code.ts";
import { CpuMemory } from "../../memory.ts";
import type { WasmFunction } from "../wasm/wasm_function.ts";
import { X64 } from "./mod.ts";
import { END, generator, RESULT } from "./operation_cases_test.ts";
import { randomModule } from "./random_module_test.ts";

const library = openCLibrary();

Deno.test({
  name: "X64 leaves the same memory as V8 after random modules",
  ignore: library === null || Deno.build.arch !== "x86_64",
  fn() {
    const memory = new CpuMemory(), { pointer } = memory.allocate(END);
    using native = new NativeCode({ ...X64, vectorBytes: 16 }, library!, memory);
    const [first, count] = [0, 150];
    for (let seed = first; seed < first + count; seed++) {
      const bytes = randomModule(generator(seed)), compiled = native.compile(bytes);
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
        env: { memory: memory.memory },
      });
      assert(typeof compiled !== "string", `${compiled}`);
      const results = [exports.run as WasmFunction, compiled.run!].map((run) => {
        const random = generator(seed);
        // Small floats, so that no result depends on the bits of a NaN.
        for (let i = 0; i < RESULT / 4; i++) memory.f32[pointer / 4 + i] = (random(64) - 32) / 8;
        memory.u8.fill(0, pointer + RESULT, pointer + END);
        const returned = run(pointer, seed);
        return { returned, words: settled(memory.i32.slice(pointer / 4, (pointer + END) / 4)) };
      });
      assertEquals(results[1], results[0], `seed ${seed}`);
    }
  },
});

/** Makes all NaN equal, as float32 or the upper word of a float64. */
function settled(words: Int32Array): Int32Array {
  return words.map((word) => (word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word);
}
