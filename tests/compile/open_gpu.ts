/** The GPU for tests of compiled functions. */
import { GpuError, WebGpuBackend } from "@troodon/webgpu";

/** Opens a GPU, a software adapter too; null, with a line that says why, where there is none. */
export async function openGpuBackend(): Promise<WebGpuBackend | null> {
  try {
    return await WebGpuBackend.create({ allowFallback: true });
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    console.log(`SKIP webgpu: ${error.message}`);
    return null;
  }
}
