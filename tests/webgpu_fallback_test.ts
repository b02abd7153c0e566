/** The GPU without what it may not grant: no subgroups, no float16, eight buffers to a kernel. */
import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { CASES, conformance, makeOracle, spotCheck } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { GPU_DEVICES } from "./reference/gpu.ts";

/** Ops that between them launch every family and every fused kernel: the text of these is what differs on such a device. */
const THOROUGHLY = new Set([
  ...[
    "add",
    "where",
    "cast",
    "to",
    "clone",
    "cat",
    "exp",
    "dropout",
    "sum",
    "amax",
    "argmax",
    "cumsum",
    "logcumsumexp",
  ],
  ...[
    "matmul",
    "linear",
    "gather",
    "indexSelect",
    "scatter",
    "scatterAdd",
    "sort",
    "unfold",
    "fold",
    "embedding",
  ],
  ...["conv2d", "maxPool2d", "avgPool2d", "softmax", "logSoftmax", "crossEntropy", "batchNorm", "layerNorm"],
]);

if (GPU_DEVICES.length > 0) {
  const backend = await WebGpuBackend.create({ allowFallback: true, features: [], storageBuffers: 8 });
  const bare = new Device(backend, { tape }), oracle = makeOracle();
  addEventListener("unload", () => bare[Symbol.dispose]());
  const cases = CASES.filter(({ halves }) => halves !== false);
  conformance(() => [bare], cases.filter(({ name }) => THOROUGHLY.has(name)));

  for (const [name, group] of Map.groupBy(cases, (one) => one.name)) {
    if (THOROUGHLY.has(name)) continue;
    Deno.test(`${name}() is right where the GPU grants nothing`, async () => {
      const { faults } = await spotCheck(group, oracle, bare);
      assertEquals(faults, []);
    });
  }
}
