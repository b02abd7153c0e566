/** What a benchmark of a kernel is made of. */
import {
  type Device,
  type KernelCall,
  randn,
  Scope,
  setDefaultDevice,
  type Shape,
  type Tensor,
} from "@troodon/core";
import { chosenDevice } from "@troodon/core/kernel";
import { type Capacity, type Counts, idleDevice } from "../devices.ts";

/** One thing that is timed. */
export interface KernelCase {
  /** Which kernel, or which kind of step: cases of one family stand together. */
  readonly family: string;
  /** What it is, with its shapes. */
  readonly name: string;
  /** Makes what it needs on `device`, and gives what is timed. */
  readonly prepare: (device: Device) => () => void;
}

/** A case that launches one kernel, again and again on the same tensors. */
export function launching(
  name: string,
  call: KernelCall,
  tensors: (device: Device) => readonly [inputs: readonly Tensor[], outputs: readonly Tensor[]],
  family: string = call.kernel,
): KernelCase {
  return {
    family,
    name,
    prepare(device) {
      const [inputs, outputs] = tensors(device);
      return () => device.launch(call, inputs, outputs);
    },
  };
}

/** What makes tensors of some shapes, filled with noise. */
export function noise(...shapes: readonly Shape[]): (device: Device) => Tensor[] {
  return (device) => shapes.map((shape) => randn(shape, { device }));
}

/** "64x784" */
export function extents(shape: Shape): string {
  return shape.join("x");
}

/** What one call of a case has to do, and the memory that it all takes, without doing it. */
export function countsOf({ prepare }: Pick<KernelCase, "prepare">): Counts {
  const device = idleDevice(), chosen = chosenDevice();
  using _ = new Scope();
  const work = prepare(device), { largestBytes } = device.counts, { peakBytes } = device.memory;
  using _counting = device.count();
  work();
  setDefaultDevice(chosen); // Models are made on the default device.
  const { counts } = device;
  return {
    ...counts,
    largestBytes: Math.max(largestBytes, counts.largestBytes),
    peakBytes: Math.max(peakBytes, counts.peakBytes),
  };
}

/** Whether that is within `capacity`. */
export function fits({ flops, peakBytes, largestBytes }: Counts, capacity: Capacity): boolean {
  return flops <= capacity.flops && peakBytes <= capacity.bytes && largestBytes <= capacity.bufferBytes;
}
