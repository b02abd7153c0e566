/** How the functions of more_ops.json about elementwise functions, statistics and bits read here. */
import type { Spelling } from "./replay.ts";

/** One entry for each function; empty where it is spelled as everything. */
export const MATH_OPS: Readonly<Record<string, Spelling>> = {};
