/** The events of a run, in their order, and what observers can do to it. */
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { Device, mseLoss, ReferenceBackend } from "@troodon/core";
import { Linear, MSELoss } from "@troodon/nn";
import { Adam, AveragedParameters, ema, StepLR } from "@troodon/optim";
import {
  averaging,
  EarlyStopping,
  fit,
  type FitObserver,
  loadTrainingState,
  saveTrainingState,
  stepEachBatch,
  type TrainingState,
} from "./mod.ts";
import { ObserverList } from "./observer_list.ts";
import { loaderOf, setUp } from "./testdata/line.ts";

const loss = new MSELoss();

/** Notes each event with `name`. */
function noting(name: string, notes: string[]): FitObserver {
  const note = (event: string) => void notes.push(`${name} ${event}`);
  return {
    onStart: () => note("start"),
    onBatch: ({ batch }) => note(`batch ${batch}`),
    onBeforeStep: ({ step }) => note(`before step ${step}`),
    onStep: ({ step }) => note(`step ${step}`),
    onLog: ({ step }) => Promise.resolve(note(`log ${step}`)),
    onBeforeValidation() {
      note("before validation");
      return { [Symbol.dispose]: () => note("disposed") };
    },
    onValidation: () => Promise.resolve(note("validation")),
    onEpoch: ({ scores }) => Promise.resolve(note(`epoch ${JSON.stringify(scores)}`)),
    onState: ({ state: { position } }) => Promise.resolve(note(`state ${position.epoch}`)),
    onEnd: ({ step, stopped }) => Promise.resolve(note(`end ${step} ${stopped}`)),
  };
}

Deno.test("FitObserver hears all events, one observer after the other", async () => {
  const { model, optimizer, x, y } = setUp(), notes: string[] = [];
  await fit(model, [[x, y]], {
    optimizer,
    loss,
    logEvery: 1,
    validate: () => {
      notes.push("validate");
      return { score: 7 };
    },
    observers: [noting("a", notes), noting("b", notes)],
  });
  const both = (event: string) => [`a ${event}`, `b ${event}`];
  assertEquals(notes, [
    ...["start", "batch 0", "before step 0", "step 1", "log 1", "before validation"].flatMap(both),
    "validate",
    ...both("validation"),
    ...["b disposed", "a disposed"],
    ...['epoch {"score":7}', "state 2", "end 1 false"].flatMap(both),
  ]);
});

Deno.test("FitObserver sees gradients before the step, and may change them", async () => {
  const { model, optimizer, x, y } = setUp(), before = model.weight.item();
  let seen = 0;
  await fit(model, [[x, y]], {
    optimizer,
    loss,
    observers: [{
      onBeforeStep({ loss, samples }) {
        assertEquals(samples, 10);
        assert(loss.item() > 0 && model.weight.grad!.item() !== 0);
        assertEquals(model.weight.item(), before);
        model.weight.grad!.fill_(2);
        seen++;
      },
      onStep: () => assertAlmostEquals(model.weight.item(), before - 0.2, 1e-6),
    }],
  });
  assertEquals(seen, 1);
});

Deno.test("FitObserver ends training by an error, and is not told of an end then", async () => {
  const { model, optimizer, x, y } = setUp();
  let ended = false;
  const observers: FitObserver[] = [{
    onStep() {
      throw new TypeError("enough");
    },
    onEnd: () => void (ended = true),
  }];
  await assertRejects(() => fit(model, [[x, y]], { optimizer, loss, observers }), TypeError, "enough");
  assert(!ended);
});

type Stopped = { steps: number; epochs: number[]; positions: number[][]; stopped: boolean | null };

async function stopIn(event: "onStart" | "onBatch" | "onStep" | "onLog" | "onEpoch"): Promise<Stopped> {
  const { model, optimizer, x, y } = setUp();
  const found: Stopped = { steps: 0, epochs: [], positions: [], stopped: null };
  const stop = ({ step, stop }: { readonly step: number; readonly stop: () => void }): void => {
    if (event === "onStart" || step >= 4) stop();
  };
  await fit(model, loaderOf(x, y), {
    optimizer,
    loss,
    epochs: 4,
    logEvery: 2,
    observers: [{ [event]: stop }, {
      onStep: () => void found.steps++,
      onEpoch: ({ epoch }) => void found.epochs.push(epoch),
      onState: ({ state: { position } }) => void found.positions.push([position.epoch, position.batch]),
      onEnd: ({ stopped }) => void (found.stopped = stopped),
    }],
  });
  return found;
}

Deno.test("FitObserver stops a run before it, after a step, and after an epoch", async () => {
  assertEquals(await stopIn("onStart"), { steps: 0, epochs: [], positions: [], stopped: true });
  const midst = { epochs: [1], stopped: true };
  assertEquals(await stopIn("onStep"), { ...midst, steps: 4, positions: [[2, 0], [2, 1]] });
  assertEquals(await stopIn("onBatch"), { ...midst, steps: 5, positions: [[2, 0], [2, 2]] });
  assertEquals(await stopIn("onLog"), { ...midst, steps: 5, positions: [[2, 0], [2, 2]] });
  assertEquals(await stopIn("onEpoch"), {
    steps: 6,
    epochs: [1, 2],
    positions: [[2, 0], [3, 0]],
    stopped: true,
  });
});

/** Two models with optimizers of their own, averages and a schedule: all of them end up in the state. */
async function trainTwo(
  { resume, stopAt }: { readonly resume?: TrainingState; readonly stopAt?: number } = {},
): Promise<{ states: TrainingState[]; numbers: unknown; losses: number[] }> {
  const { model, optimizer, x, y } = setUp();
  const other = new Linear(1, 1), otherOptimizer = new Adam(other.parameters(), { lr: 0.1 });
  const averages = new AveragedParameters(model.parameters(), { weight: ema(0.5) });
  const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
  const states: TrainingState[] = [], losses: number[] = [];
  const stopping = new EarlyStopping(({ epoch }) => epoch, { patience: 9 });
  await fit(model, loaderOf(x, y), {
    optimizer,
    epochs: 3,
    step(batch) {
      otherOptimizer.zeroGrad();
      mseLoss(other.forward(batch[0]), model.forward(batch[0]).detach()).backward();
      otherOptimizer.step();
      return loss.forward(model.forward(batch[0]), batch[1]);
    },
    keep: [other, otherOptimizer],
    observers: [averaging(averages, { atEnd: false }), stepEachBatch(schedule), stopping, {
      onStep: ({ step, stop }) => step === stopAt ? stop() : undefined,
      onEpoch: ({ loss }) => void losses.push(loss),
      onState: ({ state }) => void states.push(state),
    }],
    ...(resume && { resume }),
  });
  const tensors = [...model.parameters(), ...other.parameters(), ...averages.averages];
  const numbers = [
    tensors.map((t) => t.tolist()),
    averages.nAveraged,
    schedule.getLastLr(),
    stopping.stateDict(),
  ];
  return { states, numbers, losses };
}

Deno.test("fit() goes on from a stop as if there had been none, with second models and what observers keep", async () => {
  const path = await Deno.makeTempFile(), whole = await trainTwo();
  for (const stopAt of [2, 3, 5]) {
    const { states, numbers } = await trainTwo({ stopAt });
    assertNotEquals(numbers, whole.numbers);
    await saveTrainingState(path, states.at(-1)!);
    const found = await trainTwo({ resume: await loadTrainingState(path) });
    assertEquals(found.numbers, whole.numbers);
    assertEquals(found.losses, whole.losses.slice(whole.losses.length - found.losses.length));
  }
  await Deno.remove(path);
});

Deno.test("fit() takes batches of any structure by step, and leaves those of an array", async () => {
  const { device, model, optimizer, x, y } = setUp();
  const batches = [{ parts: { x, y }, note: "all" }, {
    parts: { x: x.narrow(0, 0, 4), y: y.narrow(0, 0, 4) },
    note: "",
  }];
  const seen: unknown[] = [];
  await fit(model, batches, {
    optimizer,
    epochs: 2,
    step: ({ parts: { x, y } }) => mseLoss(model.forward(x), y),
    observers: [{
      onBatch: ({ data }) => void seen.push(data.note),
      onStep: ({ samples }) => void seen.push(samples),
    }],
  });
  assertEquals(seen, ["all", 10, "", 4, "all", 10, "", 4]);
  assertAlmostEquals(batches[0]!.parts.x.sum().item(), 0, 1e-6);
  // A stream that does not know its length.
  const stream = {
    get length(): number {
      throw new TypeError("Cannot count the batches of a stream");
    },
    async *[Symbol.asyncIterator]() {
      yield x.add(1);
    },
  };
  const { buffers } = device.memory;
  await fit(model, stream, {
    optimizer,
    step: (x) => model.forward(x).mean(),
    observers: [{ onStep: ({ batch }) => assertEquals(batch, 1) }],
  });
  assertEquals(device.memory.buffers, buffers);
});

Deno.test("fit() refuses batches without input and target where there is no step", async () => {
  const { model, optimizer, x } = setUp();
  // @ts-expect-error: the types refuse them too.
  await assertRejects(() => fit(model, [{ x }], { optimizer, loss }), TypeError, "must be a pair");
});

Deno.test("ObserverList tells all observers of a loss, and takes the first device", async () => {
  const [lost, first, second] = [0, 1, 2].map(() => new Device(new ReferenceBackend()));
  const steps: number[] = [];
  const note = ({ step }: { readonly step: number }) => void steps.push(step);
  const event = { device: lost!, error: null, step: 4, keptStep: 3 };
  const list = new ObserverList([{ onDeviceLost: note }, { onDeviceLost: () => first! }, {
    onDeviceLost(loss) {
      note(loss);
      return second!;
    },
  }]);
  assert(await list.onDeviceLost(event) === first);
  assertEquals(steps, [4, 4]);
  assertEquals(await new ObserverList([{ onDeviceLost: note }]).onDeviceLost(event), null);
});
