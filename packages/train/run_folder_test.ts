import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import {
  loadModel,
  loadTrainingState,
  Mlp,
  readConfig,
  RunFolder,
  STATE_FILE,
  type TrainingState,
} from "./mod.ts";

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
    using _ = await RunFolder.create(path, {});
  }
  await assertRejects(() => loadModel(path, other, device), Deno.errors.NotFound);
  assertEquals(await Deno.readTextFile(join(path, "metrics.jsonl")), "");
  await Deno.writeTextFile(join(path, "config.json"), "[1]");
  await assertRejects(() => readConfig(path), SyntaxError, "JSON object");
  await assertRejects(() => readConfig(join(path, "none")), Deno.errors.NotFound, "no config.json");
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
    using _ = await RunFolder.create(path, {});
  }
  assertEquals(names(), ["config.json", "metrics.jsonl", "notes.tmp"]);
  await Deno.remove(path, { recursive: true });
});
