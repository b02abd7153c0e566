/** Moves optimizer state to the device and dtype of its parameter. */
import type { Tensor } from "@troodon/core";

/**
 * Brings what is kept of `parameter` to the device and the dtype of that, where `module.to()` brought the parameter
 * elsewhere; returns `kept`.
 *
 * @throws {TypeError} If the device that it is on cannot be read synchronously.
 */
export function follow(kept: Tensor, parameter: Tensor): Tensor {
  const { device, dtype } = parameter;
  if (kept.device === device && kept.dtype === dtype) return kept;
  if (kept.device !== device && !kept.device.canReadSync) {
    throw new TypeError(
      `Cannot step as what is remembered of a parameter must be on its device: current devices are ${kept.device.name} ` +
        `and ${device.name}, call \`await optimizer.toAsync()\` after \`await module.toAsync(device)\``,
    );
  }
  return take(kept, kept.to({ device, dtype }));
}

/** {@linkcode follow} from devices that cannot be read synchronously. */
export async function followAsync(kept: Tensor, { device, dtype }: Tensor): Promise<void> {
  if (kept.device !== device || kept.dtype !== dtype) take(kept, await kept.toAsync({ device, dtype }));
}

function take(kept: Tensor, moved: Tensor): Tensor {
  kept.setData(moved);
  moved.dispose();
  return kept;
}
