/**
 * The backend contract by WGSL kernels on the GPU that `navigator.gpu` gives.
 *
 * @example A GPU if there is one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, tensor } from "@troodon/core";
 * import { GpuError, WebGpuBackend } from "@troodon/webgpu";
 *
 * try {
 *   using device = new Device(await WebGpuBackend.create({ allowFallback: true }));
 *   assertEquals(await tensor([1, 2], { device }).add(1).dataAsync(), new Float32Array([2, 3]));
 * } catch (error) {
 *   if (!(error instanceof GpuError)) throw error; // No GPU here.
 * }
 * ```
 *
 * @module
 */

export type { AdapterOptions } from "./device/open_device.ts";
export { GpuError, type GpuErrorOptions } from "./device/gpu_error.ts";
export type { GpuBuffer } from "./device/pool.ts";
export type { GpuView } from "./operands.ts";
export type { OpenedDevice } from "./device/open_device.ts";
export type { Traits } from "./device/probe.ts";
export type { WebGpuReport } from "./report.ts";
export { WebGpuBackend } from "./backend.ts";
export type { WebGpuOptions } from "./options.ts";
