/** Mistakes in calls of the programs: an exit code and one message. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DEVICE, folder, ok, run, TRAIN, writeDigits } from "./program_folder.ts";

Deno.test("mistakes have an exit code and a message", async () => {
  await writeDigits();
  await ok("train", ...TRAIN, "--epochs", "1", "--out", "runs/a");
  await ok("train", ...TRAIN, "--schedule", "step", "--epochs", "1", "--out", "runs/three");
  const fails = async (code: number, message: string, ...args: Parameters<typeof run>) => {
    const result = await run(...args);
    assertEquals([result.code, result.stdout], [code, ""], result.stderr);
    assertStringIncludes(result.stderr, message);
  };
  await fails(2, "Unknown flag: --epoch", "train", "--epoch", "3");
  const anew = [...TRAIN, "--out", "runs/new"];
  await fails(2, "--momentum does not go", "train", ...anew, "--momentum", "0.5");
  await fails(
    2,
    "do not go with --schedule",
    "train",
    ...anew,
    "--schedule",
    "one-cycle",
    "--lr-step",
    "2",
  );
  await fails(2, "needs --data DIR", "train", "--dataset", "image-folder");
  await fails(
    1,
    "Cannot write the run elsewhere/a as it must be",
    "train",
    ...TRAIN,
    "--out",
    "elsewhere/a",
  );
  const kept = async () => {
    const files = await Array.fromAsync(
      Deno.readDir(join(folder, "runs/a")),
      async ({ name }) => [name, await Deno.readFile(join(folder, "runs/a", name))] as const,
    );
    return new Map(files);
  };
  const before = await kept();
  await fails(1, "as another one is in it: config.json", "train", ...TRAIN, "--out", "runs/a");
  assertEquals(await kept(), before);
  const state = "runs/three/state.safetensors";
  await fails(
    2,
    "--out does not go with --resume FILE",
    "train",
    ...TRAIN,
    "--resume",
    state,
    "--out",
    "x",
  );
  await fails(
    1,
    "nothing.safetensors as it is not there",
    "train",
    ...TRAIN,
    "--resume",
    "nothing.safetensors",
  );
  const differs = async (message: string, ...args: string[]) => {
    const before = await Deno.readFile(join(folder, "runs/three/metrics.jsonl"));
    await fails(1, message, "train", ...TRAIN, "--schedule", "step", "--resume", state, ...args);
    assertEquals(await Deno.readFile(join(folder, "runs/three/metrics.jsonl")), before);
  };
  await differs("of the same run: it has --model mlp and not --model lenet", "--model", "lenet");
  const whole = await Deno.readFile(join(folder, state));
  whole[whole.length - 1]! ^= 1;
  await Deno.writeFile(join(folder, state), whole);
  await differs(`Cannot go on from ${state} as it is damaged`);
  await Deno.writeFile(join(folder, state), whole.subarray(1000));
  await differs(state);
  await differs("Cannot read runs/three/config.json as its header", "--resume", "runs/three/config.json");
  await fails(2, "folder of a run is missing", "evaluate");
  await fails(2, "folder of a run is missing", "replay");
  await fails(1, "Cannot read the manifest of the run png as it has no manifest.json", "replay", "png");
  await fails(1, "Cannot list the runs in none as there is no such folder", "runs", "none");
  await fails(2, "Images are missing", "predict", "runs/a");
  await fails(1, "no config.json", "evaluate", "png");
  await fails(1, "no GPU has that name", "train", ...TRAIN, "--device", "abacus");
  await fails(1, "no adapter was found", "train", ...TRAIN, "--device", "webgpu");
  const images = ["--dataset", "image-folder", "--data", "png", "--device", DEVICE];
  await fails(1, "must have the same classes: 3 in the test images alone", "train", ...images);
  await fails(1, "png/test has neither", "train", "--data", "png/test", "--device", DEVICE, "--offline");
  await fails(
    1,
    "config.json: it does not begin",
    "predict",
    "runs/a",
    "runs/a/config.json",
    "--device",
    DEVICE,
  );
});
