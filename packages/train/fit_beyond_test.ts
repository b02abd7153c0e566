/** Edge cases of runs: models in evaluation mode, batches without a position, clocks, and failures. */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { type Device, type Tensor, tensor } from "@troodon/core";
import { Dropout, Linear, MSELoss, Sequential } from "@troodon/nn";
import { Adam, SGD } from "@troodon/optim";
import type { Batches } from "./batch.ts";
import { Accuracy, evaluate, fit, type FitObserver, type FitOptions, type TrainingState } from "./mod.ts";
import { loaderOf, setUp } from "./testdata/line.ts";
import { withClock } from "./testdata/clock.ts";

const loss = new MSELoss();

Deno.test("fit() trains a model that was given, or left by validate, in evaluation mode", async () => {
  const { x, y } = setUp(), model = new Sequential(new Linear(1, 4), new Dropout(0.5), new Linear(4, 1));
  const modes: boolean[] = [];
  model.eval();
  await fit(model, [[x, y], [x, y]], {
    optimizer: new SGD(model.parameters()),
    loss,
    epochs: 2,
    validate() {
      model.eval();
      return {};
    },
    observers: [{ onStep: () => void modes.push(...[...model.modules()].map(({ training }) => training)) }],
  });
  assertEquals(modes, new Array(2 * 2 * 4).fill(true));
});

type Pair = Disposable & { readonly 0: Tensor; readonly 1: Tensor };

/**
 * Four batches of an epoch without a position: an array, and a stream that gives up ownership of each batch.
 */
function plain(
  kind: "array" | "stream",
  x: Tensor,
  y: Tensor,
  given: Pair[] = [],
): Batches<{ 0: Tensor; 1: Tensor }> {
  const batch = (i: number) => [x.narrow(0, 2 * i, 3), y.narrow(0, 2 * i, 3)] as const;
  if (kind === "array") return [0, 1, 2, 3].map(batch);
  return {
    length: 4,
    async *[Symbol.asyncIterator]() {
      for (let i = 0; i < 4; i++) {
        const [left, right] = batch(i).map((t) => t.clone()) as [Tensor, Tensor];
        const dispose = () => [left, right].forEach((t) => t.dispose());
        given.push({ 0: left, 1: right, [Symbol.dispose]: dispose });
        yield given.at(-1)!;
      }
    },
  };
}

interface Run {
  readonly steps: readonly (readonly number[])[];
  readonly logged: readonly (readonly number[])[];
  readonly epochs: readonly (readonly number[])[];
  readonly weights: unknown;
  readonly states: readonly TrainingState[];
}

async function run(
  kind: "array" | "stream",
  { resume, stopAt }: { readonly resume?: TrainingState; readonly stopAt?: number } = {},
): Promise<Run> {
  const { model, x, y } = setUp(), given: Pair[] = [], states: TrainingState[] = [];
  const steps: number[][] = [], logged: number[][] = [], epochs: number[][] = [];
  await fit(model, plain(kind, x, y, given), {
    optimizer: new Adam(model.parameters(), { lr: 0.1 }),
    loss,
    epochs: 2,
    logEvery: 3,
    ...(resume && { resume }),
    observers: [{
      onStep({ step, epoch, batch, loss, stop }) {
        steps.push([step, epoch, batch, loss.item()]);
        if (step === stopAt) stop();
      },
      onLog: ({ step, loss }) => void logged.push([step, loss]),
      onEpoch: ({ epoch, loss, samples }) => void epochs.push([epoch, loss, samples]),
      onState: ({ state }) => void states.push(state),
    }],
  });
  assert(given.every(({ 0: first }) => first.isDisposed));
  return { steps, logged, epochs, weights: [...model.parameters()].map((p) => p.tolist()), states };
}

for (const kind of ["array", "stream"] as const) {
  Deno.test(`fit() goes on in the midst of an epoch with batches that know no position: ${kind}`, async () => {
    const whole = await run(kind);
    for (let stopAt = 1; stopAt < 8; stopAt++) {
      const { states, weights, steps } = await run(kind, { stopAt });
      assertEquals(steps, whole.steps.slice(0, stopAt));
      assertNotEquals(weights, whole.weights);
      const found = await run(kind, { resume: states.at(-1)! });
      assertEquals(found.steps, whole.steps.slice(stopAt));
      assertEquals(found.logged, whole.logged.filter(([step]) => step! > stopAt));
      assertEquals(found.epochs, whole.epochs.slice(stopAt <= 4 ? 0 : 1));
      assertEquals(found.weights, whole.weights);
    }
  });
}

Deno.test("fit() counts the seconds of a pass without those of observers of onLog, before and after a stop", async () => {
  const timed = (options: { readonly resume?: TrainingState; readonly stopAt?: number } = {}) =>
    withClock(async (clock) => {
      const { model, optimizer, x, y } = setUp(), seconds: number[] = [], states: TrainingState[] = [];
      await fit(model, plain("array", x, y), {
        optimizer,
        loss,
        epochs: 2,
        logEvery: 1,
        ...(options.resume && { resume: options.resume }),
        validate() {
          clock.time += 60_000;
          return {};
        },
        observers: [{
          onStep({ step, stop }) {
            clock.time += 1000;
            if (step === options.stopAt) stop();
          },
          onLog: () => void (clock.time += 5000),
          onValidation: ({ seconds: validated }) => void seconds.push(validated),
          onEpoch: ({ seconds: ended }) => void seconds.push(ended),
          onState: ({ state }) => void states.push(state),
        }],
      });
      return { seconds, states };
    });
  assertEquals((await timed()).seconds, [4, 4, 4, 4]);
  for (const [stopAt, at, seconds] of [[1, 1, [4, 4, 4, 4]], [3, 3, [4, 4, 4, 4]], [6, 2, [4, 4]]] as const) {
    const { states } = await timed({ stopAt }), state = states.at(-1)!;
    assertEquals(state.position.seconds, at);
    assertEquals((await timed({ resume: state })).seconds, [...seconds]);
  }
});

Deno.test("fit() gives states within an epoch every five seconds, and less often where they take long", async () => {
  for (
    const [taken, batches] of [
      [0, [2, 4, 6, 8, 10]],
      [50, [2, 4, 6, 8, 10]],
      [51, [2, 5, 8, 11]],
      [100, [2, 6, 10]],
      [101, [2, 7]],
    ] as const
  ) {
    const found = await withClock(async (clock) => {
      const { model, optimizer, x, y } = setUp(), seen: number[] = [];
      await fit(model, new Array(11).fill([x, y]) as (readonly [Tensor, Tensor])[], {
        optimizer,
        loss,
        observers: [{
          onStep: () => void (clock.time += 2500),
          onState({ state: { position: { batch } } }) {
            if (batch > 0) seen.push(batch);
            clock.time += taken;
          },
        }],
      });
      return seen;
    });
    assertEquals(found, [...batches], `${taken} ms`);
  }
});

const fail = (): never => {
  throw new RangeError("enough");
};

/** Parts of a run that may fail. */
const FAILURES: Readonly<Record<string, Partial<FitOptions<{ 0: Tensor; 1: Tensor }>>>> = {
  "the loss": { loss: { forward: (prediction, target) => (prediction.sub(target).square(), fail()) } },
  "the backward pass": { loss: { forward: (prediction, target) => prediction.sub(target) } },
  validate: { validate: fail },
  ...Object.fromEntries(
    [
      ...["onStart", "onBatch", "onBeforeStep", "onStep", "onLog", "onBeforeValidation", "onValidation"],
      ...["onEpoch", "onState", "onEnd"],
    ].map((event) => [event, { observers: [{ [event]: fail }] }]),
  ),
};

/** Returns the number of buffers on the device that a failed run leaves behind. */
async function leftBy(
  failing: (device: Device, x: Tensor, y: Tensor) => Promise<unknown>,
): Promise<number> {
  const { device, x, y } = setUp(), { buffers } = device.memory;
  await failing(device, x, y);
  return device.memory.buffers - buffers;
}

for (const [name, options] of Object.entries(FAILURES)) {
  Deno.test(`fit() leaves nothing behind where ${name} fails`, async () => {
    const left = await leftBy(async (_, x, y) => {
      const model = new Linear(1, 1), optimizer = new Adam(model.parameters());
      const run = () =>
        fit(model, loaderOf(x, y), { optimizer, loss, logEvery: 1, ...options } as FitOptions);
      await assertRejects(run, Error);
      optimizer.zeroGrad();
      optimizer.dispose();
      model.dispose();
    });
    assertEquals(left, 0);
  });
}

Deno.test("fit() leaves nothing behind where its batches, or the optimizer, fail", async () => {
  for (const what of ["batches", "optimizer"]) {
    const left = await leftBy(async (_, x, y) => {
      const model = new Linear(1, 1), optimizer = new Adam(model.parameters());
      if (what === "optimizer") optimizer.step = fail;
      const batches = {
        length: 2,
        async *[Symbol.asyncIterator]() {
          for await (const batch of plain("stream", x, y) as AsyncIterable<Pair>) {
            yield batch;
            if (what === "batches") fail();
          }
        },
      };
      await assertRejects(() => fit(model, batches, { optimizer, loss }), RangeError, "enough");
      for (const p of model.parameters()) p.grad?.dispose();
      optimizer.dispose();
      model.dispose();
    });
    assertEquals(left, 0, what);
  }
});

Deno.test("fit() disposes of what observers exchanged for a validation that fails, the last one first", async () => {
  const { model, optimizer, x, y } = setUp();
  const exchanging = (name: string, notes: string[]): FitObserver => ({
    onBeforeValidation: () => ({ [Symbol.dispose]: () => void notes.push(name) }),
  });
  for (const failing of [{ onBeforeValidation: fail }, { onValidation: fail }]) {
    const notes: string[] = [];
    const observers: FitObserver[] = [exchanging("a", notes), exchanging("b", notes), failing];
    await assertRejects(() => fit(model, [[x, y]], { optimizer, loss, observers }), RangeError, "enough");
    assertEquals(notes, ["b", "a"]);
  }
});

Deno.test("evaluate() leaves nothing behind where something fails, and the mode as it was", async () => {
  const metric = {
    update: () => {},
    compute: () => Promise.resolve(1),
    reset: () => {},
    [Symbol.dispose]: () => {},
  };
  for (const training of [true, false]) {
    for (
      const [name, options] of Object.entries({
        predict: { metrics: { metric }, predict: fail },
        update: { metrics: { failing: { ...metric, update: fail } } },
        compute: {
          metrics: { failing: { ...metric, compute: () => Promise.reject(new RangeError("enough")) } },
        },
        reset: { metrics: { failing: { ...metric, reset: fail } } },
        metrics: { predict: () => [tensor([1]), tensor([1])] as const },
        classes: undefined,
      })
    ) {
      const left = await leftBy(async (_, x, y) => {
        using accuracy = new Accuracy();
        const model = new Linear(1, 1).train(training), given: Pair[] = [];
        const batches = plain("stream", x, y, given);
        const all = options && "metrics" in options
          ? { ...options, metrics: { accuracy, ...options.metrics } }
          : options;
        await assertRejects(() => evaluate(model, batches, all as never));
        assertEquals([model.training, given.every(({ 0: first }) => first.isDisposed)], [training, true]);
        model.dispose();
      });
      assertEquals(left, 0, name);
    }
  }
});
