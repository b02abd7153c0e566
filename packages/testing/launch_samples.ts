/** Samples run for the kernels that they launch, whatever comes out. */
import type { Device, DType } from "@troodon/core";
import type { OpCase } from "./case.ts";
import type { LayoutKind } from "./layouts.ts";
import { run } from "./run.ts";
import { draw } from "./test_op.ts";

/** Samples that {@linkcode launchSamples} could not run to the end. */
export interface Stopped {
  /** The op. */
  readonly name: string;
  /** Why. */
  readonly error: Error;
}

/**
 * Runs samples of each case in all layouts, with gradients of both orders, the first of them in all floating types of the
 * device: for devices that calculate nothing, where the kernels are of interest. `most` limits the samples of a case.
 *
 * @returns Calls that the results, which may be any, kept from their end.
 */
export async function launchSamples(
  cases: readonly OpCase[],
  device: Device,
  most: number = Infinity,
): Promise<Stopped[]> {
  const stopped: Stopped[] = [];
  const { dtypes } = device.backend.limits;
  for (const op of cases) {
    const layouts: readonly LayoutKind[] = op.anyLayout === false
      ? ["contiguous"]
      : ["contiguous", "strided", "repeated"];
    const floats: readonly DType[] = op.halves === false ? ["float32"] : ["float32", "float16", "bfloat16"];
    const order = op.differentiable === false ? 0 : op.twice === false ? 1 : 2;
    for (const [seed, sample] of op.samples.slice(0, most).entries()) {
      for (const float of floats.filter((dtype) => dtypes.includes(dtype)).slice(0, seed > 0 ? 1 : 3)) {
        for (const layout of layouts) {
          try {
            await run(op, device, float, draw(sample, seed, float), layout, order);
          } catch (error) {
            if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
            stopped.push({ name: op.name, error });
          }
        }
      }
    }
  }
  return stopped;
}
