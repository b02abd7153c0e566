/** The GPU without what it may not grant: no subgroups, no float16, eight buffers to a kernel. */
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { CASES, conformance } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { GPU_DEVICES } from "./reference/gpu.ts";

if (GPU_DEVICES.length > 0) {
  const backend = await WebGpuBackend.create({ allowFallback: true, features: [], storageBuffers: 8 });
  const bare = new Device(backend, { tape });
  addEventListener("unload", () => bare[Symbol.dispose]());
  conformance(() => [bare], CASES.filter(({ halves }) => halves !== false));
}
