/** Launches of kernels: every op's calls go through here. */
import { isMandatory, seenAs, seenInputs, seenOutputs } from "../backend/families.ts";
import type { KernelCall } from "../backend/kernel_call.ts";
import type { Device } from "../device.ts";
import type { LaunchView } from "../device_listener.ts";
import { isContiguous } from "../layout.ts";
import type { Arrangement } from "../op.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Launches one kernel on tensors: seen as its family sees them, or as `arrangement` says.
 *
 * @param inputs What it reads; copied first where the family wants them contiguous and they are not.
 * @param outputs What it writes.
 */
export function launch(
  device: Device,
  call: KernelCall,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  arrangement?: Arrangement,
): void {
  if (arrangement !== undefined) {
    const { inputs: layouts, output } = arrangement, views: LaunchView[] = [];
    for (let i = 0; i < inputs.length; i++) views.push(seenAs(inputs[i]!, layouts[i]!));
    return device.launch(call, views, output === null ? outputs : [seenAs(outputs[0]!, output)]);
  }
  if (!isMandatory(call) && !inputs.every(isContiguous)) {
    const packed: Tensor[] = [];
    try {
      for (const t of inputs) packed.push(isContiguous(t) ? t : t.packedCopy());
      return device.launch(call, packed, outputs);
    } finally {
      packed.forEach((t, i) => t === inputs[i] || t.dispose());
    }
  }
  device.launch(call, seenInputs(call, inputs), seenOutputs(call, outputs, inputs[0]?.ndim ?? 0));
}

/** {@linkcode launch} to outputs that nobody else knows of yet: they are freed if it fails. */
export function launchNew(
  device: Device,
  call: KernelCall,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  arrangement?: Arrangement,
): void {
  try {
    launch(device, call, inputs, outputs, arrangement);
  } catch (error) {
    for (const y of outputs) y.dispose();
    throw error;
  }
}
