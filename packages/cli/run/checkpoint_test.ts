import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  AveragedParameters,
  averaging,
  BEST_FILE,
  Device,
  fit,
  Linear,
  manualSeed,
  MODEL_FILE,
  MSELoss,
  ones,
  ReferenceBackend,
  RunFolder,
  setDefaultDevice,
  SGD,
  statesOfRun,
  tape,
} from "@troodon/troodon";
import { checkpointOf, loadWeights, showScore, weightsFile } from "./checkpoint.ts";
import { UsageError } from "../flags/options.ts";

Deno.test("loadWeights() takes a model, or what is tested of a state; weightsFile() finds them by flags", async () => {
  const device = new Device(new ReferenceBackend(), { tape }), path = await Deno.makeTempDir();
  setDefaultDevice(device);
  manualSeed(1);
  for (const averaged of [false, true]) {
    const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 0.1 });
    using run = await RunFolder.create(path, {}, {
      ...checkpointOf({ keep: 2, monitor: "accuracy", "on-full-disk": "stop" }),
      force: true,
    });
    const seen: unknown[] = [], averages = new AveragedParameters(model.stateDict().values());
    await fit(model, [[ones([4, 1]), ones([4, 1])]], {
      optimizer,
      loss: new MSELoss(),
      epochs: 3,
      validate: () => {
        seen.push(model.weight.tolist());
        return { accuracy: [0.5, 0.75, 0.25][seen.length - 1]! };
      },
      observers: [...averaged ? [averaging(averages, { atEnd: false })] : [], run],
    });
    assertEquals(showScore("accuracy", run.best!), "test accuracy 75.00 % after epoch 2");
    const load = async (best: boolean, checkpoint?: string): Promise<unknown> => {
      const other = new Linear(1, 1);
      await loadWeights(path, await weightsFile(path, { best, checkpoint }), other, device);
      return other.weight.tolist();
    };
    assertEquals(await load(false), seen[2]);
    assertEquals(await load(true), seen[1]);
    assertEquals(await load(false, "best"), seen[1]);
    assertEquals(await statesOfRun(path), ["state.safetensors", "state.epoch-2.step-2.safetensors"]);
    assertEquals(await load(false, "state.epoch-2.step-2"), seen[1]);
    assertEquals(await load(false, "state.safetensors"), seen[2]);
    assertEquals(averaged, seen[2] !== undefined && String(model.weight.tolist()) !== String(seen[2]));
    assertNotEquals(seen[1], seen[2]);
  }
  assertEquals([MODEL_FILE, BEST_FILE], [
    await weightsFile(path, { best: false, checkpoint: undefined }),
    await weightsFile(path, { best: true, checkpoint: undefined }),
  ]);
  const wrong = (best: boolean, checkpoint: string) => () => weightsFile(path, { best, checkpoint });
  await assertRejects(wrong(true, "best"), UsageError, "--best does not go with --checkpoint");
  // Nothing outside of the folder, whatever its name.
  await Deno.writeTextFile(join(path, "other.safetensors"), "");
  for (const name of ["other", "../best", "config", "config.json"]) {
    await assertRejects(
      wrong(false, name),
      Deno.errors.NotFound,
      `as it has no such file: it has model.safetensors, best.safetensors, state.safetensors, state.epoch-2`,
    );
  }
  await Deno.remove(path, { recursive: true });
});

Deno.test("showScore() shows a loss as a number", () => {
  assertEquals(showScore("loss", { epoch: 1, value: 0.25 }), "test loss 0.2500 after epoch 1");
});
