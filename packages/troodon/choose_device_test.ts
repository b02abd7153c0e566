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
  assertStringIncludes(error.message, "auto, cpu, native, blas, wasm, reference, webgpu");
  assert(defaultDevice() === device);
});

Deno.test("chooseDevice() opens the CPU by what calculates, with a number of threads", async () => {
  for (
    const [name, description] of [["wasm", /^cpu: WebAssembly SIMD/], ["wasm@3", /, 3 threads$/]] as const
  ) {
    using device = await chooseDevice(name, { log: null });
    assertMatch(device.backend.describe(), description);
    assert(!device.backend.describe().includes("+"));
  }
  await assertRejects(() => chooseDevice("wasm@0", { log: null }), RangeError, "current is 0");
  await assertRejects(() => chooseDevice("wasm@many", { log: null }), RangeError, "current is NaN");
});

Deno.test({
  name: "chooseDevice() refuses machine code and a BLAS where they cannot be had",
  permissions: { ffi: false },
  async fn() {
    const reason = "without --allow-ffi";
    for (const name of ["native", "native@1", "blas"]) {
      await assertRejects(() => chooseDevice(name, { log: null }), TypeError, reason);
    }
    assertStringIncludes(`${await chooseDevice("cpu@1", { log: null })}`, "WebAssembly");
  },
});
