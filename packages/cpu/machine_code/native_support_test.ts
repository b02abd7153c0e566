/** Test contexts with machine code. */
import { CpuContext } from "../context.ts";
import type { CpuMemory } from "../memory.ts";
import { X64 } from "../targets/x64/mod.ts";
import { openCLibrary } from "./c_library.ts";
import { detectFeatures } from "./features.ts";
import { NativeCode } from "./native_code.ts";

/**
 * Returns contexts of 1, 2 and 3 threads that split all divisible work and run machine code on `memory`; none on other
 * processors.
 */
export function nativeContexts(memory: CpuMemory): CpuContext[] {
  const library = openCLibrary();
  if (library === null || !detectFeatures(library).avx2) return [];
  const native = new NativeCode(X64, library, memory);
  return [1, 2, 3].map((threads) => new CpuContext(memory, { threads, grain: 0, native }));
}
