import { assert, assertEquals } from "@std/assert";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { NativeCode } from "../../machine_code/native_code.ts";
import { CpuMemory } from "../../memory.ts";
import { ModuleBuilder } from "../wasm/assembler.ts";
import type { WasmFunction } from "../wasm/wasm_function.ts";
import { X64 } from "./mod.ts";

const VALUES = [0, -0, 1, -1, Infinity, -Infinity, NaN] as const;

Deno.test({
  name: "X64 gives the bits of V8 for extrema of zeros, infinities and NaN",
  ignore: Deno.build.arch !== "x86_64" || openCLibrary() === null,
  fn() {
    const memory = new CpuMemory(), { pointer } = memory.allocate(64), module = new ModuleBuilder();
    for (const type of ["f32", "f64"] as const) {
      for (const op of ["min", "max"] as const) {
        const code = module.function({ params: ["i32"], export: `${type}.${op}` });
        code.get(0).get(0).memory(`${type}.load`).get(0).memory(`${type}.load`, 8).op(`${type}.${op}`);
        code.memory(`${type}.store`, 16);
      }
    }
    const bytes = module.finish(), native = new NativeCode(X64, openCLibrary()!, memory).compile(bytes);
    assert(typeof native !== "string", `${native}`);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { memory: memory.memory },
    });
    for (const [name, run] of Object.entries(exports)) {
      const words = name.startsWith("f32") ? memory.f32 : memory.f64, each = words.BYTES_PER_ELEMENT;
      for (const a of VALUES) {
        for (const b of VALUES) {
          words[pointer / each] = a;
          words[(pointer + 8) / each] = b;
          const [expected, actual] = [run as WasmFunction, native[name]!].map((f) => {
            f(pointer);
            return memory.u8.slice(pointer + 16, pointer + 24);
          });
          assertEquals(actual, expected, `${name} of ${a} and ${b}`);
        }
      }
    }
  },
});
