/** Finds an adapter and opens a device on it. */
import { GpuError } from "./gpu_error.ts";
import { probe, type Traits } from "./probe.ts";
import { withRuntimeFolder } from "./runtime_folder.ts";

/** Which adapter {@linkcode openDevice} takes. */
export interface AdapterOptions {
  /**
   * Part of the adapter's description, in any case: "nvidia", "llvmpipe". An
   * adapter that is named so may be a software one, or one of OpenGL.
   */
  readonly adapter?: string;
  /** Whether a software adapter will do; false by default: the CPU backend is faster. */
  readonly allowFallback?: boolean;
  /** Features that are asked for, where the adapter has them: shader-f16, subgroups and timestamp-query by default. */
  readonly features?: readonly string[];
  /** Storage buffers that a kernel may see; as many as the adapter allows by default. */
  readonly storageBuffers?: number;
}

/** A device and what it can do. */
export interface OpenedDevice {
  /** The device. */
  readonly device: GPUDevice;
  /** Whose device it is. */
  readonly info: GPUAdapterInfo;
  /** Those of shader-f16, subgroups and timestamp-query that were granted. */
  readonly features: ReadonlySet<string>;
  /** What was found by trying. */
  readonly traits: Traits;
}

const WANTED = ["shader-f16", "subgroups", "timestamp-query"];

/** Raised to what the adapter has. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
] as const;

/**
 * Opens a device.
 *
 * @throws {GpuError} If there is no adapter, or only one that is not wanted.
 */
export async function openDevice(options: AdapterOptions): Promise<OpenedDevice> {
  const { adapter: name, allowFallback, features: wanted = WANTED, storageBuffers = Infinity } = options;
  if (typeof navigator === "undefined" || !navigator.gpu) {
    throw new GpuError("Cannot open a GPU as this runtime has no WebGPU: use the CPU backend");
  }
  const adapter = await withRuntimeFolder(() => findAdapter(name, allowFallback ?? false));
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const storage = "maxStorageBuffersPerShaderStage";
  requiredLimits[storage] = Math.min(adapter.limits[storage], storageBuffers);
  const listed = wanted.filter((feature) => adapter.features.has(feature as GPUFeatureName));
  // Deno grants subgroups without listing them, and refuses a request whole.
  const hidden = wanted.filter((feature) => feature === "subgroups" || listed.includes(feature));
  const attempts = [hidden, listed, []];
  let cause: unknown;
  for (const features of attempts) {
    try {
      const device = await adapter.requestDevice({
        label: "troodon",
        requiredFeatures: features as GPUFeatureName[],
        requiredLimits,
      });
      const { info } = adapter;
      return { device, info, features: new Set(features), traits: await probe(device, info) };
    } catch (error) {
      cause = error;
    }
  }
  throw new GpuError(`Cannot open a device on the GPU "${nameOf(adapter)}"`, { cause });
}

async function findAdapter(name: string | undefined, allowFallback: boolean): Promise<GPUAdapter> {
  const found: GPUAdapter[] = [];
  const requests: GPURequestAdapterOptions[] = [{ powerPreference: "high-performance" }, {
    powerPreference: "low-power",
  }];
  if (name !== undefined || allowFallback) requests.push({ forceFallbackAdapter: true });
  for (const request of requests) {
    const adapter = await navigator.gpu.requestAdapter(request);
    if (adapter === null) continue;
    const wanted = name === undefined
      ? (allowFallback || !adapter.info.isFallbackAdapter) && !isOpenGl(adapter)
      : nameOf(adapter).toLowerCase().includes(name.toLowerCase());
    if (wanted) return adapter;
    found.push(adapter);
  }
  if (found.length === 0) {
    throw new GpuError(
      "Cannot open a GPU as no adapter was found: install the driver of the GPU (on Linux its Vulkan one), " +
        "or use the CPU backend",
    );
  }
  const names = [...new Set(found.map(nameOf))].join(", ");
  if (name === undefined && found.every(isOpenGl)) {
    throw new GpuError(
      `Cannot open a GPU as it can be had by OpenGL alone, which calculates NaN and integers in ways of its own: ` +
        `current adapters are ${names}; install a Vulkan driver, or use the CPU backend`,
    );
  }
  throw new GpuError(
    name === undefined
      ? `Cannot open a GPU as there is only a software adapter, which is slower than the CPU backend: ` +
        `current adapters are ${names}; use it with { allowFallback: true }`
      : `Cannot open a GPU as no adapter is called "${name}": current adapters are ${names}`,
  );
}

/** Deno falls back to OpenGL where there is no other driver; it knows no sizes of subgroups there, nor float16. */
function isOpenGl({ info, features }: GPUAdapter): boolean {
  const unknown = info.subgroupMinSize === 4 && info.subgroupMaxSize === 128;
  return "Deno" in globalThis && unknown && !features.has("shader-f16");
}

const nameOf = ({ info }: GPUAdapter): string => adapterName(info);

/** "NVIDIA H100"; where the runtime hides that, the vendor with what it says of the rest: "google swiftshader". */
export function adapterName({ description, vendor, architecture, device }: GPUAdapterInfo): string {
  return description || [vendor, architecture, device].filter((part) => part).join(" ") || "unknown GPU";
}
