import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, randn, ReferenceBackend, setDefaultDevice, type Tensor, withDevice } from "@troodon/core";
import { inPart, type NamedLayer } from "@troodon/core/kernel";
import { CpuBackend } from "@troodon/cpu";
import { profile, type ProfileReport } from "./mod.ts";

setDefaultDevice(new Device(new ReferenceBackend(), { tape }));

const callsOf = (report: ProfileReport, phase: string): Record<string, number> =>
  Object.fromEntries(
    report.ops.filter((op) => op.phase === phase).map(({ name, calls }) => [name, calls]).sort(),
  );

Deno.test("profile() counts calls of ops in one run, forward and backward apart", async () => {
  const x = randn([3, 4]), w = randn([4, 2], { requiresGrad: true });
  let runs = 0;
  const report = await profile(() => {
    runs++;
    x.matmul(w).square().sum().backward();
  }, { runs: 4, warmup: 3 });
  assertEquals([runs, report.runs], [7, 4]);
  assertEquals(callsOf(report, "forward"), { mm: 1, square: 1, sum: 1 });
  const backward = callsOf(report, "backward");
  assertEquals([backward["MmBackward0"], backward["SquareBackward0"], backward["SumBackward0"]], [1, 1, 1]);
  assertEquals([backward["AccumulateGrad"], backward["backward"], backward["mm"]], [1, 1, 1]);
});

Deno.test("profile() gives times whose parts add up to the run", async () => {
  const w = randn([16, 16], { requiresGrad: true });
  const report = await profile(() => w.matmul(w).tanh().sum().backward(), { runs: 3, warmup: 1 });
  const selfs = report.ops.reduce((sum, { self }) => sum + self, 0);
  assert(selfs > 0 && selfs < report.seconds, `${selfs} of ${report.seconds}`);
  for (const { name, self, total, backend, device } of report.ops) {
    assert(self >= 0 && total >= self && backend <= self, `${name}: ${[self, total, backend]}`);
    assertEquals(device, null);
  }
  const backward = report.ops.find(({ name }) => name === "backward")!;
  const within = report.ops.filter(({ phase }) => phase === "backward").reduce((s, { self }) => s + self, 0);
  assertAlmostEquals(backward.total, within, 1e-9);
  const kernels = report.kernels.reduce((sum, { host }) => sum + host, 0);
  const backend = report.ops.reduce((sum, op) => sum + op.backend, 0);
  assertAlmostEquals(kernels, backend, 1e-9);
});

Deno.test("profile() says which op took the time", async () => {
  const small = randn([2, 2]), large = randn([96, 96]);
  const report = await profile(() => {
    small.tanh();
    large.matmul(large);
  }, { runs: 2, warmup: 1 });
  assertEquals(report.ops[0]!.name, "mm");
  assertEquals(report.kernels[0], {
    ...report.kernels[0]!,
    name: "matmul",
    op: "mm",
    phase: "forward",
    calls: 1,
  });
});

Deno.test("profile() counts the bytes of tensors by the op that made them", async () => {
  const device = new Device(new ReferenceBackend()), x = randn([8, 4], { device });
  const step = (): void => {
    x.exp().dispose();
    x.sum(0).dispose();
  };
  const report = await withDevice(device, () => profile(step, { runs: 2, warmup: 0 }));
  const bytes = Object.fromEntries(report.ops.map((op) => [op.name, op.bytes]));
  assertEquals([bytes["exp"], bytes["sum"]], [8 * 4 * 4, 4 * 4]);
  assertEquals(report.peakBytes, 2 * 8 * 4 * 4);
  const idle = await withDevice(device, () => profile(() => {}, { runs: 1, warmup: 0 }));
  assertEquals([idle.peakBytes, idle.ops.length], [8 * 4 * 4, 0]);
  assertEquals(report.unobservedSeconds, null);
});

/** A layer as those of `@troodon/nn` are: named, and a part of the program while it is called. */
class Layer implements NamedLayer {
  readonly below: Readonly<Record<string, Layer>>;
  readonly #forward: (x: Tensor) => Tensor;
  constructor(forward: (x: Tensor) => Tensor, below: Readonly<Record<string, Layer>> = {}) {
    this.#forward = forward;
    this.below = below;
  }
  *namedModules(): Iterable<readonly [string, Layer]> {
    yield ["", this];
    for (const [name, layer] of Object.entries(this.below)) {
      for (const [path, inner] of layer.namedModules()) yield [path === "" ? name : `${name}.${path}`, inner];
    }
  }
  call(x: Tensor): Tensor {
    return inPart({ kind: "layer", layer: this }, () => this.#forward(x));
  }
}

Deno.test("profile() tells layers apart, with the gradients of what they called", async () => {
  const wait = (x: Tensor): Tensor => x.matmul(x).matmul(x).matmul(x).matmul(x);
  const slow = new Layer(wait), fast: Layer = new Layer((x) => x.add(1));
  const net: Layer = new Layer((x) => slow.call(fast.call(fast.call(x))).mul(2), { slow, inner: fast });
  const w = randn([128, 128], { requiresGrad: true });
  const report = await profile(() => net.call(w).sum().backward(), { runs: 3, warmup: 1 });
  const rows = report.layers.map(({ path, type, depth, calls }) => [path, type, depth, calls]);
  assertEquals(rows, [["", "Layer", 0, 1], ["slow", "Layer", 1, 1], ["inner", "Layer", 1, 2]]);
  const [whole, heavy, light] = report.layers;
  assert(heavy!.forward > light!.forward && heavy!.backward > light!.backward, String(report));
  assert(whole!.forward >= heavy!.forward + light!.forward);
  assert(whole!.backward >= heavy!.backward + light!.backward);
  const selfs = report.layers.reduce((sum, { self }) => sum + self, 0);
  assertAlmostEquals(selfs, whole!.forward + whole!.backward, 1e-9);
});

Deno.test("profile() hears ops of functions that wait, and on devices that are not the default", async () => {
  const other = new Device(new CpuBackend({ threads: 1 }), { tape }), x = withDevice(other, () => randn([3]));
  const report = await profile(async () => {
    await Promise.resolve();
    await x.exp().dataAsync();
  }, { runs: 2, warmup: 1 });
  assertEquals(callsOf(report, "forward"), { exp: 1 });
  assertEquals(report.kernels.map(({ name, op }) => [name, op]).sort(), [["map", "exp"], ["read", ""]]);
  assert(String(report).includes("one thread and cpu: "), String(report));
});

Deno.test("profile() goes on behind errors that the program catches, and passes on others", async () => {
  const x = randn([2, 3]);
  const report = await profile(() => {
    assertThrows(() => x.matmul(x), RangeError);
    x.exp();
  }, { runs: 1, warmup: 0 });
  assertEquals(report.ops.find(({ name }) => name === "exp")!.calls, 1);
  await assertRejects(() => profile(() => x.matmul(x)), RangeError, "Cannot apply matmul()");
  assertEquals((await profile(() => x.exp(), { runs: 1, warmup: 0 })).ops.length, 1);
});

Deno.test("profile() leaves nobody listening", async () => {
  const { device } = randn([1]), before = device.memory.bytes;
  await profile(() => randn([5]).dispose(), { runs: 1, warmup: 1 });
  const heard: string[] = [];
  using _ = device.listen({ begins: ({ kind }) => heard.push(kind) });
  randn([5]).dispose();
  assertEquals([heard.length > 0, device.memory.bytes], [true, before]);
});

Deno.test("profile() refuses numbers of runs that are none", async () => {
  for (const options of [{ runs: 0 }, { runs: 1.5 }, { warmup: -1 }]) {
    await assertRejects(() => profile(() => {}, options), RangeError, "Cannot profile a function as ");
  }
});
