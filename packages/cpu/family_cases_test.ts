/** Calls of every kernel family, with their operands: for what must hold of all. */
import { FUSED_CASES } from "./fused_cases_test.ts";
import { MANDATORY_CASES } from "./mandatory_cases_test.ts";
import type { FamilyCase } from "./operand_cases_test.ts";

/** Some calls of every family. */
export const FAMILY_CASES: readonly FamilyCase[] = [...MANDATORY_CASES, ...FUSED_CASES];
