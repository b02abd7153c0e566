/** Checks the results of kernels in a page. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { compareResults } from "../reference/compare_results.ts";
import { loadCases } from "../reference/records.ts";
import { SPECIAL } from "../reference/special_gradients.ts";
import type { BrowserReport } from "./kernels.ts";

/** Checks that all kernels ran and are right, and that nets learn as on the reference backend. */
export function checkKernels(report: BrowserReport): void {
  const { device, checks, cases, dtypes, hostile, training } = report;
  const tried = checks.filter(({ skipped }) => skipped === null);
  console.log(
    `${tried.length} ops tried in Chromium on ${device}, ${checks.length - tried.length} cannot be`,
  );
  const recorded = [...loadCases("special_values.json"), ...loadCases("special_gradients.json")];
  const special = compareResults(recorded, cases, SPECIAL, dtypes);
  assertEquals([...checks.flatMap(({ faults }) => faults), ...special.faults, ...hostile], []);
  assert(special.tried > 240, `${special.tried} of PyTorch's cases of special values`);
  // Ops that read back while they run cannot run in a browser.
  assert(tried.length > 0.85 * checks.length);
  assertEquals([...new Set(tried.flatMap(({ kernels }) => kernels))].sort(), KERNELS);
  for (const { optimizer, losses, exact } of training) {
    assert(losses.at(-1)! < 0.7 * losses[0]!, `${optimizer} does not learn: losses are ${losses}`);
    losses.forEach((loss, i) => assertAlmostEquals(loss, exact[i]!, 1e-4, `${optimizer} at step ${i}`));
  }
}

/** All families of the contract. */
const KERNELS = [
  "argreduce",
  "avgPool2d",
  "avgPool2dGrad",
  "batchNorm",
  "batchNormGrad",
  "conv2d",
  "conv2dInputGrad",
  "conv2dWeightGrad",
  "crossEntropy",
  "crossEntropyGrad",
  "crossEntropyLoss",
  "crossEntropyLossGrad",
  "fold",
  "gather",
  "layerNorm",
  "layerNormGrad",
  "logSoftmax",
  "logSoftmaxGrad",
  "map",
  "matmul",
  "maxPool2d",
  "maxPool2dGrad",
  "reduce",
  "scan",
  "scatter",
  "softmax",
  "softmaxGrad",
  "sort",
];
