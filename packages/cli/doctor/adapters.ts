/** Lists the GPUs that the runtime offers. */

const FEATURES = ["shader-f16", "subgroups", "timestamp-query"] as const;

const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** GPU adapter, which may be a software one. */
export interface AdapterReport {
  readonly name: string;
  readonly vendor: string;
  /** True for an adapter that computes on the CPU. */
  readonly software: boolean;
  /** Smallest and largest number of lanes of a subgroup; null if unknown. */
  readonly subgroupSize: readonly [number, number] | null;
  readonly features: Readonly<Record<typeof FEATURES[number], boolean>>;
  readonly limits: Readonly<Record<typeof LIMITS[number], number>>;
}

/** Returns the adapters without duplicates; none if there are no GPUs. */
export async function listAdapters(): Promise<AdapterReport[]> {
  const found = new Map<string, AdapterReport>();
  const { gpu } = globalThis.navigator ?? {};
  const requests: GPURequestAdapterOptions[] = [
    { powerPreference: "high-performance" },
    { powerPreference: "low-power" },
    { forceFallbackAdapter: true },
  ];
  for (const request of requests) {
    const adapter = await gpu?.requestAdapter(request);
    if (adapter === null || adapter === undefined) continue;
    const { description, device, vendor } = adapter.info, name = description || device || vendor || "unknown";
    if (!found.has(name)) found.set(name, await describe(adapter, name));
  }
  return [...found.values()];
}

async function describe(adapter: GPUAdapter, name: string): Promise<AdapterReport> {
  const { vendor, isFallbackAdapter, subgroupMinSize: least, subgroupMaxSize: most } = adapter.info;
  return {
    name,
    vendor,
    software: isFallbackAdapter,
    subgroupSize: least && most ? [least, most] : null,
    features: {
      "shader-f16": adapter.features.has("shader-f16"),
      // Deno grants subgroups without listing them.
      subgroups: adapter.features.has("subgroups") || await grants(adapter, "subgroups"),
      "timestamp-query": adapter.features.has("timestamp-query"),
    },
    limits: Object.fromEntries(
      LIMITS.map((limit) => [limit, adapter.limits[limit]]),
    ) as AdapterReport["limits"],
  };
}

async function grants(adapter: GPUAdapter, feature: string): Promise<boolean> {
  try {
    const device = await adapter.requestDevice({ requiredFeatures: [feature as GPUFeatureName] });
    device.destroy();
    return true;
  } catch {
    return false;
  }
}
