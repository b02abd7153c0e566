import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { noGrad, tape } from "@troodon/autograd";
import { Device, manualSeed, ones, ReferenceBackend, setDefaultDevice, type Tensor } from "@troodon/core";
import { Linear, MSELoss } from "@troodon/nn";
import { AveragedParameters, SGD } from "@troodon/optim";
import { saveSafetensors } from "@troodon/serialization";
import {
  averaging,
  filesOfRun,
  fit,
  loadModel,
  loadTrainingState,
  Mlp,
  readConfig,
  RunFolder,
  STATE_FILE,
  type TrainingState,
} from "./mod.ts";

const values = (tensors: Iterable<Tensor>) => [...tensors].map((t) => t.tolist());

Deno.test("RunFolder writes what loadModel() and readConfig() read", async () => {
  const device = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(device);
  manualSeed(1);
  const path = join(await Deno.makeTempDir(), "runs", "one");
  const make = () => new Mlp({ size: 2, hidden: 3, classes: 2 });
  const model = make();
  {
    using folder = await RunFolder.create(path, { model: "mlp", lr: 0.5 });
    folder.log({ step: 1, epoch: 1, loss: 0.1 });
    folder.log({ epoch: 1, accuracy: 0.5 });
    await assertRejects(() => loadModel(path, model, device), Deno.errors.NotFound, "after each epoch");
    await folder.saveModel(model, { epoch: "1" });
  }
  assertEquals(await readConfig(path), { model: "mlp", lr: 0.5 });
  const text = await Deno.readTextFile(join(path, "metrics.jsonl"));
  assertEquals(text, '{"step":1,"epoch":1,"loss":0.1}\n{"epoch":1,"accuracy":0.5}\n');
  const other = make();
  await loadModel(path, other, device);
  assertEquals(other.fc1.weight.tolist(), model.fc1.weight.tolist());
  {
    using _ = await RunFolder.create(path, {}, { force: true });
  }
  await assertRejects(() => loadModel(path, other, device), Deno.errors.NotFound);
  assertEquals(await Deno.readTextFile(join(path, "metrics.jsonl")), "");
  await Deno.writeTextFile(join(path, "config.json"), "[1]");
  await assertRejects(() => readConfig(path), SyntaxError, "JSON object");
  await assertRejects(() => readConfig(join(path, "none")), Deno.errors.NotFound, "no config.json");
  await Deno.remove(path, { recursive: true });
});

Deno.test("RunFolder observes a run: losses, epochs with scores, the averaged model, and a state to go on from", async () => {
  const device = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(device);
  const path = await Deno.makeTempDir(), losses: number[] = [];
  const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 0.1 });
  const averages = new AveragedParameters(model.parameters());
  using run = await RunFolder.create(path, {});
  await fit(model, [[ones([4, 1]), ones([4, 1])]], {
    optimizer,
    loss: new MSELoss(),
    epochs: 2,
    logEvery: 1,
    validate: () => ({ r2: 0.5 }),
    observers: [averaging(averages, { atEnd: false }), run, { onLog: ({ loss }) => void losses.push(loss) }],
  });
  const lines = (await Deno.readTextFile(join(path, "metrics.jsonl"))).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  const seconds = lines.map((line) => line.seconds);
  assertEquals(
    lines,
    [1, 2].flatMap((epoch) => [
      { step: epoch, epoch, lr: 0.1, loss: losses[epoch - 1] },
      { epoch, seconds: seconds[2 * epoch - 1], lr: 0.1, loss: losses[epoch - 1], r2: 0.5 },
    ]),
  );
  const other = new Linear(1, 1);
  await loadModel(path, other, device);
  assertEquals(values(other.parameters()), values(averages.averages));
  assertNotEquals(values(model.parameters()), values(averages.averages));
  const { position, notes } = await loadTrainingState(join(path, STATE_FILE));
  assertEquals([position.epoch, position.step, String(notes?.["metrics"]).split("\n").length], [3, 2, 5]);
  await Deno.remove(path, { recursive: true });
});

const STATE: TrainingState = {
  position: { step: 3, epoch: 1, batch: 3, passed: false, samples: 0, sum: 0, seconds: 0 },
  tensors: new Map(),
  optimizer: { name: "SGD", state: {}, paramGroups: [] },
  scheduler: null,
  batches: null,
  generators: [],
  keep: [],
  meter: { sum: null, dtype: "float32", count: 0 },
};

Deno.test("RunFolder.resume() has the metrics of the state again, and removes what was never whole", async () => {
  const path = await Deno.makeTempDir();
  const file = join(path, STATE_FILE), metrics = () => Deno.readTextFile(join(path, "metrics.jsonl"));
  {
    using folder = await RunFolder.create(path, { epochs: 1 });
    folder.log({ step: 1 });
    await folder.saveState(STATE);
    folder.log({ step: 2 });
  }
  assertEquals(await metrics(), '{"step":1}\n{"step":2}\n');
  for (const name of ["model.safetensors", `${STATE_FILE}.0123abcd.tmp`, "notes.tmp"]) {
    await Deno.writeTextFile(join(path, name), "");
  }
  const state = await loadTrainingState(file);
  assertEquals([state.position, state.notes?.["config"]], [STATE.position, { epochs: 1 }]);
  {
    using folder = await RunFolder.resume(path, { epochs: 2 }, state);
    assertEquals([await metrics(), await readConfig(path)], ['{"step":1}\n', { epochs: 2 }]);
    folder.log({ step: 3 });
    await folder.saveState(STATE);
  }
  assertEquals((await loadTrainingState(file)).notes?.["metrics"], '{"step":1}\n{"step":3}\n');
  const names = () => [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  assertEquals(names(), ["config.json", "metrics.jsonl", "model.safetensors", "notes.tmp", STATE_FILE]);
  {
    using _ = await RunFolder.create(path, {}, { force: true });
  }
  assertEquals(names(), ["config.json", "metrics.jsonl", "notes.tmp"]);
  await Deno.remove(path, { recursive: true });
});

Deno.test("RunFolder writes an epoch once that it is told of again, as the device was lost", async () => {
  const path = await Deno.makeTempDir(),
    common = { step: 1, epochs: 2, seconds: 1, samples: 1, stop: () => {} };
  using folder = await RunFolder.create(path, {});
  for (const epoch of [1, 1, 2]) folder.onEpoch({ ...common, epoch, loss: epoch, scores: {} });
  assertEquals(
    await Deno.readTextFile(join(path, "metrics.jsonl")),
    '{"epoch":1,"seconds":1,"loss":1}\n{"epoch":2,"seconds":1,"loss":2}\n',
  );
  await Deno.remove(path, { recursive: true });
});

/** The bytes of all files in a folder. */
async function contentsOf(path: string): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  for await (const { name } of Deno.readDir(path)) contents.set(name, await Deno.readFile(join(path, name)));
  return contents;
}

Deno.test("RunFolder.create() keeps the run that is there, to the byte, whichever of its files are left", async () => {
  const path = await Deno.makeTempDir();
  {
    using folder = await RunFolder.create(path, { lr: 1 });
    folder.log({ step: 1 });
    await folder.saveState(STATE);
  }
  await Deno.writeTextFile(join(path, "model.safetensors.0123abcd.tmp"), "half");
  for (const removed of ["", STATE_FILE, "metrics.jsonl"]) {
    if (removed !== "") await Deno.remove(join(path, removed));
    const before = await contentsOf(path), files = await filesOfRun(path);
    const { message } = await assertRejects(() => RunFolder.create(path, {}), Deno.errors.AlreadyExists);
    for (const part of [path, ...files, "force: true", "RunFolder.resume()"]) {
      assertStringIncludes(message, part);
    }
    assertEquals(await contentsOf(path), before);
  }
  await Deno.remove(join(path, "config.json"));
  assertEquals(await filesOfRun(path), []);
  (await RunFolder.create(path, {}))[Symbol.dispose]();
  assertEquals(await filesOfRun(join(path, "none")), []);
  await Deno.remove(path, { recursive: true });
});

Deno.test("RunFolder lets nobody else write while it does, and is not kept out by what a killed process left", async () => {
  const path = await Deno.makeTempDir(), lock = join(path, "run.lock");
  await Deno.writeTextFile(lock, "1\n");
  {
    using folder = await RunFolder.create(path, {});
    folder.log({ step: 1 });
    const before = await contentsOf(path);
    for (
      const open of [
        () => RunFolder.create(path, {}, { force: true }),
        () => RunFolder.resume(path, {}, STATE),
      ]
    ) {
      const { message } = await assertRejects(open, Deno.errors.Busy);
      assertStringIncludes(message, `Cannot write the run ${path} as the process ${Deno.pid} does`);
    }
    assertEquals(await contentsOf(path), before);
  }
  await assertRejects(() => Deno.stat(lock), Deno.errors.NotFound);
  await assertRejects(() => RunFolder.create(path, {}), Deno.errors.AlreadyExists);
  // A refusal ends the lock as well.
  (await RunFolder.resume(path, {}, STATE))[Symbol.dispose]();
  await Deno.remove(path, { recursive: true });
});

Deno.test({
  name: "RunFolder.resume() refuses a FIFO in the place of the metrics, and does not wait for it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const path = await Deno.makeTempDir(), metrics = join(path, "metrics.jsonl");
    await new Deno.Command("mkfifo", { args: [metrics] }).output();
    await assertRejects(
      () => RunFolder.resume(path, {}, STATE),
      TypeError,
      `Cannot read ${metrics} as it must be`,
    );
    await Deno.remove(path, { recursive: true });
  },
});

Deno.test("loadModel() notices every flipped bit that changes a weight, and names the file", async () => {
  const device = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(device);
  manualSeed(1);
  const path = await Deno.makeTempDir(), file = join(path, "model.safetensors");
  const model = new Linear(3, 2), other = new Linear(3, 2);
  using folder = await RunFolder.create(path, {});
  await folder.saveModel(model, { epoch: "1" });
  const bytes = await Deno.readFile(file), kept = values(model.parameters());
  let refused = 0;
  for (let i = 0; i < bytes.length; i++) {
    const wrong = bytes.slice();
    wrong[i]! ^= 1 << (i % 8);
    await Deno.writeFile(file, wrong);
    try {
      await loadModel(path, other, device);
    } catch (error) {
      assertStringIncludes(String(error), file);
      refused++;
      continue;
    }
    assertEquals(values(other.parameters()), kept, `byte ${i}`);
  }
  // Bits that may flip unnoticed are those in the name of the digest, and in spaces.
  assert(bytes.length - refused < 20, `${bytes.length - refused} of ${bytes.length} accepted`);
  await Deno.remove(path, { recursive: true });
});

Deno.test("RunFolder saves, and loadModel() loads, no parameter that is not finite", async () => {
  const device = new Device(new ReferenceBackend(), { tape });
  setDefaultDevice(device);
  const path = await Deno.makeTempDir(), file = join(path, "model.safetensors");
  const model = new Linear(1, 2);
  using folder = await RunFolder.create(path, {});
  await folder.saveModel(model);
  const good = await Deno.readFile(file);
  for (const value of [NaN, Infinity]) {
    noGrad(() => model.bias!.fill_(value));
    await assertRejects(() => folder.saveModel(model), RangeError, `Cannot save ${file}`);
    assertEquals(await Deno.readFile(file), good);
  }
  await saveSafetensors(file, model.stateDict());
  await assertRejects(() => loadModel(path, model, device), RangeError, "must be finite: bias has");
  // Without a digest, as other programs write them, and of another model.
  await saveSafetensors(file, new Linear(1, 2).stateDict());
  await loadModel(path, model, device);
  await saveSafetensors(file, new Linear(2, 2).stateDict());
  await assertRejects(() => loadModel(path, model, device), Error, file);
  await Deno.remove(path, { recursive: true });
});
