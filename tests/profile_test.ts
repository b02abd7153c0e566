/** Profiles of training steps with layers, losses and optimizers, on several devices. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  Device,
  randint,
  randn,
  ReferenceBackend,
  Scope,
  setDefaultDevice,
  type Tensor,
} from "@troodon/core";
import { compile } from "@troodon/compile";
import { CpuBackend } from "@troodon/cpu";
import { Conv2d, CrossEntropyLoss, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@troodon/nn";
import { Adam } from "@troodon/optim";
import { profile, type ProfileReport } from "@troodon/profile";
import { GpuError, WebGpuBackend } from "@troodon/webgpu";

/** Profiles steps of a small network on `device`, changed by `change`. */
async function profileStep(
  device: Device,
  change: (step: () => Tensor) => () => unknown = scoped,
): Promise<ProfileReport> {
  setDefaultDevice(device);
  const net = new Sequential(
    ...[new Conv2d(1, 2, 3), new ReLU(), new MaxPool2d(2), new Flatten()],
    new Sequential(new Linear(18, 8), new ReLU()),
    new Linear(8, 3),
  );
  const loss = new CrossEntropyLoss(), optimizer = new Adam(net.parameters());
  const x = randn([4, 1, 8, 8]), y = randint(0, 3, [4], { dtype: "int32" });
  const step = change(() => {
    optimizer.zeroGrad();
    const found = loss(net(x), y);
    found.backward();
    optimizer.step();
    return found;
  });
  return await profile(step, { runs: 3, warmup: 4 });
}

const scoped = (step: () => Tensor) => (): void => {
  using _ = new Scope();
  step();
};

function checkReport({ layers, ops, kernels }: ProfileReport): void {
  // Neighbors that run as one op appear as the first of them.
  assertEquals(layers.map(({ path, type, depth }) => [path, type, depth]), [
    ["", "Sequential", 0],
    ["0", "Conv2d", 1],
    ["1", "ReLU", 1],
    ["3", "Flatten", 1],
    ["4", "Sequential", 1],
    ["4.0", "Linear", 2],
    ["5", "Linear", 1],
    ["", "CrossEntropyLoss", 0],
  ]);
  for (const { path, calls, forward, backward, self } of layers) {
    assert(calls === 1 && forward > 0 && backward > 0 && self > 0, `"${path}"`);
  }
  const byPhase = (phase: string) => ops.filter((op) => op.phase === phase).map(({ name }) => name);
  assertEquals(byPhase("optimizer"), ["Adam.step"]);
  assert(byPhase("forward").includes("conv2d") && byPhase("backward").includes("ConvolutionBackward0"));
  assert(!byPhase("forward").some((name) => name.endsWith("Backward0")));
  assert(kernels.some(({ op, phase }) => op === "Adam.step" && phase === "optimizer"));
}

for (const backend of [new ReferenceBackend(), new CpuBackend({ threads: 1 })]) {
  Deno.test(`profile() tells layers of a network apart on ${backend.name}`, async () => {
    const report = await profileStep(new Device(backend, { tape }));
    checkReport(report);
    assert([...report.ops, ...report.kernels].every(({ device }) => device === null));
  });
}

/** Opens the GPU; undefined if there is none. */
async function openGpu(features?: readonly string[]): Promise<Device | undefined> {
  try {
    const backend = await WebGpuBackend.create({ allowFallback: true, ...(features && { features }) });
    return new Device(backend, { tape });
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    console.log(`SKIP ${error.message}`);
    return undefined;
  }
}

Deno.test("profile() has times of a GPU by its own clock, launch by launch", async () => {
  using device = await openGpu();
  if (device === undefined) return;
  if (!(device.backend as WebGpuBackend).features.has("timestamp-query")) {
    return console.log("SKIP: no clock");
  }
  const report = await profileStep(device), { ops, layers, kernels } = report;
  checkReport(report);
  for (const { name, op, device } of kernels) {
    if (name !== "write") assert(device! > 0, `${name} of ${op}`);
  }
  const sum = (rows: readonly { readonly device: number | null }[]): number =>
    rows.reduce((sum, { device }) => sum + device!, 0);
  assert(Math.abs(sum(kernels) - sum(ops)) < 1e-9);
  assert(layers[0]!.device! > layers[1]!.device! && layers[0]!.device! < sum(ops));
  assert(sum(ops) < report.seconds);
  assert(String(report).includes("time by the clock of the GPU"));
  const events = JSON.parse(report.toChromeTrace()).traceEvents as { readonly cat?: string }[];
  const launches = kernels.reduce((sum, { name, calls }) => name === "write" ? sum : sum + 3 * calls, 0);
  assertEquals(events.filter(({ cat }) => cat === "device").length, launches);
});

Deno.test("profile() says where the clock of a GPU cannot be read", async () => {
  using device = await openGpu([]);
  if (device === undefined) return;
  const report = await profileStep(device);
  checkReport(report);
  assert(report.ops.every(({ device }) => device === null));
  assert(String(report).includes('the clock of this one cannot be read ("timestamp-query")'));
});

Deno.test("profile() tells what the launches of a compiled step were recorded for", async () => {
  const makeDevice = () => new Device(new CpuBackend({ threads: 1, blas: "off" }), { tape });
  let ran = 0;
  const compiled = await profileStep(makeDevice(), (step) =>
    compile(() => {
      ran++;
      return step();
    }, { fuse: false }));
  const eager = await profileStep(makeDevice());
  assertEquals(ran, 3, "the rest was replayed");
  const kernelsOf = ({ ops }: ProfileReport): string[] =>
    ops.filter(({ kernels }) => kernels > 0).map((op) => `${op.phase} ${op.name} ${op.kernels}`).sort();
  assertEquals(kernelsOf(compiled), kernelsOf(eager));
  assert(compiled.ops.every(({ name }) => !name.endsWith("Backward0")), "no node of a graph is passed");
  const timed = ({ layers }: ProfileReport): string[] =>
    layers.filter(({ forward }) => forward > 0).map(({ path, type }) => `${path} ${type}`);
  assertEquals(timed(compiled), timed(eager).filter((layer) => layer !== "3 Flatten"));
  for (const { path, type, forward, backward } of compiled.layers) {
    assert(forward > 0 && backward > 0, `${path} ${type}`);
  }
});
