/** What `precision.ts` runs in Chromium. */
import { WebGpuBackend } from "@troodon/webgpu";
import { type Arithmetic, arithmeticOf } from "./arithmetic.ts";
import { measurePrecision, type Precision } from "./measure.ts";

/** What was found in the browser. */
export interface BrowserPrecision {
  /** The adapter, as the backend describes it. */
  readonly name: string;
  readonly found: readonly Precision[];
  readonly arithmetic: Arithmetic | null;
}

/** Measures the adapter of the browser. */
export async function main(): Promise<BrowserPrecision> {
  using backend = await WebGpuBackend.create({ allowFallback: true });
  const name = backend.describe();
  return { name, found: await measurePrecision(backend), arithmetic: await arithmeticOf(name) };
}
