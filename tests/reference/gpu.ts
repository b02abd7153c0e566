/** The GPU as one more device for tests, where there is one; a software adapter will do. */
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { GpuError, WebGpuBackend } from "@troodon/webgpu";

/** One device or, with a line that says why, none. It is destroyed when the tests of the file have run. */
export const GPU_DEVICES: readonly Device[] = await open();

async function open(): Promise<Device[]> {
  try {
    const device = new Device(await WebGpuBackend.create({ allowFallback: true }), { tape });
    addEventListener("unload", () => device[Symbol.dispose]());
    return [device];
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    console.log(`SKIP webgpu: ${error.message}`);
    return [];
  }
}
