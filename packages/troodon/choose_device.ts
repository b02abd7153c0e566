import { tape } from "@troodon/autograd";
import { CpuBackend } from "@troodon/cpu";
import { type Backend, Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { isDeviceName, nameDevice, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { GpuError, WebGpuBackend } from "@troodon/webgpu";
import { CPU_NAMES, openCpu } from "./open_cpu.ts";

/** Options of {@linkcode chooseDevice}. */
export interface ChooseDeviceOptions {
  /** Hears in one line what was chosen and why; written to stderr by default, null for silence. */
  readonly log?: ((line: string) => void) | null;
}
const CHOOSE_DEVICE_OPTIONS: OptionKeys<ChooseDeviceOptions> = { log: true };

/** Names that {@linkcode chooseDevice} knows; every other is taken for that of a GPU. */
export const DEVICE_NAMES: readonly string[] = ["auto", ...CPU_NAMES, "reference", "webgpu"];

/** A backend, and why it is this one. */
interface Choice {
  readonly backend: Backend;
  readonly why: string;
}

/**
 * Makes a device, and has tensors made on it where none is given. From then on its name is known to `x.to(name)` and
 * `module.to(name)`, and so are "cpu" and "reference", which are made when they are used first.
 *
 * - "auto": a GPU if there is one, else the CPU. A software adapter is none. Without WebAssembly the CPU is "reference".
 * - "cpu": the CPU by the fastest code available; "cpu@2" on two threads. Without --allow-ffi it is WebAssembly.
 * - "native", "blas", "wasm": the CPU by machine code without a native BLAS, by WebAssembly with one, and by
 *   WebAssembly alone, to compare them; each takes a number of threads too.
 * - "reference": plain TypeScript, to compare with.
 * - "webgpu": the GPU, or the software adapter if that is all there is.
 * - any other name: the GPU whose description has it, in any case: "nvidia", "llvmpipe".
 *
 * @throws {GpuError} If the GPU that was asked for by name is not there.
 * @throws {TypeError} If the name asks for machine code or a BLAS that cannot be used here.
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
export async function chooseDevice(name = "auto", options: ChooseDeviceOptions = {}): Promise<Device> {
  options = readOptions("chooseDevice()", options, CHOOSE_DEVICE_OPTIONS);
  const { log = console.error } = options;
  const { backend, why } = await choose(name);
  const device = new Device(backend, { tape });
  setDefaultDevice(device);
  nameBeside(device);
  log?.(`Using ${device} (${why})`);
  return device;
}

/** Names the devices that can be had at once, and `device`. */
function nameBeside(device: Device): void {
  if (!isDeviceName("cpu")) nameDevice("cpu", () => new Device(new CpuBackend(), { tape }));
  if (!isDeviceName("reference")) {
    nameDevice("reference", () => new Device(new ReferenceBackend(), { tape }));
  }
  nameDevice(device.name, device);
}

async function choose(name: string): Promise<Choice> {
  const why = "asked for by name";
  switch (name) {
    case "auto":
      return await fastest();
    case "reference":
      return { backend: new ReferenceBackend(), why };
    case "webgpu":
      return { backend: await WebGpuBackend.create({ allowFallback: true }), why };
    default: {
      const cpu = openCpu(name);
      return cpu === null ? { backend: await named(name), why } : onCpu(cpu, why);
    }
  }
}

async function fastest(): Promise<Choice> {
  try {
    return { backend: await WebGpuBackend.create(), why: "the GPU that was found" };
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    // "Cannot open a GPU as REASON: ADVICE"
    const why = error.message.replace(/^.*? as /, "").replace(/[:,].*$/s, "");
    if (CpuBackend.isAvailable()) return onCpu(new CpuBackend(), why);
    return {
      backend: new ReferenceBackend(),
      why: `${why}; the CPU backend needs WebAssembly, which is not allowed`,
    };
  }
}

function onCpu(backend: CpuBackend, why: string): Choice {
  return { backend, why: `${why}; ${backend.native}; ${backend.blas}` };
}

async function named(name: string): Promise<Backend> {
  try {
    return await WebGpuBackend.create({ adapter: name });
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    throw new GpuError(
      `Cannot choose the device "${name}" as it is none of ${
        DEVICE_NAMES.join(", ")
      } and no GPU has that name`,
      { cause: error },
    );
  }
}
