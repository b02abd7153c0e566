/**
 * Measures the time of a program by op, by layer and by kernel.
 *
 * @example Forward and backward time of an op
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { profile } from "@troodon/profile";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const x = randn([8, 4]), w = randn([4, 2], { requiresGrad: true });
 * const report = await profile(() => x.matmul(w).square().sum().backward());
 * const square = report.ops.find(({ name }) => name === "square")!;
 * assertEquals([square.phase, square.calls], ["forward", 1]);
 * assert(report.ops.some(({ name, phase }) => name === "mm" && phase === "backward"));
 * ```
 *
 * @module
 */
export { profile, type ProfileOptions } from "./profile.ts";
export { ProfileReport } from "./report.ts";
export type { TableOptions } from "./tables.ts";
export type { KernelTime } from "./kernel_times.ts";
export type { LayerTime } from "./layer_times.ts";
export type { OpTime, OpTimes } from "./op_times.ts";
export type { Phase } from "./span.ts";
