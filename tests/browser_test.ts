import { assertEquals } from "@std/assert";
import { findChromium, NoBundlerError, runInChromium } from "../scripts/browser/chromium.ts";
import type { BrowserReport } from "./browser/kernels_page.ts";

const chromium = findChromium();
if (chromium === undefined) {
  console.log("SKIP browser: no Chromium in CHROMIUM_PATH or /usr/bin (apt-get install chromium)");
}

Deno.test({
  name: "kernels are right in Chromium, which checks WGSL more strictly than Deno does",
  ignore: chromium === undefined,
  async fn() {
    const report = await runInChromium(chromium!, "tests/browser/kernels_page.ts").catch((error) => {
      if (!(error instanceof NoBundlerError)) throw error;
      console.log(`SKIP browser: ${error.message}`);
    });
    if (!report) return;
    const { device, checks } = report as BrowserReport;
    const tried = checks.filter(({ skipped }) => skipped === null);
    console.log(
      `${tried.length} ops tried in Chromium on ${device}, ${checks.length - tried.length} cannot be`,
    );
    assertEquals(checks.flatMap(({ faults }) => faults), []);
    // Those that read back while they run are no ops for a browser.
    assertEquals(tried.length > 0.85 * checks.length, true);
    assertEquals([...new Set(tried.flatMap(({ kernels }) => kernels))].sort(), KERNELS);
  },
});

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
