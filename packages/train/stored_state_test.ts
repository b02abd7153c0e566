import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { DataLoader, NdArray, TensorDataset } from "@troodon/datasets";
import { Linear, MSELoss } from "@troodon/nn";
import { Adam } from "@troodon/optim";
import { fit, loadTrainingState, saveTrainingState, type TrainingState } from "./mod.ts";

/** Trains a small model with a shuffling loader, and returns its last state. */
async function train(epochs: number, resume?: TrainingState): Promise<TrainingState> {
  setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
  const model = new Linear(2, 1), optimizer = new Adam(model.parameters());
  const x = new NdArray(new Float32Array(6), [3, 2]), y = new NdArray(new Float32Array(3), [3, 1]);
  const batches = new DataLoader(new TensorDataset(x, y), { batchSize: 2, shuffle: true });
  let last: TrainingState | undefined;
  await fit(model, batches, {
    optimizer,
    loss: new MSELoss(),
    epochs,
    observers: [{ onState: ({ state }) => void (last = state) }],
    ...(resume && { resume }),
  });
  return last!;
}

/** Replaces the value at a path of keys in the state in `file`. */
async function changed(file: string, path: string, value: unknown): Promise<void> {
  const state = structuredClone({ ...await loadTrainingState(file), tensors: undefined }),
    keys = path.split(".");
  const last = keys.pop()!;
  const at = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, state);
  if (value === undefined) delete at[last];
  else at[last] = value;
  const { tensors } = await loadTrainingState(file);
  await saveTrainingState(file, { ...state, tensors });
}

Deno.test("loadTrainingState() refuses states without one of their parts, or with another thing in its place", async () => {
  const file = await Deno.makeTempFile(), state = await train(1);
  const wrong: readonly (readonly [path: string, ...values: readonly unknown[]])[] = [
    ["position", undefined, null, 3, []],
    ["position.step", undefined, -1, 0.5, "1", 1e300],
    ["position.passed", undefined, 1],
    ["optimizer.name", undefined, 3],
    ["optimizer.state", undefined, [], { 0: null }, { 0: { step: "1" } }],
    ["optimizer.paramGroups", undefined, {}, [null], [{ lr: "1", params: [] }], [{ lr: 1, params: [-1] }]],
    ["scheduler", undefined, 3, {}, { lastEpoch: 1, baseLrs: 1, lastLr: [1] }],
    ["generators", undefined, {}, [null], [{ seed: [1], offset: 0, used: 4 }], [{
      seed: [1, 2],
      offset: 0,
      used: 1,
    }]],
    ["keep", undefined, {}],
    ["meter.sum", undefined, "1"],
    ["meter.dtype", undefined, "int32"],
    ["notes", null, 3, []],
  ];
  for (const [path, ...values] of wrong) {
    for (const value of values) {
      await saveTrainingState(file, state);
      await changed(file, path, value);
      const { message } = await assertRejects(() => loadTrainingState(file), TypeError);
      assertStringIncludes(message, `Cannot go on from ${file} as its ${path}`);
    }
  }
  await saveTrainingState(file, state);
  await changed(file, "optimizer.state.0.other", null);
  await assertRejects(
    () => loadTrainingState(file),
    TypeError,
    `${file} as it must have the tensor optimizer.0.other`,
  );
  await Deno.remove(file);
});

Deno.test("loadTrainingState() refuses a file with any byte changed, by its path", async () => {
  const file = await Deno.makeTempFile();
  await saveTrainingState(file, await train(1));
  const bytes = await Deno.readFile(file);
  for (let i = 0; i < bytes.length; i++) {
    const wrong = bytes.slice();
    wrong[i]! ^= 1 << (i % 8);
    await Deno.writeFile(file, wrong);
    const spared = await loadTrainingState(file).then(() => true, (error) => {
      assertStringIncludes(String(error), file);
      return false;
    });
    // Spaces after the header are not part of the state.
    assertEquals(spared && bytes[i] !== 0x20, false, `byte ${i}`);
  }
  await Deno.remove(file);
});

Deno.test("fit() names the file of a state that is of no such run", async () => {
  const file = await Deno.makeTempFile(), state = await train(1);
  const refused = async (path: string, value: unknown, message: string): Promise<void> => {
    await saveTrainingState(file, state);
    await changed(file, path, value);
    const { message: said } = await assertRejects(
      async () => train(2, await loadTrainingState(file)),
      Error,
      message,
    );
    assertStringIncludes(said, `Cannot go on from ${file} as`);
  };
  await refused("optimizer.paramGroups.0.lr", -1, "lr must be");
  await refused("batches", { epoch: 0, batches: 0, sampler: { seed: 1 } }, "malformed");
  await refused("batches.epoch", -1, "malformed");
  await refused("optimizer.name", "SGD", "it must be of Adam");
  assertEquals((await train(1)).file, undefined);
  await saveTrainingState(file, state);
  assertEquals((await loadTrainingState(file)).file, file);
  const { file: _, ...rest } = await loadTrainingState(file), { tensors, ...plain } = rest;
  const { tensors: own, ...wanted } = state;
  assertEquals(plain, wanted);
  assertEquals([...tensors.keys()].sort(), [...own.keys()].sort());
  await Deno.remove(file);
});
