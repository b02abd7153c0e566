/** Processors that this backend emits code for. */
import { ARM64 } from "../targets/arm64/mod.ts";
import type { Targets } from "./choice.ts";

/** The targets that have passed all tests on a processor with their instructions. */
export const TARGETS: Targets = {};

/** Targets that have passed tests under an emulator alone: they are used if they are named. */
export const UNPROVEN: Targets = { neon: ARM64 };
