/** The GPU as one more device for tests, where there is one; a software adapter will do. TROODON_ADAPTER names another. */
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { GpuError, WebGpuBackend } from "@troodon/webgpu";

/** One device or, with a line that says why, none. It is destroyed when the tests of the file have run. */
export const GPU_DEVICES: readonly Device[] = await open();

async function open(): Promise<Device[]> {
  try {
    const adapter = Deno.env.get("TROODON_ADAPTER");
    const backend = await WebGpuBackend.create({ allowFallback: true, ...(adapter !== undefined && { adapter }) });
    const device = new Device(backend, { tape });
    addEventListener("unload", () => device[Symbol.dispose]());
    return [device];
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    console.log(`SKIP webgpu: ${error.message}`);
    return [];
  }
}
