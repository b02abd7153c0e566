import type { FusedKernel } from "@troodon/core";
import type { OptionKeys } from "@troodon/core/kernel";
import type { AdapterOptions } from "./device/open_device.ts";

/** Options of `WebGpuBackend.create()`. */
export interface WebGpuOptions extends AdapterOptions {
  /** Fused kernels to do without: their composites run in place of them, which shows what each is worth. */
  readonly without?: readonly FusedKernel[];
  /**
   * Bytes of GPU memory that all tensors and what is kept for them may take; as many as the GPU has by default.
   * Memory is freed and asked for again at this bound as it is where the GPU has no more.
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
