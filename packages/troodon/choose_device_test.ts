import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { chooseDevice, defaultDevice, tensor } from "./mod.ts";

const lines: string[] = [];
const log = (line: string) => void lines.push(line);

Deno.test("chooseDevice() takes the fastest there is, and says why", async () => {
  lines.length = 0;
  const device = await chooseDevice("auto", { log });
  assertEquals(device.name, "cpu");
  assert(defaultDevice() === device);
  assertEquals(lines, [`Using ${device.backend.describe()} (no WebGPU backend in this version yet)`]);
});

Deno.test("chooseDevice() gives tensors a tape", async () => {
  await chooseDevice("reference", { log: null });
  const x = tensor([1, 2, 3], { requiresGrad: true });
  x.mul(x).sum().backward();
  assertEquals(x.grad?.tolist(), [2, 4, 6]);
});

Deno.test("chooseDevice() refuses what there is not, and leaves the device as it was", async () => {
  const device = await chooseDevice("reference", { log: null });
  await assertRejects(() => chooseDevice("webgpu"), TypeError, "no WebGPU backend");
  const error = await assertRejects(() => chooseDevice("toString"), RangeError);
  assertStringIncludes(error.message, "auto, cpu, reference, webgpu");
  assert(defaultDevice() === device);
});
