/** Targets that this backend emits code for. */
import { ARM64 } from "../targets/arm64/mod.ts";
import { X64 } from "../targets/x64/mod.ts";
import type { Targets } from "./choice.ts";

/** The targets that have passed all tests on a processor with their instructions. */
export const TARGETS: Targets = { avx2: X64 };

/** Targets that have passed their tests under an emulator only; used only if named. */
export const UNPROVEN: Targets = { neon: ARM64 };
