/** A short look at ops in a page, special values, and training. */
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

/** Results of the checks; numbers without a JSON form are strings. */
export interface BrowserReport {
  /** Description of the adapter by the backend. */
  readonly device: string;
  readonly checks: readonly (Omit<SpotCheck, "error"> & { readonly error: number | string })[];
  /** Results of PyTorch's cases of special values. */
  readonly cases: readonly CaseResult[];
  /** Dtypes of the device. */
  readonly dtypes: readonly DType[];
  /** Errors with special values in shaders whose compiler assumes there are none; only if all ops are tried. */
  readonly hostile: readonly string[];
  /** Losses on the device, and on the reference backend. */
  readonly training: readonly Training[];
}

interface Training {
  readonly optimizer: string;
  readonly losses: readonly number[];
  readonly exact: readonly number[];
}

/**
 * Ops composed of many others that are tested separately: compiling their shaders takes Chromium as long as all others.
 */
const COMPOSITES: ReadonlySet<string> = new Set(
  [
    "adaptiveAvgPool2d adaptiveAvgPool3d adaptiveMaxPool2d adaptiveMaxPool3d",
    "adaptiveMaxPool3dWithIndices at avgPool3d binaryCrossEntropy binaryCrossEntropyWithLogits",
    "bucketize cartesianProd conv3d convTranspose2d convTranspose3d cov ctcLoss cummax cummin",
    "embeddingBag fft gaussianNllLoss gridSample groupNorm gru gruCell gumbelSoftmax histc histogram",
    "instanceNorm interpolate isin klDiv kthvalue lpPool1d lpPool2d lpPool3d lstm lstmCell",
    "marginRankingLoss matrixNorm maxPool3d maxPool3dWithIndices median mode multiHeadAttention",
    "multilabelMarginLoss multiMarginLoss multinomial nanmedian nanquantile nonzeroStatic norm pdist",
    "poissonNllLoss quantile renorm repeatInterleave rnn scaledDotProductAttention set",
    "tripletMarginWithDistanceLoss unravelIndex variance",
  ].join(" ").split(" "),
);

/** Opens a device and tries ops on it: all of them, or all but the composites. */
export async function tryKernels({ all }: { readonly all: boolean }): Promise<BrowserReport> {
  using device = new Device(await WebGpuBackend.create({ allowFallback: true }), { tape });
  const oracle = makeOracle();
  const checks: BrowserReport["checks"][number][] = [];
  for (const [name, group] of Map.groupBy(CASES, ({ name }) => name)) {
    if (!all && COMPOSITES.has(name)) continue;
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
  const { dtypes } = device.backend.limits, hostile = all ? await hostileFaults(oracle) : [];
  return { device: String(device), checks, cases, dtypes, hostile, training };
}

/** Errors with special values if the shader compiler optimizes comparisons and sums. */
async function hostileFaults(oracle: Device): Promise<readonly string[]> {
  using device = new Device(new WebGpuBackend((await openHostileGpu("reassociated"))!), { tape });
  const faults: string[] = [];
  for (const group of Map.groupBy(specialSamples(CASES), ({ name }) => name).values()) {
    faults.push(...(await spotCheck(group, oracle, device, { samples: 1 })).faults);
  }
  return faults;
}
