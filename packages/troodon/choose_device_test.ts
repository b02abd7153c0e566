import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { chooseDevice, defaultDevice, GpuError, tensor } from "./mod.ts";

const lines: string[] = [];
const log = (line: string) => void lines.push(line);

Deno.test("chooseDevice() takes the fastest there is, and says why", async () => {
  lines.length = 0;
  using device = await chooseDevice("auto", { log });
  assert(device.name === "cpu" || device.name === "webgpu");
  assert(defaultDevice() === device);
  assertEquals(lines.length, 1);
  assertMatch(lines[0]!, /^Using (webgpu: .* \(the GPU that was found\)|cpu: .* \(.+\))$/);
});

Deno.test("chooseDevice() gives tensors a tape", async () => {
  await chooseDevice("reference", { log: null });
  const x = tensor([1, 2, 3], { requiresGrad: true });
  x.mul(x).sum().backward();
  assertEquals(x.grad?.tolist(), [2, 4, 6]);
});

Deno.test("chooseDevice() refuses what there is not, and leaves the device as it was", async () => {
  const device = await chooseDevice("reference", { log: null });
  const error = await assertRejects(() => chooseDevice("toString"), GpuError);
  assertStringIncludes(error.message, "auto, cpu, reference, webgpu");
  assert(defaultDevice() === device);
});
