/** Adapters as they are out there: what a device on each may be asked for. */

/** Limits of an adapter, by the names that WebGPU has for them, and what shaders may use. */
export interface AdapterProfile {
  /** Storage buffers that one shader may see. */
  readonly maxStorageBuffersPerShaderStage: number;
  /** Bindings of one bind group. */
  readonly maxBindingsPerBindGroup: number;
  /** Bytes of one buffer. */
  readonly maxBufferSize: number;
  /** Bytes of a buffer that a shader may see. */
  readonly maxStorageBufferBindingSize: number;
  /** Bytes of numbers that a shader may see. */
  readonly maxUniformBufferBindingSize: number;
  /** Threads of one workgroup. */
  readonly maxComputeInvocationsPerWorkgroup: number;
  /** Bytes that the threads of a workgroup share. */
  readonly maxComputeWorkgroupStorageSize: number;
  /** Workgroups along one axis of a dispatch. */
  readonly maxComputeWorkgroupsPerDimension: number;
  /** Threads of a subgroup; 1 where there are none. */
  readonly subgroup: number;
  /** Whether there is float16. */
  readonly half: boolean;
}

/** What every WebGPU device has (https://www.w3.org/TR/webgpu/#limits). */
const LEAST: AdapterProfile = {
  maxStorageBuffersPerShaderStage: 8,
  maxBindingsPerBindGroup: 1000,
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxUniformBufferBindingSize: 2 ** 16,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 2 ** 14,
  maxComputeWorkgroupsPerDimension: 65535,
  subgroup: 1,
  half: false,
};

/** Names of the adapters. */
export type AdapterName = "least" | "metal" | "vulkan" | "amd";

/** The adapters by name. */
export const ADAPTERS: Readonly<Record<AdapterName, AdapterProfile>> = {
  /** No more than what every device has. */
  least: LEAST,
  /** A Mac: few buffers a shader. */
  metal: {
    ...LEAST,
    maxBufferSize: 2 ** 32,
    maxStorageBufferBindingSize: 2 ** 32 - 4,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupStorageSize: 2 ** 15,
    subgroup: 32,
    half: true,
  },
  /** A desktop card: buffers without number a shader, but not a bind group. */
  vulkan: {
    ...LEAST,
    maxStorageBuffersPerShaderStage: 2 ** 20,
    maxBufferSize: 2 ** 31 - 1,
    maxStorageBufferBindingSize: 2 ** 31 - 4,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupStorageSize: 2 ** 15 + 2 ** 14,
    subgroup: 32,
    half: true,
  },
  /** A card whose subgroups have 64 threads. */
  amd: {
    ...LEAST,
    maxStorageBuffersPerShaderStage: 2 ** 20,
    maxBufferSize: 2 ** 31 - 1,
    maxStorageBufferBindingSize: 2 ** 31 - 4,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupStorageSize: 2 ** 16,
    subgroup: 64,
    half: true,
  },
};
