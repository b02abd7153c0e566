/** The mandatory kernel families, as plainly as can be: what they mean, and what other backends are tested against. */
import type { CallOf, MandatoryKernel } from "../backend/kernel_call.ts";
import { argreduce } from "./argreduce.ts";
import type { ReferenceKernel } from "./buffer.ts";
import { fold } from "./fold.ts";
import { gather } from "./gather.ts";
import { map } from "./map.ts";
import { matmul } from "./matmul.ts";
import { reduce } from "./reduce.ts";
import { scan } from "./scan.ts";
import { scatter } from "./scatter.ts";
import { sort } from "./sort.ts";

/** A kernel for each family. */
export type Kernels = { readonly [K in MandatoryKernel]: ReferenceKernel<CallOf<K>> };

/** The reference backend's kernels. */
export const KERNELS: Kernels = { map, reduce, argreduce, scan, matmul, gather, scatter, sort, fold };
