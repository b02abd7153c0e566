import { assert, assertEquals, assertThrows } from "@std/assert";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { NativeCode } from "../../machine_code/native_code.ts";
import { CpuMemory } from "../../memory.ts";
import { type Code, ModuleBuilder } from "../wasm/assembler.ts";
import type { ScalarOp } from "../wasm/opcodes.ts";
import type { WasmFunction } from "../wasm/wasm_function.ts";
import { X64 } from "./mod.ts";

const library = openCLibrary();
const ignore = library === null || Deno.build.arch !== "x86_64";
const LEAST = -0x80000000;

/** Returns the functions of a module in WebAssembly and in machine code. */
function bothOf(build: (module: ModuleBuilder) => void): readonly Readonly<Record<string, WasmFunction>>[] {
  const memory = new CpuMemory(), module = new ModuleBuilder();
  build(module);
  const bytes = module.finish(), compiled = new NativeCode(X64, library!, memory).compile(bytes);
  assert(typeof compiled !== "string");
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory: memory.memory },
  });
  return [exports as Record<string, WasmFunction>, compiled];
}

Deno.test({
  name: "X64 divides as WebAssembly does, and ends the call where that traps",
  ignore,
  fn() {
    const pairs = [[7, 2], [-7, 2], [7, -2], [-7, -1], [LEAST, -1], [LEAST, 1], [5, 0], [0, 3], [
      -1,
      16,
    ]] as const;
    for (const name of ["div_s", "div_u", "rem_s", "rem_u"]) {
      const [engine, native] = bothOf((module) => {
        // Each division is in a function that another function calls.
        const narrow = module.function({ params: ["i32", "i32"], results: ["i32"] });
        narrow.get(0).get(1).op(`i32.${name}` as ScalarOp);
        const wide = module.function({ params: ["i32", "i32"], results: ["i32"] });
        const extend = (code: Code, local: number) =>
          code.get(local).op("i64.extend_i32_s").i64(32n).op("i64.shl");
        extend(wide, 0);
        wide.get(1).op("i64.extend_i32_s", `i64.${name}` as ScalarOp).i64(32n).op(
          "i64.shr_s",
          "i32.wrap_i64",
        );
        for (const [key, callee] of [["narrow", narrow], ["wide", wide]] as const) {
          module.function({ params: ["i32", "i32"], results: ["i32"], export: key })
            .get(0).get(1).call(callee).i32(1).op("i32.add");
        }
      });
      for (const key of ["narrow", "wide"]) {
        for (const [a, b] of pairs) {
          let expected: number | undefined;
          try {
            expected = engine![key]!(a, b);
          } catch (error) {
            assert(error instanceof WebAssembly.RuntimeError);
          }
          if (expected !== undefined) assertEquals(native![key]!(a, b), expected, `${key} ${name} ${a} ${b}`);
          else assertThrows(() => native![key]!(a, b), RangeError, `Cannot run ${key}()`);
        }
      }
    }
  },
});

Deno.test({
  name: "X64 ends the call where code is reached that cannot be",
  ignore,
  fn() {
    const [, native] = bothOf((module) => {
      const code = module.function({ params: ["i32"], results: ["i32"], export: "run" });
      code.get(0).if(() => code.op("unreachable")).i32(3);
    });
    assertEquals(native!.run!(0), 3);
    assertThrows(() => native!.run!(1), RangeError, "Cannot run run()");
    assertEquals(native!.run!(0), 3);
  },
});
