import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { fakeDevice } from "../fake_device.ts";
import { GpuError } from "./gpu_error.ts";
import { adapterName, openDevice } from "./open_device.ts";

/** Runs `body` in a runtime whose `navigator.gpu` is `gpu`. */
async function withGpu<T>(gpu: unknown, body: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(navigator, "gpu");
  Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  try {
    return await body();
  } finally {
    Reflect.deleteProperty(navigator, "gpu");
    if (before) Object.defineProperty(navigator, "gpu", before);
  }
}

const LIMITS = {
  maxBufferSize: 5000,
  maxStorageBufferBindingSize: 4000,
  maxStorageBuffersPerShaderStage: 12,
  maxComputeWorkgroupStorageSize: 3000,
};

interface Fake {
  readonly name: string;
  readonly software?: boolean;
  readonly subgroups?: readonly [number, number];
  readonly features?: readonly string[];
  /** Whether a request is refused. */
  readonly refuses?: (features: readonly string[]) => boolean;
}

/** An adapter, and the devices that were asked of it. */
function adapterOf({ name, software = false, subgroups = [32, 32], features = [], refuses }: Fake) {
  const asked: GPUDeviceDescriptor[] = [];
  const info = {
    description: name,
    isFallbackAdapter: software,
    subgroupMinSize: subgroups[0],
    subgroupMaxSize: subgroups[1],
  };
  const requestDevice = (wanted: GPUDeviceDescriptor) => {
    asked.push(wanted);
    const list = [...wanted.requiredFeatures!];
    return refuses?.(list)
      ? Promise.reject(new TypeError(`refused: ${list.join()}`))
      : Promise.resolve(fakeDevice().device);
  };
  return { adapter: { info, features: new Set(features), limits: LIMITS, requestDevice }, asked };
}

/** A GPU API that answers requests by `answers` in turn, then by null, and what it was asked. */
function gpuOf(...answers: readonly (ReturnType<typeof adapterOf> | null)[]) {
  const requests: unknown[] = [], left = [...answers];
  const gpu = {
    requestAdapter(options: unknown) {
      requests.push(options);
      return Promise.resolve(left.shift()?.adapter ?? null);
    },
  };
  return { gpu, requests };
}

const refusal = (gpu: unknown, options: Parameters<typeof openDevice>[0], message: string) =>
  withGpu(gpu, () => assertRejects(() => openDevice(options), GpuError, message));

Deno.test("openDevice() says that there is no WebGPU, or no adapter", async () => {
  await refusal(undefined, {}, "Cannot open a GPU as this runtime has no WebGPU");
  const none = gpuOf();
  await refusal(none.gpu, {}, "Cannot open a GPU as no adapter was found");
  const [fast, slow] = [{ powerPreference: "high-performance" }, { powerPreference: "low-power" }];
  assertEquals(none.requests, [fast, slow]);
  for (const options of [{ allowFallback: true }, { adapter: "x" }]) {
    const asked = gpuOf();
    await refusal(asked.gpu, options, "no adapter was found");
    assertEquals(asked.requests, [fast, slow, { forceFallbackAdapter: true }]);
  }
});

Deno.test("openDevice() takes a software adapter only when asked for one", async () => {
  const software = adapterOf({ name: "LLVMpipe", software: true });
  await refusal(gpuOf(software, software).gpu, {}, "only a software adapter");
  await refusal(gpuOf(software).gpu, { allowFallback: false }, "current adapters are LLVMpipe; use it");
  for (const options of [{ allowFallback: true }, { adapter: "llvmPIPE" }]) {
    const { info } = await withGpu(gpuOf(null, software).gpu, () => openDevice(options));
    assertEquals(info.description, "LLVMpipe");
  }
  const hardware = adapterOf({ name: "Arc" });
  const { info } = await withGpu(gpuOf(software, hardware).gpu, () => openDevice({}));
  assertEquals(info.description, "Arc");
});

Deno.test("openDevice() takes an adapter of OpenGL only by its name", async () => {
  const openGl = adapterOf({ name: "Mesa GL", subgroups: [4, 128] });
  for (const options of [{}, { allowFallback: true }]) {
    await refusal(gpuOf(openGl).gpu, options, "it can be had by OpenGL alone");
  }
  const named = await withGpu(gpuOf(openGl).gpu, () => openDevice({ adapter: "gl" }));
  assertEquals(named.info.description, "Mesa GL");
  // With a software adapter beside it, that is what is advised.
  const software = adapterOf({ name: "LLVMpipe", software: true });
  await refusal(gpuOf(openGl, software).gpu, {}, "current adapters are Mesa GL, LLVMpipe; use it with");
  for (
    const known of [{ subgroups: [4, 64] }, { subgroups: [8, 128] }, {
      subgroups: [4, 128],
      features: ["shader-f16"],
    }] as const
  ) {
    await withGpu(gpuOf(adapterOf({ name: "Vulkan", ...known })).gpu, () => openDevice({}));
  }
});

Deno.test("openDevice() names the adapters there are, each once", async () => {
  const [one, two] = [adapterOf({ name: "One" }), adapterOf({ name: "Two" })];
  await refusal(
    gpuOf(one, two, one).gpu,
    { adapter: "three" },
    'Cannot open a GPU as no adapter is called "three": current adapters are One, Two',
  );
});

Deno.test("openDevice() asks for all that the adapter has, and for no more storage buffers than wanted", async () => {
  const own = adapterOf({ name: "Arc", features: ["shader-f16", "depth-clip-control"] });
  const all = await withGpu(gpuOf(own).gpu, () => openDevice({}));
  assertEquals(all.features, new Set(["shader-f16", "subgroups"]));
  await withGpu(gpuOf(own).gpu, () => openDevice({ storageBuffers: 8, features: [] }));
  await withGpu(gpuOf(own).gpu, () => openDevice({ storageBuffers: 20, features: ["timestamp-query"] }));
  assertEquals(own.asked.map(({ requiredFeatures }) => [...requiredFeatures!]), [
    ["shader-f16", "subgroups"],
    [],
    [],
  ]);
  const limits = own.asked.map(({ requiredLimits }) => requiredLimits);
  assertEquals(limits, [LIMITS, { ...LIMITS, maxStorageBuffersPerShaderStage: 8 }, LIMITS]);
});

Deno.test("openDevice() goes without features that are refused", async () => {
  const hidden = adapterOf({
    name: "Arc",
    features: ["shader-f16"],
    refuses: (list) => list.includes("subgroups"),
  });
  const listed = await withGpu(gpuOf(hidden).gpu, () => openDevice({}));
  assertEquals(listed.features, new Set(["shader-f16"]));
  const bare = adapterOf({ name: "Arc", features: ["shader-f16"], refuses: (list) => list.length > 0 });
  assertEquals((await withGpu(gpuOf(bare).gpu, () => openDevice({}))).features, new Set());
  const causes: unknown[] = [];
  const closed = adapterOf({
    name: "Arc",
    features: ["shader-f16"],
    refuses: (list) => causes.push(list.join()) > 0,
  });
  const error = await refusal(gpuOf(closed).gpu, {}, 'Cannot open a device on the GPU "Arc"');
  assertEquals(causes, ["shader-f16,subgroups", "shader-f16", ""]);
  assertStrictEquals((error.cause as Error).message, "refused: ");
});

Deno.test("adapterName() takes what the runtime tells", () => {
  const name = (info: Partial<GPUAdapterInfo>) =>
    adapterName({ description: "", vendor: "", architecture: "", device: "", ...info } as GPUAdapterInfo);
  assertEquals(name({ description: "NVIDIA H100", vendor: "nvidia" }), "NVIDIA H100");
  assertEquals(name({ vendor: "google", architecture: "swiftshader" }), "google swiftshader");
  assertEquals(name({ vendor: "intel", device: "arc" }), "intel arc");
  assertEquals(name({}), "unknown GPU");
});
