/** What steps ask of a device. */
import { compile } from "@troodon/compile";
import { WebGpuBackend } from "@troodon/webgpu";
import type { MeteredDevice } from "../devices.ts";
import type { TrainingStep } from "./programs/mod.ts";

/** Means of one step. */
export interface StepCounts {
  /** Kernels that were launched. */
  readonly launches: number;
  /** What became of them on a GPU; null elsewhere. */
  readonly gpu: {
    readonly dispatches: number;
    readonly submissions: number;
    /** Buffers, bind groups and kernels that were made anew: none once a loop runs. */
    readonly made: number;
    /** Dispatches of a compiled step. */
    readonly compiled: number;
  } | null;
  readonly flops: number;
  /** Bytes that launches read and write. */
  readonly bytes: number;
  /** Tensors that were given memory. */
  readonly buffers: number;
  readonly allocatedBytes: number;
  /** The most bytes that tensors held at once, parameters and batch included. */
  readonly peakBytes: number;
}

/** Counts over `steps` steps, waiting after each as a loop does that looks at its loss. */
export async function countSteps(device: MeteredDevice, step: TrainingStep, steps = 8): Promise<StepCounts> {
  const { backend } = device;
  const settled = 3; // Steps until memory and kernels are there.
  for (let i = 0; i < settled; i++) {
    step();
    await device.finish();
  }
  const report = () => backend instanceof WebGpuBackend ? backend.report : null;
  const before = report();
  using _ = device.count();
  for (let i = 0; i < steps; i++) {
    step();
    await device.finish();
  }
  const { launches, flops, bytes, buffers, allocatedBytes, peakBytes } = device.counts, after = report();
  const counted = before && after && {
    dispatches: (after.dispatches - before.dispatches) / steps,
    submissions: (after.submissions - before.submissions) / steps,
    made: (["buffers", "bindGroups", "kernels"] as const).reduce((n, what) =>
      n + after[what] - before[what], 0) / steps,
  };
  const gpu = counted && { ...counted, compiled: await countCompiled(backend as WebGpuBackend, step) };
  return {
    launches: launches / steps,
    gpu,
    flops: flops / steps,
    bytes: bytes / steps,
    buffers: buffers / steps,
    allocatedBytes: allocatedBytes / steps,
    peakBytes,
  };
}

/** Counts the dispatches of a compiled step after its recording. */
async function countCompiled(backend: WebGpuBackend, step: TrainingStep): Promise<number> {
  using compiled = compile(() => step());
  let before = 0;
  for (let i = 0; i < 5; i++) {
    before = backend.report.dispatches;
    compiled();
    await backend.finish();
  }
  return backend.report.dispatches - before;
}
