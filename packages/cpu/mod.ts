/**
 * The processor as a device: the backend contract by WebAssembly SIMD kernels that are generated at run time. Needs
 * no permission, no native library and no download.
 *
 * @example Calculate on the processor
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, setDefaultDevice, tensor } from "@troodon/core";
 * import { CpuBackend } from "@troodon/cpu";
 *
 * setDefaultDevice(new Device(new CpuBackend()));
 * assertEquals(tensor([1, 2, 3]).mul(2).sum().item(), 12);
 * ```
 *
 * @module
 */

export { CpuBackend, type CpuBackendOptions } from "./backend.ts";
export type { CpuBuffer, CpuMemoryReport } from "./memory.ts";
export type { PlanLimits } from "./plan/plan_cache.ts";
