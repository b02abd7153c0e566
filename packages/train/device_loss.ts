/** What happens when a device is lost. */
import type { Device } from "@troodon/core";

/** The loss of a device in a run, and where the run goes on. */
export interface DeviceLoss {
  /** What the device said. */
  readonly error: unknown;
  /** The device. */
  readonly device: Device;
  /** Steps that had been done. */
  readonly step: number;
  /** Steps that had been done when the state was kept from which the run goes on. */
  readonly keptStep: number;
}

/** Times that a device is asked whether it is lost, a task apart, as its runtime says so late. */
const ASKED = 10;

/**
 * The loss of `device`, if that is behind `error`; null if the device is there.
 *
 * @returns What the device says of its loss, or `error` if it says nothing.
 */
export async function lossBehind(error: unknown, { backend }: Device): Promise<{ error: unknown } | null> {
  // Only a GPU may be lost.
  if (backend.lost === undefined) return null;
  for (let i = 0; !backend.lost && i < ASKED; i++) await new Promise((resolve) => setTimeout(resolve, i));
  if (!backend.lost) return null;
  return backend.finish().then(() => ({ error }), (said) => ({ error: said }));
}

/**
 * One line for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend } from "@troodon/core";
 * import { formatDeviceLoss } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * const text = formatDeviceLoss({ device, error: new TypeError("gone"), step: 12, keptStep: 10 });
 * assertEquals(text, `The device was lost after step 12 (${device}): training goes on from step 10`);
 * ```
 */
export function formatDeviceLoss({ device, step, keptStep }: DeviceLoss): string {
  return `The device was lost after step ${step} (${device}): training goes on from step ${keptStep}`;
}
