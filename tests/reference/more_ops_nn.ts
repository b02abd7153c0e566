/** How the functions of more_ops.json about linear algebra, layers and losses read here. */
import type { Spelling } from "./replay.ts";

/** One entry for each function; empty where it is spelled as everything. */
export const NN_OPS: Readonly<Record<string, Spelling>> = {};
