/** Processors that this backend emits code for. */
import { ARM64 } from "../targets/arm64/mod.ts";
import { X64 } from "../targets/x64/mod.ts";
import type { Targets } from "./choice.ts";

/** The targets that have passed all tests on a processor with their instructions. */
export const TARGETS: Targets = { avx2: X64 };

/** Targets that have passed tests under an emulator alone: they are used if they are named. */
export const UNPROVEN: Targets = { neon: ARM64 };
