import { assertEquals, assertStringIncludes } from "@std/assert";
import { hasFailed, showCard, slugOf } from "./report.ts";
import { failuresIn, runStage, type StageResult, summaryOf } from "./stage.ts";
import { stagesOf } from "./stages.ts";

const stage = (code: string, json: string | null = null) => ({
  title: "a stage",
  args: ["eval", code],
  limit: 20,
  json,
});

Deno.test("runStage() tells failures, crashes and what takes too long from what passed", async () => {
  const file = await Deno.makeTempFile();
  const left = await runStage(stage(`Deno.writeTextFileSync(${JSON.stringify(file)}, "[1]")`, file));
  assertEquals([left.outcome, left.json, left.failures], ["passed", [1], []]);
  await Deno.remove(file);
  const failed = await runStage(stage("console.error('error: no such card'); Deno.exit(3)", file));
  assertEquals([failed.outcome, failed.failures, failed.json], ["failed", ["error: no such card"], null]);
  const endless = await runStage({ ...stage("while (true);"), limit: 0.5 });
  assertEquals(endless.outcome, "out of time");
  assertEquals([left, failed, endless].map(hasFailed), [false, true, true]);
});

Deno.test("summaryOf() and failuresIn() find what tests say", () => {
  const text =
    "add() conforms ... ok (1ms)\nsub() conforms ... FAILED (2ms)\nerror: Test failed\n\nFAILED | 1 passed | 1 failed (3ms)";
  assertEquals(summaryOf(text), "1 passed, 1 failed");
  assertEquals(failuresIn(text), ["sub() conforms", "FAILED | 1 passed | 1 failed (3ms)"]);
});

Deno.test("stagesOf() asks of PyTorch last, and only where it is", () => {
  const options = { device: "nvidia", seconds: 600, quick: false, folder: "/tmp" };
  const titles = (python: string | null) => stagesOf({ ...options, python }).map(({ title }) => title);
  assertEquals(titles("python3").slice(0, -1), titles(null));
  for (const { args } of stagesOf({ ...options, python: "python3" })) {
    const file = args.find((arg) => arg.endsWith(".ts"))!;
    assertEquals(Deno.statSync(new URL(`../../${file}`, import.meta.url)).isFile, true, file);
  }
});

Deno.test("showCard() names what failed and each number's part of the roof", () => {
  const result = (title: string, outcome: StageResult["outcome"], json: unknown = null): StageResult => ({
    title,
    outcome,
    seconds: 1,
    summary: "",
    failures: outcome === "failed" ? ["sub() conforms"] : [],
    json,
  });
  const peak = { gflops: 1000, gigabytes: 100, source: "given" };
  const rows = [{
    name: "product",
    work: { flops: 1e9, bytes: 1e6 },
    troodon: { median: 0.002 },
    clock: 0.001,
    torch: {},
  }];
  const precision = {
    functions: [{ fn: "erfc", ulp: 7.25, at: [8], wrong: 0 }],
    arithmetic: { facts: { "fma() is fused": true }, division: 0.5, sqrt: 2 },
  };
  const page = showCard({
    date: "2026-11-30",
    card: "webgpu: NVIDIA H100",
    driver: "550",
    machine: "a machine",
    command: "deno task card",
    stages: [
      result("conformance", "failed"),
      result("kernels", "passed", { peak, rows }),
      result("precision", "passed", precision),
    ],
  });
  assertStringIncludes(page, "- conformance: sub() conforms");
  assertStringIncludes(page.replaceAll(/ +/g, " "), "| product | 2.00 | 1.00 | 50 % | - |");
  assertStringIncludes(page.replaceAll(/ +/g, " "), "| erfc | 7.25 | 0 | 8 |");
  assertStringIncludes(page.replaceAll(/ +/g, " "), "| fma() is fused | yes |");
  assertEquals(slugOf("webgpu: llvmpipe (LLVM 15.0.6, 256 bits), a software adapter"), "llvmpipe");
});
