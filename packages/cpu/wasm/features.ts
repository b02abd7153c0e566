/** What this WebAssembly engine can do, found out by validating a module. */
import { type Code, ModuleBuilder } from "./assembler.ts";

function validates(build: (code: Code) => void): boolean {
  const module = new ModuleBuilder();
  build(module.function());
  return WebAssembly.validate(module.finish());
}

/** Whether relaxed SIMD (fused multiply-add, fast select) is present. */
export const relaxed: boolean = validates((code) =>
  code.f32x4(0).f32x4(0).f32x4(0).op("f32x4.relaxed_madd", "drop")
);
