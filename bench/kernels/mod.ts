/** Every case of every kernel. */
import { ARGREDUCE_CASES } from "./argreduce.ts";
import type { KernelCase } from "./case.ts";
import { CONV2D_CASES } from "./conv2d.ts";
import { FOLD_CASES } from "./fold.ts";
import { GATHER_CASES, SCATTER_CASES } from "./gather.ts";
import { MAP_CASES } from "./map.ts";
import { MATMUL_CASES } from "./matmul.ts";
import { NORM_CASES } from "./norm.ts";
import { OPTIMIZER_CASES } from "./optimizer.ts";
import { POOL2D_CASES } from "./pool2d.ts";
import { RANDOM_CASES } from "./random.ts";
import { REDUCE_CASES } from "./reduce.ts";
import { SCAN_CASES } from "./scan.ts";
import { SOFTMAX_CASES } from "./softmax.ts";
import { SORT_CASES } from "./sort.ts";

export { countsOf, fits, type KernelCase } from "./case.ts";

/** What is timed, cases of one family one after the other. */
export const CASES: readonly KernelCase[] = [
  ...MATMUL_CASES,
  ...byFamily(CONV2D_CASES),
  ...byFamily(POOL2D_CASES),
  ...MAP_CASES,
  ...RANDOM_CASES,
  ...OPTIMIZER_CASES,
  ...REDUCE_CASES,
  ...ARGREDUCE_CASES,
  ...SCAN_CASES,
  ...GATHER_CASES,
  ...SCATTER_CASES,
  ...SORT_CASES,
  ...FOLD_CASES,
  ...byFamily(SOFTMAX_CASES),
  ...byFamily(NORM_CASES),
];

function byFamily(cases: readonly KernelCase[]): KernelCase[] {
  return [...Map.groupBy(cases, ({ family }) => family).values()].flat();
}
