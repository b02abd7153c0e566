/** Processors that this backend emits code for. */
import type { Targets } from "./choice.ts";

/** The targets that have passed all tests on a processor with their instructions. */
export const TARGETS: Targets = {};
