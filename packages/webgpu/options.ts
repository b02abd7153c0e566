import type { FusedKernel } from "@troodon/core";
import type { OptionKeys } from "@troodon/core/kernel";
import type { AdapterOptions } from "./device/open_device.ts";

/** Options of `WebGpuBackend.create()`. */
export interface WebGpuOptions extends AdapterOptions {
  /** Fused kernels to disable: their composites run instead, which shows the benefit of each kernel. */
  readonly without?: readonly FusedKernel[];
  /**
   * Maximum number of bytes of GPU memory for tensors and cached buffers; by default all memory of the GPU. At this
   * limit, memory is freed and requested again as if the GPU were full.
   */
  readonly memoryBytes?: number;
}

/** The keys of {@linkcode WebGpuOptions}. */
export const WEBGPU_OPTIONS: OptionKeys<WebGpuOptions> = {
  without: true,
  memoryBytes: true,
  adapter: true,
  allowFallback: true,
  features: true,
  storageBuffers: true,
};
