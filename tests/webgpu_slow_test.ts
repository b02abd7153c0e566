/** Large calls on devices that calculate nothing: handed over in pieces that no driver takes for a GPU that hangs. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, Scope, type Tensor, zeros } from "@troodon/core";
import { type AdapterName, ADAPTERS, type CountedDispatch, CountingGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";

/** Adapters whose buffers hold 256 MB. */
const LARGE: readonly AdapterName[] = ["metal", "vulkan", "amd"];

/** What a call of a tensor of zeros asks of a GPU. */
async function asked(adapter: AdapterName, shape: readonly number[], call: (x: Tensor) => void) {
  using _ = new Scope();
  const gpu = new CountingGpu(ADAPTERS[adapter]), { counts } = gpu;
  const device = new Device(new WebGpuBackend(gpu.opened), { tape });
  const x = zeros(shape, { device });
  await device.finish();
  gpu.reset();
  call(x);
  await device.finish();
  return { dispatches: [...counts.dispatches], submissions: counts.submissions };
}

const workgroups = ({ groups: [x, y, z] }: CountedDispatch): number => x * y * z;

for (const adapter of LARGE) {
  Deno.test(`a product of 8192^3 is several dispatches and submissions on an adapter like ${adapter}`, async () => {
    const { dispatches, submissions } = await asked(adapter, [8192, 8192], (x) => x.matmul(x));
    const all = dispatches.reduce((sum, dispatch) => sum + workgroups(dispatch), 0);
    // Each of 64 x 64 tiles in rounds; a dispatch has at most 25 thousand million operations, and still many workgroups.
    const rounds = all / 64 ** 2, most = Math.max(...dispatches.map(workgroups));
    assert(Number.isInteger(rounds) && rounds > 1, `${all} workgroups`);
    assert(
      most * 2 * 128 * 128 * 8192 / rounds <= 25e9 && most > 400,
      `${most} workgroups, ${rounds} rounds`,
    );
    assert(submissions > 2 * 8192 ** 3 / 50e9, `${submissions} submissions`);
  });

  Deno.test(`long lines are shared by many workgroups on an adapter like ${adapter}`, async () => {
    const calls: readonly (readonly [number[], (x: Tensor) => Tensor])[] = [
      [[2 ** 24], (x) => x.cumsum(0)],
      [[16, 50_000], (x) => x.softmax(1)],
      [[16, 50_000], (x) => x.logSoftmax(1)],
      [[2, 2 ** 22], (x) => x.cummax(1).values],
    ];
    for (const [shape, call] of calls) {
      const { dispatches } = await asked(adapter, shape, call),
        least = Math.max(...dispatches.map(workgroups));
      const size = shape.reduce((a, b) => a * b, 1);
      assert(least * 256 * 64 >= size / 2, `${least} workgroups at most for [${shape}]`);
    }
  });
}

Deno.test("twenty products of 512^3 are one submission", async () => {
  const { submissions } = await asked("metal", [512, 512], (x) => {
    for (let i = 0; i < 20; i++) x.matmul(x).relu();
  });
  assertEquals(submissions, 1);
});
