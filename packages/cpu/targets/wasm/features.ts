/** Features of this WebAssembly engine, detected on first use by validating modules. */
import { type Code, ModuleBuilder } from "./assembler.ts";
import type { VectorOp } from "./vector_opcodes.ts";

function moduleOf(build: (code: Code) => void): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  build(module.function());
  return module.finish();
}

let simd: boolean | undefined, relaxed: boolean | undefined;

/**
 * Returns true if WebAssembly with SIMD can be compiled here: false in an engine without a compiler for it, and in a page
 * whose content security policy forbids it.
 */
export function hasSimd(): boolean {
  return simd ??= compiles(moduleOf((code) => code.f32x4(0).op("drop")));
}

/** The policy of a page lets modules be validated that it does not let be compiled. */
function compiles(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    return new WebAssembly.Module(bytes) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

/** Whether relaxed SIMD (fused multiply-add, fast select) is present. */
export function hasRelaxedSimd(): boolean {
  return relaxed ??= WebAssembly.validate(
    moduleOf((code) => code.f32x4(0).f32x4(0).f32x4(0).op("f32x4.relaxed_madd", "drop")),
  );
}

/** Picks from two vectors by a mask whose lanes of 32 bits are all ones or all zeros. */
export function laneSelect(): VectorOp {
  return hasRelaxedSimd() ? "i32x4.relaxed_laneselect" : "v128.bitselect";
}
