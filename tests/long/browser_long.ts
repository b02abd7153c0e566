import { findChromium, runInChromium } from "../../scripts/browser/chromium.ts";
import { checkKernels } from "../browser/check_kernels.ts";
import type { BrowserReport } from "../browser/kernels.ts";

const chromium = findChromium();

Deno.test({
  name: "every op is right in Chromium, and special values where a compiler reorders",
  ignore: chromium === undefined,
  async fn() {
    const report = await runInChromium(chromium!, "tests/browser/kernels_long_page.ts", { timeout: 900_000 });
    checkKernels(report as BrowserReport);
  },
});
