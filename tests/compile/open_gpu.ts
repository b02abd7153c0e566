/** Opens the GPU for tests of compiled functions. */
import { GpuError, WebGpuBackend } from "@troodon/webgpu";

/** Opens a GPU, possibly a software adapter; returns null and prints the reason if there is none. */
export async function openGpuBackend(): Promise<WebGpuBackend | null> {
  try {
    return await WebGpuBackend.create({ allowFallback: true });
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    console.log(`SKIP webgpu: ${error.message}`);
    return null;
  }
}
