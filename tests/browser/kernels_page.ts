/** What `browser_test.ts` runs in a page: a short look at every op, and training. */
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { CASES, makeOracle, type SpotCheck, spotCheck } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { lossesOf, OPTIMIZERS } from "./training.ts";

/** What was found; numbers that JSON has no words for are texts. */
export interface BrowserReport {
  /** The adapter, as the backend describes it. */
  readonly device: string;
  readonly checks: readonly (Omit<SpotCheck, "error"> & { readonly error: number | string })[];
  /** Losses there, and on the reference backend. */
  readonly training: readonly Training[];
}

interface Training {
  readonly optimizer: string;
  readonly losses: readonly number[];
  readonly exact: readonly number[];
}

/** Opens a device and tries each op on it. */
export async function main(): Promise<BrowserReport> {
  using device = new Device(await WebGpuBackend.create({ allowFallback: true }), { tape });
  const oracle = makeOracle();
  const checks: BrowserReport["checks"][number][] = [];
  for (const group of Map.groupBy(CASES, ({ name }) => name).values()) {
    const check = await spotCheck(group, oracle, device, { samples: 2 });
    checks.push({ ...check, error: Number.isFinite(check.error) ? check.error : String(check.error) });
  }
  const training: Training[] = [];
  for (const optimizer of Object.keys(OPTIMIZERS)) {
    const losses = await lossesOf(device, optimizer, 8);
    training.push({ optimizer, losses, exact: await lossesOf(oracle, optimizer, 8) });
  }
  return { device: String(device), checks, training };
}
