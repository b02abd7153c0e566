import type { Device } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { formatDeviceLoss } from "../device_loss.ts";
import type { FitObserver } from "../observer.ts";

/** Options of {@linkcode continueOn}. */
export interface ContinueOnOptions {
  /** Receives one line for people; `console.error` by default, null for none. */
  readonly log?: ((line: string) => void) | null;
}
const CONTINUE_ON_OPTIONS: OptionKeys<ContinueOnOptions> = { log: true };

/**
 * Continues a run on another device when its own is lost: `continueOn(() => chooseDevice("cpu"))`. Model, loss and optimizer
 * move there as they are, and the run continues from the state that was kept last: after an epoch, and in it as often as
 * costs a hundredth of the time, at most every five seconds. Steps since then are done again. The loader must leave its
 * device open.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend } from "@troodon/core";
 * import { continueOn } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend()), spare = new Device(new ReferenceBackend());
 * const observer = continueOn(() => spare, { log: null });
 * const loss = { device, error: new TypeError("gone"), step: 12, keptStep: 10 };
 * assertEquals(await observer.onDeviceLost?.(loss), spare);
 * ```
 */
export function continueOn(
  device: () => Device | Promise<Device>,
  options?: ContinueOnOptions,
): FitObserver {
  const { log = console.error } = readOptions("continueOn()", options, CONTINUE_ON_OPTIONS);
  return {
    onDeviceLost(loss) {
      log?.(formatDeviceLoss(loss));
      return device();
    },
  };
}
