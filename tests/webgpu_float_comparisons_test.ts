/** The text of every shader: what a driver may assume of floats in it. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { ADAPTERS, CASES, CountingGpu, floatComparisons, launchSamples } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";

/** Adapters with subgroups and float16 and without, and how many samples of a case are tried. */
const TRIED = [[ADAPTERS.metal, 2], [ADAPTERS.least, 1]] as const;

// Of a device that gives zeros matrices are singular, and the like.
const BY_VALUES = /singular|not positive definite|must be from|must broadcast to what is assigned/;

Deno.test("shaders compare floats by their bits, whatever the op, the layout and the type", async () => {
  const found = new Map<string, string>(), seen = new Set<string>();
  for (const [adapter, most] of TRIED) {
    const gpu = new CountingGpu(adapter), device = new Device(new WebGpuBackend(gpu.opened), { tape });
    for (const { name, error } of await launchSamples(CASES, device, most)) {
      assert(BY_VALUES.test(error.message), `${name}: ${error.message}`);
    }
    for (const { label, code } of gpu.counts.shaders) {
      if (seen.has(code)) continue;
      seen.add(code);
      for (const { within, text } of floatComparisons(code)) found.set(`${within}() of ${label}()`, text);
    }
  }
  assert(seen.size > 5000, `${seen.size} shaders`);
  assertEquals(Object.fromEntries(found), {});
});
