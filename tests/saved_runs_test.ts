/** Runs that earlier versions saved load, score as they did, and go on. */
import { createHash } from "node:crypto";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { tape } from "@troodon/autograd";
import { Device, ReferenceBackend, setDefaultDevice, Tensor } from "@troodon/core";
import { loadModel, loadTrainingState, type TrainingState } from "@troodon/train";
import { type EpochLine, SavedTraining } from "./saved_net.ts";

const DATA = fromFileUrl(new URL("testdata/run_before_6/", import.meta.url));
const LIBRARY = join(DATA, "library"), PROGRAM = join(DATA, "program");

interface Expected {
  readonly accuracy: number;
  readonly epochs: readonly EpochLine[];
  readonly further: readonly EpochLine[];
  readonly group: Readonly<Record<string, unknown>>;
  readonly model: Readonly<Record<string, string>>;
  readonly optimizer: Readonly<Record<string, string | number>>;
}

const expected: Expected = JSON.parse(await Deno.readTextFile(join(LIBRARY, "expected.json")));

async function digestOf(t: Tensor): Promise<string> {
  // Counts of batches, which were int32.
  const { buffer, byteOffset, byteLength } = await (t.dtype === "int64" ? t.to("int32") : t).dataAsync();
  return createHash("sha256").update(new Uint8Array(buffer, byteOffset, byteLength)).digest("hex").slice(
    0,
    16,
  );
}

async function createTraining(): Promise<SavedTraining> {
  setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
  return await SavedTraining.create();
}

const stateOfLibrary = (): Promise<TrainingState> => loadTrainingState(join(LIBRARY, "state.safetensors"));

function assertEpochs(found: readonly EpochLine[], wanted: readonly EpochLine[]): void {
  assertEquals(found.map(([epoch]) => epoch), wanted.map(([epoch]) => epoch));
  for (const [i, [, loss, accuracy]] of found.entries()) {
    assertAlmostEquals(loss, wanted[i]![1], 1e-5);
    assertEquals(accuracy, wanted[i]![2]);
  }
}

Deno.test("loadModel() gives a model of before the weights and the accuracy it had", async () => {
  const training = await createTraining(), { model } = training;
  await loadModel(LIBRARY, model, model.fc1.weight.device);
  const found: Record<string, string> = {};
  for (const [name, t] of model.stateDict()) found[name] = await digestOf(t);
  assertEquals(found, expected.model);
  assertEquals(await training.accuracy(), expected.accuracy);
});

Deno.test("fit() trains as it did before", async () => {
  const training = await createTraining();
  await training.run(2);
  assertEpochs(training.epochs, expected.epochs);
  assertEquals(await training.accuracy(), expected.accuracy);
});

Deno.test("fit() restores model and optimizer of a state of before to the bit", async () => {
  const training = await createTraining();
  // All epochs of the state are done: nothing changes what was restored.
  await training.run(2, { resume: await stateOfLibrary() });
  assertEquals(training.epochs, []);
  const model: Record<string, string> = {}, optimizer: Record<string, string | number> = {};
  for (const [name, t] of training.model.stateDict()) model[name] = await digestOf(t);
  assertEquals(model, expected.model);
  const { state, paramGroups: [group] } = training.optimizer.stateDict();
  for (const [i, remembered] of Object.entries(state)) {
    for (const [name, value] of Object.entries(remembered)) {
      optimizer[`${i}.${name}`] = value instanceof Tensor ? await digestOf(value) : value;
    }
  }
  assertEquals(optimizer, expected.optimizer);
  const { params, ...options } = group!;
  assertEquals(params, [0, 1, 2, 3, 4, 5]);
  assertEquals(options, expected.group);
  assertEquals(await training.accuracy(), expected.accuracy);
});

Deno.test("fit() goes on from a state of before as it did", async () => {
  const training = await createTraining();
  await training.run(5, { resume: await stateOfLibrary() });
  assertEpochs(training.epochs, expected.further);
});

const FLAGS = [
  ...["--model", "lenet", "--dataset", "generated", "--limit", "400", "--batch-size", "8", "--device", "cpu"],
  ...["--optimizer", "sgd", "--momentum", "0", "--average", "last", "--schedule", "step", "--lr", "0.1"],
];

Deno.test("train goes on with a run of before, and evaluate scores it", async () => {
  const folder = await Deno.makeTempDir();
  const run = async (program: "train" | "evaluate", ...args: string[]): Promise<string> => {
    const script = fromFileUrl(new URL(`../scripts/${program}.ts`, import.meta.url));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script, ...args],
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stderr));
    return decoder.decode(stdout);
  };
  try {
    const before = await Deno.readTextFile(join(PROGRAM, "metrics.jsonl"));
    for (const name of ["config.json", "metrics.jsonl"]) {
      await Deno.copyFile(join(PROGRAM, name), join(folder, name));
    }
    const state = (await Deno.open(join(PROGRAM, "state.safetensors.gz"))).readable
      .pipeThrough(new DecompressionStream("gzip"));
    await Deno.writeFile(join(folder, "state.safetensors"), state);
    const flags = [...FLAGS, "--out", folder, "--resume"];
    assertStringIncludes(await run("train", ...flags, "--epochs", "3"), "All 3 epochs");
    assertStringIncludes(await run("train", ...flags, "--epochs", "4"), "after step 150, in epoch 4");
    const metrics = await Deno.readTextFile(join(folder, "metrics.jsonl"));
    assert(metrics.startsWith(before), "the lines of before are kept");
    const lines = metrics.trim().split("\n").map((line): Record<string, number> => JSON.parse(line));
    assertEquals(lines.map(({ epoch }) => epoch), [1, 2, 3, 4]);
    // The values that the saved state leads to, with samples augmented by position. Another order of sums moves the
    // last digits.
    assertAlmostEquals(lines[3]!["loss"]!, 0.3507763671875, 2e-3);
    assertAlmostEquals(lines[3]!["accuracy"]!, 0.9324, 0.01);
    const { accuracy } = JSON.parse(await run("evaluate", folder, "--device", "cpu", "--json"));
    assertEquals(accuracy, lines[3]!["accuracy"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
