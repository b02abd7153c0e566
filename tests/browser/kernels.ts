/** What `browser_test.ts` runs in a page: a short look at every op, special values, and training. */
import { tape } from "@troodon/autograd";
import { Device, type DType } from "@troodon/core";
import {
  CASES,
  makeOracle,
  openHostileGpu,
  specialSamples,
  type SpotCheck,
  spotCheck,
} from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import gradients from "../reference/special_gradients.json" with { type: "json" };
import values from "../reference/special_values.json" with { type: "json" };
import type { Case } from "../reference/records.ts";
import { type CaseResult, resultsOf } from "../reference/results.ts";
import { SPECIAL } from "../reference/special_gradients.ts";
import { lossesOf, OPTIMIZERS } from "./training.ts";

/** What was found; numbers that JSON has no words for are texts. */
export interface BrowserReport {
  /** The adapter, as the backend describes it. */
  readonly device: string;
  readonly checks: readonly (Omit<SpotCheck, "error"> & { readonly error: number | string })[];
  /** What came of PyTorch's cases of special values. */
  readonly cases: readonly CaseResult[];
  /** The types of the device. */
  readonly dtypes: readonly DType[];
  /** Faults of special values where a compiler assumes that there are none. */
  readonly hostile: readonly string[];
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
    const check = await spotCheck(group, oracle, device);
    checks.push({ ...check, error: Number.isFinite(check.error) ? check.error : String(check.error) });
  }
  const cases = await resultsOf(
    [...values.cases, ...gradients.cases] as unknown as Case[],
    device,
    SPECIAL,
  );
  const training: Training[] = [];
  for (const optimizer of Object.keys(OPTIMIZERS)) {
    const losses = await lossesOf(device, optimizer, 8);
    training.push({ optimizer, losses, exact: await lossesOf(oracle, optimizer, 8) });
  }
  const { dtypes } = device.backend.limits, hostile = await hostileFaults(oracle);
  return { device: String(device), checks, cases, dtypes, hostile, training };
}

/** What is wrong with special values where comparisons of them, and sums, are what a compiler makes of them. */
async function hostileFaults(oracle: Device): Promise<readonly string[]> {
  using device = new Device(new WebGpuBackend((await openHostileGpu("reassociated"))!), { tape });
  const faults: string[] = [];
  for (const group of Map.groupBy(specialSamples(CASES), ({ name }) => name).values()) {
    faults.push(...(await spotCheck(group, oracle, device, { samples: 1 })).faults);
  }
  return faults;
}
