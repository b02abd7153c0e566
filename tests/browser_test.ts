import { assert, assertEquals, assertMatch } from "@std/assert";
import { findChromium, NoBundlerError, runInChromium } from "../scripts/browser/chromium.ts";
import { CpuBackend } from "@troodon/cpu";
import { type CpuReport, lenetLosses } from "./browser/cpu_page.ts";
import { checkKernels } from "./browser/check_kernels.ts";
import type { BrowserReport } from "./browser/kernels.ts";
import type { MemoryReport } from "./browser/memory_page.ts";
import type { PolicyReport } from "./browser/policy_page.ts";

const chromium = findChromium();
if (chromium === undefined) {
  console.log("SKIP browser: no Chromium in CHROMIUM_PATH or /usr/bin (apt-get install chromium)");
}

Deno.test({
  name: "kernels are right in Chromium, which checks WGSL more strictly than Deno does",
  ignore: chromium === undefined,
  async fn() {
    const report = await runInChromium(chromium!, "tests/browser/kernels_page.ts", {
      timeout: 300_000,
    }).catch((error) => {
      if (!(error instanceof NoBundlerError)) throw error;
      console.log(`SKIP browser: ${error.message}`);
    });
    if (!report) return;
    checkKernels(report as BrowserReport);
  },
});

Deno.test({
  name: "results that Chromium has no memory for are refused, and smaller ones go on",
  ignore: chromium === undefined,
  async fn() {
    const report = await runInChromium(chromium!, "tests/browser/memory_page.ts").catch((error) => {
      if (!(error instanceof NoBundlerError)) throw error;
      console.log(`SKIP browser: ${error.message}`);
    });
    if (!report) return;
    const { results: [first, again], use, before, after, heldMib, lost } = report as MemoryReport;
    const missing = /Cannot allocate \d+ bytes as the memory of the GPU is full: use smaller batches/;
    assertMatch(first!, missing);
    for (const error of [again!, use]) {
      assertMatch(error, /^GpuError: Cannot use a result that the GPU did not calculate/);
      assertMatch(error, missing);
    }
    assertEquals([before, after, lost], [[7, 7, 7], [2000], false]);
    // Of 60 GiB that were asked for.
    assert(heldMib < 32 * 1024, `${heldMib} MiB`);
  },
});

for (const isolated of [false, true]) {
  Deno.test({
    name: `LeNet learns on the processor in Chromium as in Deno, in a page that is ${
      isolated ? "" : "not "
    }isolated`,
    ignore: chromium === undefined,
    async fn() {
      const report = await runInChromium(chromium!, "tests/browser/cpu_page.ts", { isolated }).catch(
        (error) => {
          if (!(error instanceof NoBundlerError)) throw error;
          console.log(`SKIP browser: ${error.message}`);
        },
      );
      if (!report) return;
      const { threads, splitThreads, losses, splitLosses, ...rest } = report as CpuReport;
      assertEquals(rest.isolated, isolated);
      assertEquals(splitThreads, isolated ? 2 : 1);
      assertEquals(threads, isolated ? Math.min(8, navigator.hardwareConcurrency) : 1);
      assert(losses[2]! < losses[0]!, `${losses}`);
      assertEquals(losses, lenetLosses(new CpuBackend({ threads: 1, blas: "off" })));
      assertEquals(splitLosses, losses);
    },
  });
}

for (
  const [policy, message] of [
    ["script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'", null],
    [
      "script-src 'self' 'unsafe-inline'",
      "TypeError: Cannot open the CPU backend as WebAssembly with SIMD must be",
    ],
  ] as const
) {
  Deno.test({
    name: `CpuBackend is ${
      message ? "refused, with advice," : "there"
    } in Chromium where the policy is ${policy}`,
    ignore: chromium === undefined,
    async fn() {
      const report = await runInChromium(chromium!, "tests/browser/policy_page.ts", { policy }).catch(
        (error) => {
          if (!(error instanceof NoBundlerError)) throw error;
          console.log(`SKIP browser: ${error.message}`);
        },
      );
      if (!report) return;
      const { available, error } = report as PolicyReport;
      assertEquals([available, error?.slice(0, message?.length) ?? null], [message === null, message]);
      if (error !== null) assertMatch(error, /'wasm-unsafe-eval'/);
    },
  });
}
