/** What `precision.ts` runs in Chromium. */
import { WebGpuBackend } from "@troodon/webgpu";
import { measurePrecision, type Precision } from "./measure.ts";

/** Measures the adapter of the browser. */
export async function main(): Promise<{ readonly name: string; readonly found: readonly Precision[] }> {
  using backend = await WebGpuBackend.create({ allowFallback: true });
  return { name: backend.describe(), found: await measurePrecision(backend) };
}
