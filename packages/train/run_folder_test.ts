import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { loadModel, Mlp, readConfig, RunFolder } from "./mod.ts";

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
