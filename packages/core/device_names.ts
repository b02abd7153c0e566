/** Devices that are asked for by name, as in `x.to("cpu")`. */
import { chosenDevice } from "./default_device.ts";
import type { Device } from "./device.ts";

/** Names of the devices that come with Troodon; others have the name of their backend. */
export type DeviceName = "cpu" | "reference" | "webgpu";

/** The registry of device names: each maps to a device, or to a factory that is called on first use. */
const named = new Map<string, Device | (() => Device)>();

/**
 * Makes `device` the one that `x.to(name)` and `module.to(name)` mean, for the process. `chooseDevice()` of
 * `@troodon/troodon` names what it chooses, and "cpu" and "reference" beside it; programs that make their devices
 * themselves name them by this function, or give the `Device`.
 *
 * @param device A device, or a function that makes one when the name is used first.
 *
 * @example A device by name
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { nameDevice } from "@troodon/core/kernel";
 *
 * const [here, there] = [new Device(new ReferenceBackend()), new Device(new ReferenceBackend())];
 * nameDevice("there", there);
 * assertEquals(tensor([1, 2], { device: here }).to({ device: "there" }).device, there);
 * ```
 */
export function nameDevice(name: string, device: Device | (() => Device)): void {
  named.set(name, device);
}

/** Whether a name stands for a device: by {@linkcode nameDevice}. */
export function isDeviceName(name: string): boolean {
  return named.has(name);
}

/**
 * The device of this name: `near` if that is its name, else the default device if that is its, else the one that
 * {@linkcode nameDevice} named.
 *
 * @param near The device of the tensor that is to be moved.
 * @throws {TypeError} If there is none.
 */
export function deviceNamed(name: string, near?: Device): Device {
  for (const device of [near, chosenDevice()]) {
    if (device && device.name === name && !device.backend.lost) return device;
  }
  const known = named.get(name);
  if (typeof known === "function") {
    const device = known();
    named.set(name, device);
    return device;
  }
  if (known !== undefined) return known;
  const cure = name.startsWith("cuda") || name === "mps"
    ? 'GPUs are reached by "webgpu" here'
    : 'open it by `await chooseDevice(name)` of "@troodon/troodon", name it by nameDevice(), or give the Device';
  throw new TypeError(
    `Cannot use the device "${name}" as there must be one of that name: current names are ${
      [...new Set([...[near, chosenDevice()].flatMap((d) => d ? [d.name] : []), ...named.keys()])].join(
        ", ",
      ) ||
      "none"
    }; ${cure}`,
  );
}
