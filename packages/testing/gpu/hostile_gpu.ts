/** A real device whose compiler takes all the liberties that WGSL leaves to drivers. */
import type { OpenedDevice } from "@troodon/webgpu";
import { hostileShader, type Liberty } from "../wgsl/hostile.ts";

/** Deno's name of float64 in shaders. */
const FLOAT64 = "wgpu-shader-f64" as GPUFeatureName;

/**
 * Opens a device that runs shaders as {@linkcode hostileShader} has them, without subgroups and float16.
 *
 * @param liberty What is made of sums and products.
 * @returns The device as `new WebGpuBackend()` takes it; undefined where there is no adapter, or none that can emulate
 * what is asked for.
 */
export async function openHostileGpu(liberty: Liberty): Promise<OpenedDevice | undefined> {
  const adapter = await navigator.gpu?.requestAdapter() ??
    await navigator.gpu?.requestAdapter({ forceFallbackAdapter: true });
  if (!adapter) return undefined;
  const { maxStorageBuffersPerShaderStage, maxComputeWorkgroupStorageSize } = adapter.limits;
  const device = await adapter.requestDevice({
    label: "hostile",
    requiredFeatures: liberty === "fused" ? [FLOAT64] : [],
    requiredLimits: { maxStorageBuffersPerShaderStage, maxComputeWorkgroupStorageSize },
  }).catch(() => undefined);
  if (device === undefined) return undefined;
  const compile = device.createShaderModule.bind(device);
  const createShaderModule = ({ code, ...rest }: GPUShaderModuleDescriptor): GPUShaderModule =>
    compile({ ...rest, code: hostileShader(code, liberty) });
  Object.defineProperty(device, "createShaderModule", { value: createShaderModule });
  return {
    device,
    info: adapter.info,
    features: new Set(),
    traits: { subgroup: 1, subgroupDirective: "", half: false },
  };
}
