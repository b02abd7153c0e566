/** Comparisons of floats in the text of shaders, for tests short and long. */
import { assert } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { ADAPTERS, CASES, CountingGpu, floatComparisons, launchSamples } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";

// On a device that gives zeros, matrices are singular, for example.
const BY_VALUES = /singular|not positive definite|must be from|must broadcast to what is assigned/;

/** Shaders of the conformance samples, on adapters with subgroups and float16 and without. */
export interface ComparisonReport {
  /** Number of different shaders. */
  readonly shaders: number;
  /** Text of each comparison, by the function and the shader that it is in. */
  readonly found: Readonly<Record<string, string>>;
}

/** Launches up to `most` samples of each op in all layouts and types, and reads every shader. */
export async function comparisonsOf(most: number): Promise<ComparisonReport> {
  const found: Record<string, string> = {}, seen = new Set<string>();
  for (const adapter of [ADAPTERS.metal, ADAPTERS.least]) {
    const gpu = new CountingGpu(adapter), device = new Device(new WebGpuBackend(gpu.opened), { tape });
    for (const { name, error } of await launchSamples(CASES, device, most)) {
      assert(BY_VALUES.test(error.message), `${name}: ${error.message}`);
    }
    for (const { label, code } of gpu.counts.shaders) {
      if (seen.has(code)) continue;
      seen.add(code);
      for (const { within, text } of floatComparisons(code)) found[`${within}() of ${label}()`] = text;
    }
  }
  return { shaders: seen.size, found };
}
