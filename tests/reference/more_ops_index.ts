/** How the functions of more_ops.json about indexing, shapes and scatter read here. */
import type { Spelling } from "./replay.ts";

/** One entry for each function; empty where it is spelled as everything. */
export const INDEX_OPS: Readonly<Record<string, Spelling>> = {};
