import {
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { MSELoss } from "@troodon/nn";
import {
  BEST_FILE,
  fit,
  loadLastState,
  loadModel,
  loadTrainingState,
  MODEL_FILE,
  ModelCheckpoint,
  type ModelCheckpointOptions,
  STATE_FILE,
  statesOfRun,
  type TrainingState,
} from "../mod.ts";
import { loaderOf, setUp } from "../testdata/line.ts";

const loss = new MSELoss();

/** Trains for epochs with these scores, which a validation names `score`, and returns the files of the folder. */
async function train(
  path: string,
  scores: readonly number[],
  options: ModelCheckpointOptions,
  resume?: TrainingState,
): Promise<{ names: string[]; checkpoint: ModelCheckpoint }> {
  const { model, optimizer, x, y } = setUp(), checkpoint = new ModelCheckpoint(path, options);
  let epoch = resume ? resume.position.epoch - 1 : 0;
  await fit(model, loaderOf(x, y), {
    optimizer,
    loss,
    epochs: scores.length,
    stateEvery: 2,
    validate: () => ({ score: scores[epoch++]! }),
    observers: [checkpoint],
    ...(resume && { resume }),
  });
  return { names: Array.from(Deno.readDirSync(path), ({ name }) => name).sort(), checkpoint };
}

Deno.test("ModelCheckpoint keeps the last states by epoch and step, whatever was there before", async () => {
  const path = await Deno.makeTempDir();
  const { names } = await train(path, [1, 2], { keep: 3 });
  const kept = ["state.epoch-1.step-3.safetensors", "state.epoch-2.step-5.safetensors", STATE_FILE];
  assertEquals(names, [MODEL_FILE, ...kept]);
  assertEquals(await statesOfRun(path), [STATE_FILE, kept[1], kept[0]]);
  const steps = async () => {
    const found: number[] = [];
    for (const name of await statesOfRun(path)) {
      found.push((await loadTrainingState(join(path, name))).position.step);
    }
    return found;
  };
  assertEquals(await steps(), [6, 5, 3]);
  // From an earlier one: those behind it are of another run, and go with the first state of this one.
  const { state } = (await loadLastState(path))!;
  await Deno.remove(join(path, STATE_FILE));
  const earlier = (await loadLastState(path))!;
  assertEquals([earlier.name, earlier.damaged], [kept[1], []]);
  await train(path, [1, 2, 3], { keep: 2 }, state);
  assertEquals(await steps(), [9, 8]);
  await train(path, [1, 2, 3, 4], { keep: 1 }, (await loadLastState(path))!.state);
  assertEquals(await steps(), [12]);
  await Deno.remove(path, { recursive: true });
});

Deno.test("ModelCheckpoint keeps the newest state where a run goes on from it, and drops those of another course", async () => {
  const path = await Deno.makeTempDir();
  await train(path, [1], { keep: 5 });
  const first = (await loadLastState(path))!.state;
  assertEquals(await statesOfRun(path), [STATE_FILE, "state.epoch-1.step-2.safetensors"]);
  await train(path, [1, 2], { keep: 5 }, first);
  assertEquals(
    (await statesOfRun(path)).slice(1),
    [5, 3, 2].map((n) => `state.epoch-${n > 3 ? 2 : 1}.step-${n}.safetensors`),
  );
  // Again from the first: steps 5 and 6 are gone as soon as there is a newer state.
  let seen: string[] | null = null;
  const { model, optimizer, x, y } = setUp(), checkpoint = new ModelCheckpoint(path, { keep: 5 });
  await fit(model, loaderOf(x, y), {
    optimizer,
    loss,
    epochs: 2,
    stateEvery: 1,
    resume: first,
    observers: [checkpoint, { onState: async () => void (seen ??= await statesOfRun(path)) }],
  });
  assertEquals(seen, [STATE_FILE, "state.epoch-1.step-3.safetensors", "state.epoch-1.step-2.safetensors"]);
  await Deno.remove(path, { recursive: true });
});

Deno.test("ModelCheckpoint keeps the best model by the score it monitors, also when the run goes on", async () => {
  const path = await Deno.makeTempDir();
  const bytes = (name: string) => Deno.readFile(join(path, name));
  const { checkpoint } = await train(path, [0.5, NaN, 0.9, 0.9, 0.8], { monitor: "score" });
  assertEquals(checkpoint.best, { epoch: 3, value: 0.9 });
  const best = await bytes(BEST_FILE);
  assertNotEquals(best, await bytes(MODEL_FILE));
  const { state } = (await loadLastState(path))!;
  const further = await train(path, [0, 0, 0, 0, 0, 0.7], { monitor: "score" }, state);
  assertEquals([further.checkpoint.best?.epoch, await bytes(BEST_FILE)], [3, best]);
  // Another direction, and another score, begin anew.
  const least = await train(path, [0.5, 0.4, 0.6], { monitor: "score", mode: "min" });
  assertEquals(least.checkpoint.best, { epoch: 2, value: 0.4 });
  const byLoss = await train(path, [0.5, 0.4, 0.6], { monitor: "loss" });
  assertEquals(byLoss.checkpoint.best?.epoch, 3);
  assertEquals(byLoss.names, [BEST_FILE, MODEL_FILE, STATE_FILE]);
  const { model } = setUp(), other = setUp().model, { device } = model.weight;
  await loadModel(path, model, device);
  await loadModel(path, other, device, { file: BEST_FILE });
  assertEquals(other.weight.tolist(), model.weight.tolist());
  await assertRejects(
    () => train(path, [1], { monitor: "accuracy" }),
    TypeError,
    "Cannot keep the best model as the scores must have accuracy: current scores are score",
  );
  assertThrows(() => new ModelCheckpoint(path, { keep: 0 }), RangeError, "keep must be a positive integer");
  await Deno.remove(path, { recursive: true });
});

Deno.test("loadLastState() takes the newest state that is whole, and says which are damaged", async () => {
  const path = await Deno.makeTempDir();
  assertEquals(await loadLastState(join(path, "none")), null);
  await train(path, [1], { keep: 3 });
  const names = await statesOfRun(path), taken: [string, number][] = [];
  for (const name of names) {
    const { damaged, ...last } = (await loadLastState(path))!;
    assertEquals(last.name, name);
    taken.push([last.name, damaged.length]);
    for (const { name, error } of damaged) assertStringIncludes(error.message, name);
    const bytes = await Deno.readFile(join(path, name));
    // Cut, and with a bit that flipped.
    if (taken.length % 2 === 1) await Deno.truncate(join(path, name), bytes.length - 9);
    else await Deno.writeFile(join(path, name), bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1));
  }
  assertEquals(taken, names.map((name, i) => [name, i]));
  await assertRejects(() => loadLastState(path), RangeError, STATE_FILE);
  await Deno.remove(path, { recursive: true });
});
