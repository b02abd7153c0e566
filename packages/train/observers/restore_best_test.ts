import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Tensor } from "@troodon/core";
import { MSELoss } from "@troodon/nn";
import { AveragedParameters } from "@troodon/optim";
import { load } from "@troodon/serialization";
import { averaging, EarlyStopping, fit, RunFolder, type TrainingState } from "../mod.ts";
import { loaderOf, setUp } from "../testdata/line.ts";

const SCORES = [0.1, 0.5, 0.2, 0.4, 0.3];

/** Trains with the best score after the second epoch; returns the final weights and those of the checkpoint. */
async function run(path: string, epochs: number, resume?: TrainingState) {
  const { model, optimizer, x, y } = setUp();
  const averages = new AveragedParameters([model.weight, model.bias!]);
  const stopping = new EarlyStopping(({ scores }) => scores["r2"], {
    ...{ mode: "max", patience: 3, restoreBest: true },
  });
  const options = { monitor: "r2", force: true };
  let last: TrainingState | null = null, epoch = resume ? resume.position.epoch - 1 : 0;
  {
    using folder = resume
      ? await RunFolder.resume(path, {}, resume, { monitor: "r2" })
      : await RunFolder.create(path, {}, options);
    await fit(model, loaderOf(x, y), {
      ...{ optimizer, loss: new MSELoss(), epochs, ...(resume && { resume }) },
      validate: () => ({ r2: SCORES[epoch++]! }),
      observers: [averaging(averages), folder, stopping, {
        onState: ({ state }) => void (last = { ...state, notes: { config: {}, metrics: "" } }),
      }],
    });
  }
  const best = await load<Map<string, Tensor>>(join(path, "best.safetensors"));
  const listed = (state: ReadonlyMap<string, Tensor>) =>
    Object.fromEntries([...state].map(([name, t]) => [name, t.tolist()]));
  return { weights: listed(model.stateDict()), best: listed(best), state: last! as TrainingState };
}

Deno.test("EarlyStopping with restoreBest gives the weights of the best checkpoint back, also where the run goes on from a state", async () => {
  const path = await Deno.makeTempDir();
  try {
    const whole = await run(path, 5);
    assertEquals(whole.weights, whole.best);
    const first = await run(path, 3);
    assertEquals(first.weights, whole.best);
    const second = await run(path, 5, first.state);
    assertEquals(second.weights, whole.best);
    assertEquals(second.best, whole.best);
    const other = await run(path, 1);
    assertEquals(other.weights, other.best);
    assertEquals(JSON.stringify(other.weights) === JSON.stringify(whole.weights), false);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});
