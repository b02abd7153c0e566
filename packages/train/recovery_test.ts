import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  Device,
  dropout,
  Generator,
  manualSeed,
  ReferenceBackend,
  setDefaultDevice,
  type Tensor,
  tensor,
} from "@troodon/core";
import { Compose, DataLoader, GeneratedDigits, NdArray, Resize, ToTensor } from "@troodon/datasets";
import { BatchNorm1d, CrossEntropyLoss, Linear, Module, type Parameter } from "@troodon/nn";
import {
  Adam,
  AveragedParameters,
  type LRScheduler,
  polynomial,
  ReduceLROnPlateau,
  StepLR,
} from "@troodon/optim";
import { saveSafetensors } from "@troodon/serialization";
import {
  type DeviceLoss,
  evaluate,
  fit,
  type FitObserver,
  loadTrainingState,
  saveTrainingState,
  type TrainingState,
} from "./mod.ts";

/** A device that goes like a GPU: calls fail at once, in words of their own, and why is said a task later. */
class FragileBackend extends ReferenceBackend {
  lost = false;
  #gone = false;
  /** Kernels until it breaks. */
  left = Infinity;

  break(): void {
    this.#gone = true;
    setTimeout(() => this.lost = true);
  }

  override launch(...args: Parameters<ReferenceBackend["launch"]>): void {
    if (this.left-- <= 0) this.break();
    this.#check();
    super.launch(...args);
  }

  override read(...args: Parameters<ReferenceBackend["read"]>): ReturnType<ReferenceBackend["read"]> {
    this.#check();
    return super.read(...args);
  }

  override finish(): Promise<void> {
    return this.lost
      ? Promise.reject(new RangeError("Cannot go on as the test took the device"))
      : super.finish();
  }

  #check(): void {
    if (this.#gone) throw new DOMException("Buffer is not mapped", "OperationError");
  }
}

/** Statistics, masks and two names for one parameter. */
class Net extends Module {
  fc1 = new Linear(25, 6);
  norm = new BatchNorm1d(6);
  fc2 = new Linear(6, 10);
  twin: Parameter = this.fc2.weight;

  override forward(x: Tensor): Tensor {
    const hidden = this.norm.forward(this.fc1.forward(x.flatten(1))).relu();
    return this.fc2.forward(dropout(hidden, { p: 0.3, training: this.training }));
  }
}

const BEGIN = 1e3;
/** Time stands still unless a test says otherwise: a state is due within an epoch when seconds have passed. */
let time = BEGIN, pace = 1;
performance.now = () => time *= pace;

const digits = await GeneratedDigits.open({
  count: 44,
  transform: new Compose([new Resize(5, "nearest"), new ToTensor()]),
});
const EPOCHS = 3, BATCHES = 6;

interface Run {
  readonly steps: ReadonlyMap<number, number>;
  readonly logged: readonly (readonly number[])[];
  readonly epochs: readonly (readonly number[])[];
  readonly losses: readonly DeviceLoss[];
  readonly weights: unknown;
  readonly rates: readonly number[];
}

interface Disturbance {
  /** Whether batches are ordered by the generator that masks come from. */
  readonly shared?: boolean;
  readonly onStep?: (step: number, backend: FragileBackend) => void;
  readonly onEpoch?: (epoch: number, backend: FragileBackend) => void;
  readonly scheduler?: (optimizer: Adam, backend: FragileBackend) => LRScheduler;
  readonly onDeviceLost?: (loss: DeviceLoss) => Device;
  readonly onState?: (state: TrainingState) => void | Promise<void>;
  readonly resume?: TrainingState;
  /** The step in which an observer stops the run. */
  readonly stopAt?: number;
  readonly before?: (backend: FragileBackend) => void;
  /** Set to compile the steps. */
  readonly compile?: "auto";
}

async function run(disturbance: Disturbance = {}): Promise<Run> {
  const backend = new FragileBackend();
  const spare = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(new Device(backend, { tape }));
  manualSeed(3);
  const model = new Net();
  const loader = new DataLoader(digits, {
    batchSize: 8,
    shuffle: true,
    ...(!disturbance.shared && { generator: new Generator(4) }),
  });
  for await (using _ of loader) break; // A look at the data, as people take.
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const scheduler = disturbance.scheduler?.(optimizer, backend) ??
    new StepLR(optimizer, { stepSize: 2, gamma: 0.9 });
  const plateau = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 0, mode: "max" });
  const averages = new AveragedParameters(model.stateDict().values(), { weight: polynomial() });
  const steps = new Map<number, number>(), logged: number[][] = [], epochs: number[][] = [];
  const losses: DeviceLoss[] = [];
  const observer: FitObserver = {
    ...(disturbance.onState && { onState: ({ state }) => disturbance.onState?.(state) }),
    onStep({ step, loss, stop }) {
      if (step === disturbance.stopAt) stop();
      disturbance.onStep?.(step, backend);
      averages.update();
      steps.set(step, loss.item());
    },
    onLog: ({ step, epoch, loss }) => void logged.push([step, epoch, loss]),
    async onEpoch({ epoch, loss, samples }) {
      let accuracy: number;
      {
        using _ = averages.applied();
        disturbance.onEpoch?.(epoch, backend);
        ({ accuracy } = await evaluate(model, new DataLoader(digits, { batchSize: 20 })));
      }
      plateau.step(accuracy > 2 ? 1 : 0);
      epochs.push([epoch, loss, samples, accuracy]);
    },
    onDeviceLost(loss) {
      losses.push(loss);
      return disturbance.onDeviceLost?.(loss) ?? spare;
    },
  };
  disturbance.before?.(backend);
  await fit(model, loader, {
    optimizer,
    scheduler,
    loss: new CrossEntropyLoss(),
    epochs: EPOCHS,
    logEvery: 4,
    keep: [plateau, averages],
    ...(disturbance.resume && { resume: disturbance.resume }),
    ...(disturbance.compile && { compile: disturbance.compile }),
    observers: [observer],
  });
  const weights = [...model.stateDict(), ...averages.averages.entries()].map((
    [name, t],
  ) => [name, t.tolist()]);
  assert(losses.length === 0 || [...model.parameters()].every((p) => p.device === spare));
  return { steps, logged, epochs, losses, weights, rates: scheduler.getLastLr() };
}

const undisturbed = await run();
const undisturbedShared = await run({ shared: true });

function same(found: Run, expected: Run, keptStep: number): void {
  assertEquals(found.losses.map((loss) => loss.keptStep), [keptStep]);
  assertEquals(found.steps, expected.steps);
  assertEquals(found.logged, expected.logged);
  assertEquals(found.epochs, expected.epochs);
  assertEquals(found.rates, expected.rates);
  assertEquals(found.weights, expected.weights);
}

/** Runs `f` while time goes ever faster, so that the state is due after every step, however long keeping it took. */
async function hurried<T>(f: () => Promise<T>): Promise<T> {
  pace = 120;
  try {
    return await f();
  } finally {
    [pace, time] = [1, BEGIN];
  }
}

const at = (wanted: number) => (step: number, backend: FragileBackend) => {
  if (step === wanted) backend.break();
};

for (const shared of [false, true]) {
  const expected = shared ? undisturbedShared : undisturbed;
  const order = shared ? "the default generator" : "a generator of its own";
  for (const step of [1, 4, BATCHES, BATCHES + 1, 2 * BATCHES - 1, EPOCHS * BATCHES]) {
    Deno.test(`fit() goes on after a loss in step ${step}, ordered by ${order}`, async () => {
      const kept = BATCHES * Math.floor((step - 1) / BATCHES);
      same(await run({ shared, onStep: at(step) }), expected, kept);
      // In the middle of an epoch, just before the step that failed.
      same(await hurried(() => run({ shared, onStep: at(step) })), expected, step - 1);
    });
  }
}

Deno.test("fit() stops where it was asked to, though the device is lost in that step", async () => {
  const found = await run({ stopAt: BATCHES + 2, onStep: at(BATCHES + 2) });
  assertEquals(found.losses.map(({ keptStep }) => keptStep), [BATCHES]);
  assertEquals([...found.steps], [...undisturbed.steps].slice(0, BATCHES + 2));
  assertEquals(found.epochs, undisturbed.epochs.slice(0, 1));
});

for (const epoch of [1, EPOCHS]) {
  Deno.test(`fit() calls onEpoch again after a loss in evaluate() after epoch ${epoch}, without training again`, async () => {
    same(await run({ onEpoch: at(epoch) }), undisturbed, epoch * BATCHES);
  });
}

Deno.test("fit() goes on after a loss in any kernel: before the first step, in one, in between", async () => {
  let total = 0;
  await run({
    before: (backend) => void (backend.left = 1e9),
    onEpoch: (_, { left }) => void (total = 1e9 - left),
  });
  for (let left = 0; left < total; left += 197) {
    const found = await run({ before: (backend) => void (backend.left = left) });
    same(found, undisturbed, found.losses[0]!.keptStep);
  }
});

Deno.test("fit() steps a scheduler once when the device is lost in its step", async () => {
  let calls = 0;
  class Reading extends StepLR {
    readonly backend: FragileBackend;

    constructor(optimizer: Adam, backend: FragileBackend) {
      super(optimizer, { stepSize: 2, gamma: 0.9 });
      this.backend = backend;
    }

    override step(): void {
      super.step();
      if (++calls === 2) this.backend.break();
      for (const p of this.optimizer.paramGroups[0]!.params) if (p.device.backend === this.backend) p.add(1);
    }
  }
  const found = await run({ scheduler: (...args) => new Reading(...args) });
  same(found, undisturbed, 2 * BATCHES);
  assertEquals(calls, EPOCHS + 1);
});

Deno.test("fit() throws the loss, in the words of the device, where nobody has another one", async () => {
  const onDeviceLost = ({ device }: DeviceLoss) => device;
  await assertRejects(() => run({ onStep: at(3), onDeviceLost }), RangeError, "the test took the device");
  // Before anything was kept there is no state to go on from.
  await assertRejects(() => run({ before: (backend) => backend.break() }), RangeError, "the test took");
});

Deno.test("fit() passes on errors that are no loss of the device", async () => {
  const fail = () => {
    throw new TypeError("A mistake");
  };
  await assertRejects(() => run({ onStep: fail }), TypeError, "A mistake");
});

Deno.test("fit() goes on from a file as if it had never ended", async () => {
  const path = await Deno.makeTempFile();
  let ended = 0;
  await run({ onState: (state) => ended++ === 0 ? saveTrainingState(path, state) : undefined });
  const found = await run({ resume: await loadTrainingState(path) });
  assertEquals([...found.steps], [...undisturbed.steps].slice(BATCHES));
  assertEquals(found.epochs, undisturbed.epochs.slice(1));
  assertEquals(found.rates, undisturbed.rates);
  assertEquals(found.weights, undisturbed.weights);
  await Deno.remove(path);
});

for (const shared of [false, true]) {
  Deno.test(`fit() goes on from any step${shared ? ", ordered by the default generator" : ""}, as another process would`, async () => {
    const path = await Deno.makeTempFile();
    const expected = shared ? undisturbedShared : undisturbed;
    const states: TrainingState[] = [];
    const whole = await hurried(() => run({ shared, onState: (state) => void states.push(state) }));
    same({ ...whole, losses: [{ keptStep: 0 } as DeviceLoss] }, expected, 0);
    assertEquals(
      states.map(({ position: { epoch, step, batch } }) => [epoch, step, batch]),
      Array.from({ length: EPOCHS }, (_, e) => [
        ...Array.from({ length: BATCHES }, (_, b) => [e + 1, e * BATCHES + b + 1, b + 1]),
        [e + 2, (e + 1) * BATCHES, 0],
      ]).flat(),
    );
    for (const state of states) {
      await saveTrainingState(path, state);
      const { step, epoch } = state.position;
      const found = await run({ shared, resume: await loadTrainingState(path) });
      assertEquals([...found.steps], [...expected.steps].slice(step));
      assertEquals(found.logged, expected.logged.filter(([logged]) => logged! > step));
      assertEquals(found.epochs, expected.epochs.slice(epoch - 1));
      assertEquals([found.rates, found.weights], [expected.rates, expected.weights]);
    }
    await Deno.remove(path);
  });
}

Deno.test("fit() gives no state in an epoch that takes no time", async () => {
  const batches: number[] = [];
  await run({ onState: ({ position: { batch } }) => void batches.push(batch) });
  assertEquals(batches, [0, 0, 0]);
});

Deno.test("fit() refuses the state of another run", async () => {
  let state!: TrainingState;
  await run({ onState: (found) => void (state = found) });
  const name = "model.norm.bias", bias = state.tensors.get(name)!;
  const refuses = async (
    change: Partial<TrainingState>,
    message: string,
    type: typeof RangeError | typeof TypeError = RangeError,
  ) => {
    await assertRejects(() => run({ resume: { ...state, ...change } }), type, message);
  };
  const tensors = new Map(state.tensors);
  tensors.delete(name);
  await refuses({ tensors }, "model.norm.bias in one of them alone");
  tensors.set(name, new NdArray(bias.data.slice(1), [5]));
  await refuses({ tensors }, "model.norm.bias must have the shape [6]: current shape is [5]");
  tensors.set(name, new NdArray(Float64Array.from(bias.data as Float32Array), [6]));
  await refuses({ tensors }, "must have the dtype float32: current dtype is float64", TypeError);
  await refuses({ optimizer: { ...state.optimizer, name: "SGD" } }, "it is of SGD, a scheduler, 2 in keep");
  await refuses({ scheduler: null }, "it is of Adam, no scheduler, 2 in keep");
  await refuses({ keep: state.keep.slice(1) }, "it is of Adam, a scheduler, 1 in keep");
});

Deno.test("loadTrainingState() gives the numbers that were saved, those that JSON does not have included", async () => {
  const path = await Deno.makeTempFile();
  let state!: TrainingState;
  await run({ onState: (found) => void (state = found) });
  const keep = [{ best: -Infinity, worst: Infinity, mean: NaN, none: null, deep: [{ some: [1, NaN] }] }];
  await saveTrainingState(path, { ...state, keep });
  assertEquals((await loadTrainingState(path)).keep, keep);
  await Deno.remove(path);
});

Deno.test("loadTrainingState() refuses files that are damaged or of something else", async () => {
  const path = await Deno.makeTempFile();
  let state!: TrainingState;
  await run({ onState: (found) => void (state = found) });
  await saveTrainingState(path, { ...state, notes: { of: "a test" } });
  assertEquals((await loadTrainingState(path)).notes, { of: "a test" });
  const bytes = await Deno.readFile(path);
  for (const at of [bytes.length - 1, bytes.length - 5000, bytes.indexOf(0x22, 100) + 2]) {
    const wrong = bytes.slice();
    wrong[at]! ^= 4;
    await Deno.writeFile(path, wrong);
    await assertRejects(() => loadTrainingState(path), Error, path);
  }
  await Deno.writeFile(path, bytes.subarray(0, bytes.length - 8));
  await assertRejects(() => loadTrainingState(path), RangeError, path);
  await Deno.writeFile(path, new Uint8Array());
  await assertRejects(() => loadTrainingState(path), RangeError, path);
  using device = new Device(new ReferenceBackend());
  await saveSafetensors(path, new Map([["x", tensor([1], { device })]]));
  await assertRejects(() => loadTrainingState(path), TypeError, "it has tensors alone");
  await Deno.remove(path);
});

Deno.test("fit() compiles steps on the device that is left, and anew after going on", async () => {
  for (const at of [2, 9]) {
    const found = await run({
      compile: "auto",
      onStep: (step, backend) => {
        if (step === at && !backend.lost) backend.break();
      },
    });
    assertEquals(found.losses.length, 1);
    assertEquals([...found.steps.keys()], [...undisturbed.steps.keys()]);
    for (const [step, loss] of undisturbed.steps) assertAlmostEquals(found.steps.get(step)!, loss, 1e-4);
  }
});
