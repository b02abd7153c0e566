import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  Device,
  Generator,
  manualSeed,
  ReferenceBackend,
  setDefaultDevice,
  type Tensor,
} from "@troodon/core";
import { DataLoader, GeneratedDigits, TensorDataset, ToTensor } from "@troodon/datasets";
import { BatchNorm1d, CrossEntropyLoss, Linear, MSELoss, Sequential } from "@troodon/nn";
import { Adam, SGD } from "@troodon/optim";
import { evaluate, fit, type FitObserver, MeanSquaredError, Mlp, type TrainingState } from "../mod.ts";
import { loaderOf, setUp } from "../testdata/line.ts";

const loss = new MSELoss();
const loaded = (x: Tensor, y: Tensor, batchSize: number) =>
  new DataLoader(new TensorDataset(x, y), { batchSize });
const weightsOf = (model: Linear): number[] => [model.weight.item(), model.bias!.item()];

/** Weights and logged losses of a run with batches of `batchSize`, `accumulate` of which are a step. */
async function accumulated(batchSize: number, accumulate: number) {
  const { model, optimizer, x, y } = setUp(), losses: number[] = [], events: number[][] = [];
  await fit(model, loaded(x, y, batchSize), {
    ...{ optimizer, loss, accumulate, epochs: 2, logEvery: 1 },
    observers: [{
      onLog: (event) => void losses.push(event.loss),
      onStep: ({ step, batch, samples }) => void events.push([step, batch, samples]),
    }],
  });
  return { weights: weightsOf(model), losses, events };
}

Deno.test("fit() with accumulate does as with one batch of so many times the size, the last and smaller one included", async () => {
  for (const [size, times, steps] of [[2, 2, 3], [3, 2, 2], [1, 4, 3], [4, 99, 1]] as const) {
    const small = await accumulated(size, times), large = await accumulated(size * times, 1);
    small.weights.forEach((w, i) => assertAlmostEquals(w, large.weights[i]!, 1e-6));
    small.losses.forEach((l, i) => assertAlmostEquals(l, large.losses[i]!, 1e-6));
    assertEquals([small.losses.length, large.losses.length], [2 * steps, 2 * steps]);
    assertEquals(small.events.map(([, , samples]) => samples), large.events.map(([, , samples]) => samples));
  }
  const { events } = await accumulated(2, 2);
  assertEquals(events, [[1, 2, 4], [2, 4, 4], [3, 5, 2], [4, 2, 4], [5, 4, 4], [6, 5, 2]]);
});

/** Runs four epochs at once, or in two runs with a state saved within an epoch; returns the results of both. */
async function resumed(options: Partial<{ accumulate: number; precision: "float16" }>) {
  const run = async (stopAt: number, resume?: TrainingState) => {
    const { model, optimizer, x, y } = setUp(), states: TrainingState[] = [], losses: number[] = [];
    await fit(model, loaded(x, y, 2), {
      ...{ optimizer, loss, epochs: 4, stateEvery: 1, logEvery: 1, ...options, ...(resume && { resume }) },
      observers: [{
        onStep: ({ step, stop }) => step === stopAt ? stop() : undefined,
        onLog: (event) => void losses.push(event.loss),
        onState: ({ state }) => void states.push(state),
      }],
    });
    return { weights: weightsOf(model), losses, state: states.at(-1)! };
  };
  const whole = await run(Infinity), first = await run(8), second = await run(Infinity, first.state);
  assertEquals(second.weights, whole.weights);
  assertEquals([...first.losses, ...second.losses], whole.losses);
  return first.state;
}

Deno.test("fit() with accumulate goes on from the midst of a pass to the bit", async () => {
  const { position } = await resumed({ accumulate: 2 });
  assertEquals([position.step, position.epoch, position.batch], [8, 3, 4]);
});

Deno.test("fit() with precision float16 goes on from the midst of a pass to the bit", async () => {
  const { keep } = await resumed({ precision: "float16" });
  const [{ scale, good }] = keep as readonly [{ scale: number; good: number }];
  assert(scale < 65536 && good > 0 && good < 8, `${scale} ${good}`);
});

Deno.test("fit() with overfit trains on the first batches of the first pass, and validates with them", async () => {
  const { model, optimizer, x, y } = setUp(), seen: number[][] = [], scores: number[] = [];
  const loader = new DataLoader(new TensorDataset(x, y), {
    ...{ batchSize: 4, shuffle: true, generator: new Generator(1) },
  });
  const observer: FitObserver<{ readonly 0: Tensor }> = {
    onBatch: ({ data }) => void seen.push(data[0].tolist() as number[]),
    onEpoch: (event) => void scores.push(event.loss, event.scores["validationLoss"]!),
  };
  await fit(model, loader, {
    ...{ optimizer, loss, epochs: 40, overfit: 1, validation: loaderOf(x, y.add(100)) },
    observers: [observer],
  });
  assertEquals(seen.length, 40);
  for (const batch of seen) assertEquals(batch, seen[0]);
  assert(scores.at(-1)! < scores.at(-2)! && scores.at(-1)! < 0.1, `${scores}`);
});

Deno.test("fit() scores batches of validation in evaluation mode, by the loss and metrics", async () => {
  const { x, y } = setUp();
  const model = new Sequential(new Linear(1, 1), new BatchNorm1d(1));
  const optimizer = new SGD(model.parameters(), { lr: 0.1 });
  using error = new MeanSquaredError();
  const found: Readonly<Record<string, number>>[] = [];
  await fit(model, loaded(x, y, 5), {
    ...{ optimizer, loss, epochs: 2, validation: loaded(x, y, 4), metrics: { error } },
    validate: () => ({ own: 1 }),
    observers: [{ onEpoch: ({ scores }) => void found.push(scores) }],
  });
  using again = new MeanSquaredError();
  const scores = await evaluate(model, loaded(x, y, 4), { metrics: { again } });
  assertAlmostEquals(found[1]!["error"]!, scores.again, 1e-9);
  assertAlmostEquals(found[1]!["validationLoss"]!, scores.again, 1e-6);
  assertEquals([Object.keys(found[1]!), model.training], [["validationLoss", "error", "own"], true]);
});

Deno.test("fit() refuses options that do not go together", async () => {
  const { model, optimizer, x, y } = setUp(), batches = loaderOf(x, y);
  const step = (batch: { readonly 0: Tensor; readonly 1: Tensor }) => loss.forward(model(batch[0]), batch[1]);
  using error = new MeanSquaredError();
  const metrics = { error };
  const pairs = [[x, y] as const];
  await assertRejects(
    () => fit(model, pairs, { optimizer, step, precision: "float16" }),
    TypeError,
    "Cannot train as precision goes with loss: the current options have step",
  );
  await assertRejects(
    () => fit(model, pairs, { optimizer, step, metrics, validation: pairs }),
    TypeError,
    "metrics goes with loss",
  );
  await assertRejects(
    () => fit(model, batches, { optimizer, loss, metrics }),
    TypeError,
    "have no validation",
  );
  await assertRejects(
    () => fit(model, batches, { optimizer, loss, precision: "float8" as "float16" }),
    RangeError,
    'precision must be "float32" or "float16": current precision is "float8"',
  );
  await assertRejects(
    () => fit(model, batches, { optimizer, loss, accumulate: 0 }),
    RangeError,
    "accumulate",
  );
});

const digits = await GeneratedDigits.open({ count: 200, transform: new ToTensor() });

Deno.test("fit() with precision float16 learns as with float32, and leaves parameters float32", async () => {
  const trained = async (precision: "float32" | "float16") => {
    setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
    manualSeed(1);
    const model = new Mlp({ hidden: 16 }), dtypes = new Set<string>();
    using hook = model.fc1.registerForwardHook((_, __, output) => void dtypes.add((output as Tensor).dtype));
    const loader = new DataLoader(digits, { batchSize: 20, shuffle: true, generator: new Generator(1) });
    const optimizer = new Adam(model.parameters(), { lr: 0.01 }), skipped: boolean[] = [];
    await fit(model, loader, {
      ...{ optimizer, loss: new CrossEntropyLoss(), epochs: 6, precision },
      observers: [{ onStep: ({ isSkipped }) => void skipped.push(isSkipped === true) }],
    });
    assertEquals([...dtypes], [precision]);
    hook[Symbol.dispose]();
    assertEquals(new Set([...model.parameters()].map(({ dtype }) => dtype)), new Set(["float32"]));
    return { ...await evaluate(model, loader), skipped: skipped.filter((one) => one).length };
  };
  const whole = await trained("float32"), half = await trained("float16");
  assert(whole.accuracy > 0.9 && Math.abs(whole.accuracy - half.accuracy) < 0.03, `${half.accuracy}`);
  assertAlmostEquals(half.loss, whole.loss, 0.02);
  assert(half.skipped <= 3, `${half.skipped}`);
});

Deno.test("fit() with precision float16 skips steps whose gradients overflow, with a smaller factor afterwards", async () => {
  const { model, optimizer, x, y } = setUp();
  const steps: (readonly [boolean, number[]])[] = [], before = weightsOf(model);
  await fit(model, [[x, y.mul(100)]], {
    ...{ optimizer, loss, epochs: 12, precision: "float16" },
    observers: [{ onStep: ({ isSkipped }) => void steps.push([isSkipped === true, weightsOf(model)]) }],
  });
  const skipped = steps.filter(([isSkipped]) => isSkipped);
  assert(skipped.length > 0 && skipped.length < 12, `${skipped.length}`);
  assertEquals(steps.slice(0, skipped.length), skipped);
  for (const [, weights] of skipped) assertEquals(weights, before);
  assert(steps.at(-1)![1][0]! > before[0]! + 1);
});

Deno.test("fit() with precision float16 ends where no factor makes gradients finite", async () => {
  const { model, optimizer, x, y } = setUp();
  await assertRejects(
    () => fit(model, [[x, y.mul(1e8)]], { optimizer, loss, epochs: 30, precision: "float16" }),
    RangeError,
    "Cannot train in float16 as gradients must be finite",
  );
});
