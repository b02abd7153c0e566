/** What this WebAssembly engine can do, found out by validating a module. */
import { type Code, ModuleBuilder } from "./assembler.ts";
import type { VectorOp } from "./vector_opcodes.ts";

function validates(build: (code: Code) => void): boolean {
  const module = new ModuleBuilder();
  build(module.function());
  return WebAssembly.validate(module.finish());
}

/** Whether relaxed SIMD (fused multiply-add, fast select) is present. */
export const relaxed: boolean = validates((code) =>
  code.f32x4(0).f32x4(0).f32x4(0).op("f32x4.relaxed_madd", "drop")
);

/** Picks from two vectors by a mask whose lanes of 32 bits are all ones or all zeros. */
export const laneSelect: VectorOp = relaxed ? "i32x4.relaxed_laneselect" : "v128.bitselect";
