/** Machine code for kernels of this backend; pages use `open_in_page.ts`, as they cannot run any. */
import type { CpuMemory } from "../memory.ts";
import { findTarget } from "./choice.ts";
import { NativeCode } from "./native_code.ts";
import { TARGETS, UNPROVEN } from "./targets.ts";

/** Machine code for the memory of a backend, or none, and the reason in a few words. */
export interface OpenNative {
  readonly code: NativeCode | null;
  readonly why: string;
}

/** Prepares to run machine code on `memory`; see {@linkcode findTarget}. */
export function openNative(choice: string | undefined, memory: CpuMemory): OpenNative {
  const { why, ...found } = findTarget(TARGETS, choice, UNPROVEN);
  return { code: found.target && new NativeCode(found.target, found.library, memory), why };
}
