import { assertEquals } from "@std/assert";
import { type Code, ModuleBuilder } from "../wasm/assembler.ts";
import { X64 } from "./mod.ts";

/** Compiles a module with one function of an int32. */
function compiled(build: (code: Code, module: ModuleBuilder) => void): string | number[] {
  const module = new ModuleBuilder();
  build(module.function({ params: ["i32"], export: "run" }), module);
  const made = X64.compile(module.finish(), 0n);
  return typeof made === "string" ? made : made.exports.map(({ parameters }) => parameters);
}

Deno.test("X64 says why a module stays WebAssembly", () => {
  const importing = new ModuleBuilder(),
    host = importing.import("sin", { params: ["f64"], results: ["f64"] });
  importing.function({ params: ["i32"], export: "run" }).f64(1).call(host).op("drop");
  assertEquals(X64.compile(importing.finish(), 0n), "functions of the host");
  assertEquals(
    compiled((code) => code.get(0).op("f64.convert_i32_s", "i64.trunc_f64_s", "drop")),
    "the instruction i64.trunc_f64_s",
  );
  assertEquals(compiled((code) => code.get(0).memory("i32.load", 2 ** 31).op("drop")), "offsets above 2 GiB");
  assertEquals(compiled((code) => code.get(0).call(code)), "functions that call themselves");
  const wide = compiled((_, module) => module.function({ params: ["i64"], export: "wide" }));
  assertEquals(wide, "exports with other types than int32");
  assertEquals(compiled((code) => code.get(0).memory("i32.load", 2 ** 31 - 1).op("drop")), [1]);
});

Deno.test("X64 gives the same code for the same module, and other code for another base", () => {
  const module = new ModuleBuilder();
  module.function({ params: ["i32"], export: "run" }).get(0).get(0).f32x4(2).memory("v128.store");
  const bytes = module.finish(),
    code = (base: bigint) => {
      const made = X64.compile(bytes, base);
      return typeof made === "string" ? made : made.bytes.join();
    };
  assertEquals(code(64n), code(64n));
  assertEquals(code(64n) === code(128n), false);
});
