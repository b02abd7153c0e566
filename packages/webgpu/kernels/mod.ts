/** The kernels of this backend by family. */
import type { CallOf, FusedKernel, MandatoryKernel } from "@troodon/core";
import type { Kernel } from "../kernel.ts";
import { argreduce } from "./argreduce.ts";
import { fold } from "./fold.ts";
import { gather } from "./gather.ts";
import { map } from "./map.ts";
import { matmul } from "./matmul.ts";
import { reduce } from "./reduce.ts";
import { scan } from "./scan.ts";
import { scatter } from "./scatter.ts";
import { sort } from "./sort.ts";

type Kernels =
  & { readonly [K in MandatoryKernel]: Kernel<CallOf<K>> }
  & { readonly [K in FusedKernel]?: Kernel<CallOf<K>> };

/** All that can be launched. */
export const KERNELS: Kernels = {
  map,
  reduce,
  argreduce,
  scan,
  matmul,
  gather,
  scatter,
  sort,
  fold,
} satisfies Kernels;
