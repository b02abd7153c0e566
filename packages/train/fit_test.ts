import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, Generator, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { DataLoader, GeneratedDigits, ToTensor } from "@troodon/datasets";
import { CrossEntropyLoss, MSELoss } from "@troodon/nn";
import { Adam, SGD, StepLR } from "@troodon/optim";
import { fit, Mlp } from "./mod.ts";
import { setUp as setUpLine } from "./testdata/line.ts";

const digits = await GeneratedDigits.open({ count: 50, transform: new ToTensor() });

function setUp(seed: number): { device: Device; model: Mlp } {
  const device = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(device);
  manualSeed(seed);
  return { device, model: new Mlp({ hidden: 4 }) };
}

const loss = new CrossEntropyLoss();

async function losses(seed: number): Promise<number[]> {
  const { model } = setUp(seed);
  const loader = new DataLoader(digits, { batchSize: 8, shuffle: true, generator: new Generator(seed) });
  const optimizer = new Adam(model.parameters());
  const seen: number[] = [];
  await fit(model, loader, {
    optimizer,
    loss,
    logEvery: 2,
    observers: [{ onLog: (report) => void seen.push(report.loss) }],
  });
  return seen;
}

Deno.test("fit() does the same for the same seed", async () => {
  const first = await losses(1);
  assertEquals(first.length, 3);
  assertEquals(await losses(1), first);
  assert((await losses(2))[0] !== first[0]);
});

Deno.test("fit() reports steps, losses and epochs", async () => {
  const { model } = setUp(1);
  const loader = new DataLoader(digits, { batchSize: 20 });
  const optimizer = new SGD(model.parameters(), { lr: 0.1 });
  const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
  const steps: number[][] = [], logged: number[][] = [], epochs: number[][] = [];
  const batchLosses: number[] = [];
  await fit(model, loader, {
    optimizer,
    loss,
    scheduler,
    epochs: 3,
    logEvery: 2,
    observers: [{
      onStep({ step, epoch, batch, batches, samples, loss }) {
        steps.push([step, epoch, batch, batches, samples]);
        batchLosses.push(loss.item());
      },
      onLog: ({ step, epoch, loss }) => void logged.push([step, epoch, loss]),
      onEpoch(report) {
        epochs.push([report.epoch, report.samples, report.loss]);
        assert(report.seconds >= 0);
        if (report.epoch === 2) report.stop();
      },
    }],
  });
  assertEquals(steps, [[1, 1, 1, 3, 20], [2, 1, 2, 3, 20], [3, 1, 3, 3, 10], [4, 2, 1, 3, 20], [
    5,
    2,
    2,
    3,
    20,
  ], [
    6,
    2,
    3,
    3,
    10,
  ]]);
  assertEquals(logged.map(([step, epoch]) => [step, epoch]), [[2, 1], [5, 2]]);
  const [a, b, c] = batchLosses as [number, number, number];
  assertAlmostEquals(logged[0]![2]!, (a + b) / 2, 1e-6);
  assertEquals(epochs.map(([epoch, samples]) => [epoch, samples]), [[1, 50], [2, 50]]);
  assertAlmostEquals(epochs[0]![2]!, (20 * a + 20 * b + 10 * c) / 50, 1e-6);
  assertEquals(scheduler.getLastLr(), [0.025]);
});

Deno.test("fit() keeps no memory but that of the model and the optimizer", async () => {
  const { device, model } = setUp(1);
  const optimizer = new Adam(model.parameters());
  const loader = new DataLoader(digits, { batchSize: 10 });
  const seen: number[] = [];
  await fit(model, loader, {
    optimizer,
    loss,
    epochs: 2,
    observers: [{ onStep: () => void seen.push(device.memory.buffers) }],
  });
  assertEquals(new Set(seen.slice(1)).size, 1);
  optimizer.zeroGrad();
  optimizer.dispose();
  model.dispose();
  assertEquals(device.memory.buffers, 0);
  assertEquals(device.memory.lost, 0);
});

Deno.test("fit() refuses counts that are none", async () => {
  const { model } = setUp(1);
  const optimizer = new SGD(model.parameters());
  const loader = new DataLoader(digits);
  await assertRejects(() => fit(model, loader, { optimizer, loss, epochs: 0 }), RangeError, "epochs");
  await assertRejects(() => fit(model, loader, { optimizer, loss, logEvery: 1.5 }), RangeError, "logEvery");
});

Deno.test("fit() ends where the loss is NaN or infinite, before anything is validated or logged", async () => {
  for (const [value, logEvery] of [[Infinity, 1], [Infinity, 100], [NaN, 1], [NaN, 100]] as const) {
    const { model, optimizer, x, y } = setUpLine(), heard: string[] = [];
    const run = (options: { readonly requireFinite?: boolean } = {}) =>
      fit(model, [[x.mul(value), y]], {
        ...{ optimizer, loss: new MSELoss(), logEvery },
        validate: () => ({ at: heard.push("validate") }),
        observers: [{ onLog: () => void heard.push("log"), onEpoch: () => void heard.push("epoch") }],
        ...options,
      });
    await assertRejects(
      run,
      RangeError,
      `Cannot go on after step 1 as the loss is ${value}: a smaller learning`,
    );
    assertEquals(heard, []);
    await run({ requireFinite: false });
    assertEquals(heard, [...logEvery === 1 ? ["log"] : [], "validate", "epoch"]);
  }
});

Deno.test("fit() gives observers no state that is not finite", async () => {
  for (const requireFinite of [true, false]) {
    const { model, x, y } = setUpLine(), heard: number[] = [];
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const run = fit(model, [[x, y]], {
      ...{ optimizer, loss: new MSELoss(), epochs: 3, requireFinite },
      observers: [{
        // The loss that is read in the second epoch is still finite, and the weights after it no longer.
        onStep: ({ step }) => void (optimizer.paramGroups[0]!.lr = step < 1 ? 0.1 : 1e39),
        onState: ({ state }) => void heard.push(state.position.epoch),
      }],
    });
    if (requireFinite) {
      await assertRejects(() => run, RangeError, "after step 2 as model.weight has elements");
    } else await run;
    assertEquals(heard, [2]);
  }
});
