import { tape } from "@troodon/autograd";
import { CpuBackend } from "@troodon/cpu";
import { type Backend, Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";

/** Options of {@linkcode chooseDevice}. */
export interface ChooseDeviceOptions {
  /** Hears in one line what was chosen and why; written to stderr by default, null for silence. */
  readonly log?: ((line: string) => void) | null;
}

const BACKENDS: Readonly<Record<string, () => Backend>> = {
  cpu: () => new CpuBackend(),
  reference: () => new ReferenceBackend(),
};

/** Names that {@linkcode chooseDevice} takes. */
export const DEVICE_NAMES: readonly string[] = ["auto", ...Object.keys(BACKENDS), "webgpu"];

/**
 * Makes a device, and has tensors made on it where none is given. "auto" takes
 * the fastest there is, which is "cpu" in this version.
 *
 * @throws {RangeError} If there is no device of that name.
 * @throws {TypeError} If there is, but not in this version.
 *
 * @example The first line of a program
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chooseDevice, tensor } from "@troodon/troodon";
 *
 * const lines: string[] = [];
 * const device = await chooseDevice("reference", { log: (line) => lines.push(line) });
 * assertEquals(tensor([1, 2]).device, device);
 * assertEquals(lines, ["Using reference: plain TypeScript in float64, one thread (asked for by name)"]);
 * ```
 */
// Finding a GPU will take a while: hence a promise, already now.
export function chooseDevice(name = "auto", options: ChooseDeviceOptions = {}): Promise<Device> {
  return Promise.try(() => {
    const { log = console.error } = options;
    if (name === "webgpu") {
      throw new TypeError(
        `Cannot choose the device "webgpu" as this version has no WebGPU backend yet: use "auto" or "cpu"`,
      );
    }
    const key = name === "auto" ? "cpu" : name;
    const make = Object.hasOwn(BACKENDS, key) ? BACKENDS[key] : undefined;
    if (make === undefined) {
      throw new RangeError(
        `Cannot choose the device "${name}" as there is none of that name: there are ${
          DEVICE_NAMES.join(", ")
        }`,
      );
    }
    const device = new Device(make(), { tape });
    setDefaultDevice(device);
    const why = name === "auto" ? "no WebGPU backend in this version yet" : "asked for by name";
    log?.(`Using ${device} (${why})`);
    return device;
  });
}
