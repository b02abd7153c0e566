import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { tape } from "@troodon/autograd";
import { CpuBackend } from "@troodon/cpu";
import { Device, Generator, manualSeed, mseLoss, randn, type Tensor, withDevice } from "@troodon/core";
import { BatchNorm1d, clipGradNorm, Dropout, Linear, MSELoss, ReLU, Sequential } from "@troodon/nn";
import { Adam, StepLR } from "@troodon/optim";
import { fit, type FitObserver, stepEachBatch } from "../mod.ts";

/** Result of a run. */
interface Run {
  readonly losses: readonly number[];
  readonly weights: readonly number[];
  readonly launches: number;
}

/** Trains a small network for two epochs on batches, the last of which is smaller. */
async function run(compile: "auto" | false, clip: boolean, accumulate = 1): Promise<Run> {
  const device = new Device(new CpuBackend(), { tape, generator: new Generator(1) });
  return await withDevice(device, async () => {
    manualSeed(2);
    const data = new Generator(3),
      draw = (n: number) => [randn([n, 4], { generator: data }), randn([n, 1], { generator: data })];
    const batches = [8, 8, 8, 8, 8, 8, 3].map(draw) as [Tensor, Tensor][];
    const model = new Sequential(
      new Linear(4, 8),
      new BatchNorm1d(8),
      new ReLU(),
      new Dropout(0.25),
      new Linear(8, 1),
    );
    const optimizer = new Adam(model.parameters(), { lr: 0.01 }), losses: number[] = [];
    const parameters = [...model.parameters()];
    let forward = 0;
    using _ = model.registerForwardHook(() => void forward++);
    const observers: FitObserver<[Tensor, Tensor]>[] = [
      { onStep: ({ loss }) => void losses.push(loss.item()) },
      stepEachBatch(new StepLR(optimizer, { stepSize: 3, gamma: 0.5 })),
    ];
    if (clip) observers.push({ onBeforeStep: () => void clipGradNorm(parameters, 0.1) });
    await fit(model, batches, {
      optimizer,
      loss: new MSELoss(),
      epochs: 3,
      observers,
      compile,
      accumulate,
      progress: false,
    });
    return { losses, weights: parameters.flatMap((p) => [...p.dataSync()].map(Number)), launches: forward };
  });
}

for (const [clip, accumulate] of [[false, 1], [true, 1], [false, 2]] as const) {
  Deno.test(`fit() compiles steps ${clip ? "up to what observers do to gradients" : "as a whole"}, of ${accumulate} batches`, async () => {
    const plain = await run(false, clip, accumulate), compiled = await run("auto", clip, accumulate);
    assertEquals(compiled.losses.length, plain.losses.length);
    assertEquals([compiled.losses, compiled.weights], [plain.losses, plain.weights]);
    assert(
      compiled.launches < plain.launches / 2,
      `${compiled.launches} and ${plain.launches} forward passes`,
    );
  });
}

Deno.test("fit() says once that steps cannot be compiled, and goes on", async () => {
  const said: string[] = [], { warn } = console;
  console.warn = (text: string) => said.push(text);
  const device = new Device(new CpuBackend(), { tape });
  try {
    await withDevice(device, async () => {
      const model = new Linear(1, 1), optimizer = new Adam(model.parameters());
      const batches = Array.from({ length: 6 }, () => [randn([2, 1]), randn([2, 1])] as const);
      let steps = 0;
      await fit(model, batches, {
        optimizer,
        step: ([x, y]) => {
          steps++;
          const loss = mseLoss(model(x!), y!);
          return loss.mul(loss.item() > 100 ? 2 : 1);
        },
        compile: "auto",
        progress: false,
      });
      assertEquals(steps, 6);
    });
  } finally {
    console.warn = warn;
  }
  assertEquals(said.length, 1);
  assertMatch(said[0]!, /no value may be read while it runs in item\(\) at file:/);
});

Deno.test("fit() refuses another value of compile, and compile with steps in float16", async () => {
  const device = new Device(new CpuBackend(), { tape });
  await withDevice(device, async () => {
    const model = new Linear(1, 1), parts = { optimizer: new Adam(model.parameters()), loss: new MSELoss() };
    const batches: [Tensor, Tensor][] = [];
    await assertRejects(
      () => fit(model, batches, { ...parts, compile: true as never }),
      RangeError,
      'compile must be "auto" or false: current compile is true',
    );
    await assertRejects(
      () => fit(model, batches, { ...parts, compile: "auto", precision: "float16" }),
      TypeError,
      "steps in float16 wait for their gradients",
    );
  });
});
