import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { defaultGenerator, Generator, manualSeed, ones, type Tensor } from "@troodon/core";
import { DataLoader, type DataLoaderOptions, TensorDataset } from "@troodon/datasets";
import { BatchNorm1d, Dropout, Linear, MSELoss, Sequential } from "@troodon/nn";
import { Adam, SGD } from "@troodon/optim";
import { fit } from "../fit.ts";
import { setUp } from "../testdata/line.ts";
import { findLearningRate } from "./find_learning_rate.ts";

/** A run of a network with a state in all of its parts, on shuffled batches. */
function parts({ generator }: Pick<DataLoaderOptions<never, never>, "generator"> = {}) {
  const { device, x, y } = setUp();
  const model = new Sequential(new Linear(1, 8), new BatchNorm1d(8), new Dropout(), new Linear(8, 1));
  const [first, norm, , last] = model.children();
  const optimizer = new Adam([{ params: first!.parameters(), lr: 0.02 }, {
    params: [...norm!.parameters(), ...last!.parameters()],
    lr: 0.01,
  }]);
  const loader = new DataLoader(new TensorDataset(x, y), {
    batchSize: 4,
    shuffle: true,
    ...(generator && { generator }),
  });
  return { device, model, optimizer, loader, loss: new MSELoss() };
}

type Parts = ReturnType<typeof parts>;

/** Everything that training reads. */
function stateOf({ device, model, optimizer }: Parts): unknown {
  const { state, paramGroups } = optimizer.stateDict();
  return JSON.stringify([
    model,
    [...model.namedBuffers()],
    [...model.modules()].map(({ training }) => training),
    state,
    paramGroups,
    device.generator.getState(),
    defaultGenerator().getState(),
  ]);
}

/** Losses of two epochs. */
async function losses({ model, optimizer, loader, loss }: Parts): Promise<number[]> {
  const found: number[] = [];
  const observers = [{ onLog: (event: { readonly loss: number }) => void found.push(event.loss) }];
  await fit(model, loader, { optimizer, loss, epochs: 2, logEvery: 1, observers });
  return found;
}

for (const [name, generator] of [["the default generator", null], ["its own generator", 5]] as const) {
  Deno.test(`findLearningRate() leaves a run of a loader with ${name} as it would have been`, async () => {
    const make = () => parts(generator === null ? {} : { generator: new Generator(generator) });
    const undisturbed = make();
    const expected = [await losses(undisturbed), await losses(undisturbed)];
    const run = make(), { model, optimizer, loader, loss } = run;
    const search = () => findLearningRate(model, loader, { optimizer, loss, steps: 10 });
    await search();
    const first = await losses(run);
    // Now the optimizer has a state, the loader has had passes, and there are gradients.
    [...model.modules()].at(-2)!.eval();
    const gradients = [...model.parameters()].map(({ grad }) => grad), values = JSON.stringify(gradients);
    const before = stateOf(run), { buffers } = run.device.memory;
    await search();
    assertEquals(stateOf(run), before);
    [...model.parameters()].forEach(({ grad }, i) => assertStrictEquals(grad, gradients[i]));
    assertEquals(JSON.stringify(gradients), values);
    // Fewer, as intermediate results of the setup may be collected meanwhile.
    assert(run.device.memory.buffers <= buffers, `${run.device.memory.buffers} > ${buffers}`);
    assertEquals([first, await losses(run)], expected);
  });
}

Deno.test("findLearningRate() has the loader draw from a seed that is set afterwards", async () => {
  const undisturbed = parts();
  manualSeed(9);
  const expected = await losses(undisturbed), run = parts(), { model, optimizer, loader, loss } = run;
  await findLearningRate(model, loader, { optimizer, loss, steps: 4 });
  manualSeed(9);
  assertEquals(await losses(run), expected);
});

Deno.test("findLearningRate() raises the rates of all groups by one factor, over as many passes as needed", async () => {
  const { model, optimizer, loader, loss } = parts(), seen: (readonly number[])[] = [];
  const { rates, losses, batchLosses } = await findLearningRate(model, loader, {
    optimizer,
    loss,
    from: 1e-4,
    to: 1,
    steps: 9,
    divergence: Infinity,
    smoothing: 0.5,
    observers: [{ onStep: () => void seen.push(optimizer.paramGroups.map(({ lr }) => lr)) }],
  });
  rates.forEach((rate, i) => assertAlmostEquals(rate, 10 ** (-4 + i / 2), 1e-12));
  assertEquals(seen.map(([lr]) => lr!), [...rates]);
  for (const [one, other] of seen) assertAlmostEquals(other! / one!, 0.5, 1e-12);
  assertEquals([rates.length, losses.length, optimizer.paramGroups.map(({ lr }) => lr)], [9, 9, [
    0.02,
    0.01,
  ]]);
  // Means with weights 1/2, 1/4 and so on, which add up to 1.
  assertEquals(losses[0], batchLosses[0]);
  assertAlmostEquals(losses[1]!, (2 * batchLosses[1]! + batchLosses[0]!) / 3, 1e-12);
  assertAlmostEquals(
    losses[2]!,
    (4 * batchLosses[2]! + 2 * batchLosses[1]! + batchLosses[0]!) / 7,
    1e-12,
  );
});

Deno.test("findLearningRate() ends where the loss diverges, and suggests a rate that trains", async () => {
  const { model, x, y } = setUp(), optimizer = new SGD(model.parameters(), { lr: 1 });
  const batches = [{ x, y }];
  const step = (batch: { readonly x: Tensor; readonly y: Tensor }) =>
    model(batch.x).sub(batch.y).pow(2).mean();
  const before = JSON.stringify(model);
  const { rates, losses, suggestion } = await findLearningRate(model, batches, { optimizer, step, to: 1e3 });
  // Steps on this parabola diverge from a rate of 1 on.
  assert(rates.at(-1)! > 1 && rates.at(-1)! < 30, `${rates.at(-1)}`);
  assert(losses.length < 100 && losses.every(Number.isFinite));
  assertEquals(JSON.stringify(model), before);
  assert(suggestion! > 0.02 && suggestion! < 1, `${suggestion}`);
  optimizer.paramGroups[0]!.lr = suggestion!;
  const start = step({ x, y }).item();
  await fit(model, batches, { optimizer, step, epochs: 30 });
  assert(step({ x, y }).item() < start / 100);
});

Deno.test("findLearningRate() leaves out losses that are not finite, and suggests nothing where none falls", async () => {
  const { model, x } = setUp(), optimizer = new SGD(model.parameters(), { lr: 1 });
  let count = 0;
  const step = () => model(x).mul(0).sum().add(++count < 6 ? 1 : NaN);
  const { rates, losses, suggestion } = await findLearningRate(model, [x], { optimizer, step });
  assertEquals([rates.length, losses.map((loss) => loss.toFixed(6)), suggestion], [
    5,
    Array(5).fill("1.000000"),
    null,
  ]);
  assert(ones([1]).add(model.weight.data.sum()).isfinite().all().item());
});

Deno.test("findLearningRate() takes a stop of an observer, and looks for slopes behind the first tenth", async () => {
  const { model, x } = setUp(), optimizer = new SGD(model.parameters(), { lr: 1 });
  // Falls fastest at first, and then from the fifth to the sixth step.
  const values = [9, 5, 1, 1, 1, 1, 0.5, 0.5, 0.4, 0.4];
  const search = async (smoothing: number, last: number) => {
    let count = 0;
    const step = () => model(x).mul(0).sum().add(values[count++]!);
    const observers = [{
      onStep: (event: { readonly step: number; stop(): void }) =>
        event.step === last ? event.stop() : undefined,
    }];
    return await findLearningRate(model, [x], {
      optimizer,
      step,
      smoothing,
      steps: 30,
      observers,
      divergence: 99,
    });
  };
  const { rates, suggestion, losses } = await search(0, 9);
  assertEquals([losses.length, suggestion], [9, rates[5]]);
  assertEquals((await search(0, 4)).suggestion, null);
});

Deno.test("findLearningRate() does not end at a negative loss", async () => {
  const { model, x } = setUp(), optimizer = new SGD(model.parameters(), { lr: 1 });
  const step = () => model(x).mul(0).sum().sub(1);
  assertEquals((await findLearningRate(model, [x], { optimizer, step, steps: 7 })).losses.length, 7);
});

Deno.test("findLearningRate() leaves everything as before where a step fails", async () => {
  const run = parts(), { model, optimizer, loader } = run, before = stateOf(run);
  let count = 0;
  const step = ({ 0: x, 1: y }: { readonly 0: Tensor; readonly 1: Tensor }) => {
    if (++count === 4) throw new RangeError("Cannot go on");
    return model(x).sub(y).pow(2).mean();
  };
  await assertRejects(() => findLearningRate(model, loader, { optimizer, step }), RangeError, "Cannot go on");
  assertEquals([count, stateOf(run)], [4, before]);
});

Deno.test("findLearningRate() refuses numbers out of range, and what cannot be trained", async () => {
  const { model, optimizer, x, y } = setUp(), loss = new MSELoss();
  const refused = async (
    given: readonly unknown[],
    type: typeof RangeError | typeof TypeError,
    message: string,
  ) => await assertRejects(() => Reflect.apply(findLearningRate, null, given), type, message);
  const batches = [[x, y]], right = { optimizer, loss };
  for (
    const [options, message] of [
      [{ from: 0 }, "from must be a positive number: current from is 0"],
      [{ from: 1, to: 0.5 }, "to must be a number above from"],
      [{ steps: 1 }, "steps must be an integer of 2 or more"],
      [{ smoothing: 1 }, "smoothing must be a number from 0 to below 1"],
      [{ divergence: 1 }, "divergence must be a number above 1"],
    ] as const
  ) {
    await refused(
      [model, batches, { ...right, ...options }],
      RangeError,
      `Cannot apply findLearningRate() as ${message}`,
    );
  }
  await refused([model, [], right], RangeError, "there must be batches");
  await refused(
    ["net", batches, right],
    TypeError,
    "Cannot apply findLearningRate() as the model must be a module",
  );
  await refused(
    [model, batches, { loss }],
    TypeError,
    "Cannot apply findLearningRate() as there must be an optimizer",
  );
  await refused(
    [model, batches, { optimizer }],
    TypeError,
    "Cannot apply findLearningRate() as there must be a loss",
  );
});
