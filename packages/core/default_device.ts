/** The device that creation functions use when none is given: a setting of the flow of execution. */
import { showArgument } from "./call_forms.ts";
import { checkCall } from "./tensor/check_call.ts";
import type { Device } from "./device.ts";
import { changeSetting, currentFlow, runInFrame } from "./flow.ts";

/**
 * Makes `device` the one that creation functions use when none is given; null forgets it. Within
 * {@linkcode withDevice} for as long as that lasts, else for the process.
 */
export function setDefaultDevice(device: Device | null): void {
  checkCall("setDefaultDevice", arguments, ".");
  if (device !== null) checkDevice("setDefaultDevice", device);
  changeSetting("device", device);
}

/**
 * Runs `f` with `device` as the one that creation functions use when none is given, to the end of its promise if it is
 * asynchronous; whatever else runs meanwhile keeps its own.
 *
 * @returns What `f` returns.
 *
 * @example Two devices at once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, withDevice } from "@troodon/core";
 *
 * const [a, b] = [new Device(new ReferenceBackend()), new Device(new ReferenceBackend())];
 * const work = async () => {
 *   await Promise.resolve();
 *   return tensor([1]).device;
 * };
 * assertEquals(await Promise.all([withDevice(a, work), withDevice(b, work)]), [a, b]);
 * ```
 */
export function withDevice<T>(device: Device, f: () => T): T {
  checkCall("withDevice", arguments, ".f");
  checkDevice("withDevice", device);
  return runInFrame({ device }, f);
}

function checkDevice(name: string, device: unknown): void {
  if (typeof device === "object" && device !== null && "backend" in device) return;
  throw new TypeError(
    `Cannot apply ${name}() as there must be a device: current one is ${showArgument(device)}`,
  );
}

/** The device that was chosen, if one was. */
export function chosenDevice(): Device | null {
  return currentFlow().device;
}

/**
 * The device that creation functions use when none is given.
 *
 * @throws {TypeError} If none was chosen.
 */
export function defaultDevice(): Device {
  const device = chosenDevice();
  if (device === null) {
    throw new TypeError(
      "Cannot make a tensor as no device is chosen: start the program with `await chooseDevice()` " +
        'of "@troodon/troodon", or give { device }',
    );
  }
  return device;
}
