/** The real programs, as processes: a tiny training run from files to predictions. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { Device, ReferenceBackend } from "@troodon/core";
import { loadSafetensors } from "@troodon/serialization";
import { RunFolder } from "@troodon/train";
import { command, DEVICE, folder, metricsOf, ok, run, TRAIN, writeDigits } from "./program_folder.ts";

const BOARD = ["--tensorboard", "runs/board"];

Deno.test({
  name: "programs",
  async fn(t) {
    await writeDigits();

    await t.step("train --dry-run trains on one batch and writes nothing", async () => {
      const stdout = await ok("train", ...TRAIN, "--dry-run", "--out", "runs/dry");
      assertMatch(stdout, /Dry run: loss [\d.]+ of a batch, [\d.]+ of a test batch/);
      assertEquals((await Array.fromAsync(Deno.readDir(folder))).filter(({ name }) => name === "runs"), []);
    });

    await t.step(
      "train --overfit --early-stop learns from a batch until nothing improves, and stays ended",
      async () => {
        const flags = [
          "--overfit",
          "1",
          "--early-stop",
          "2",
          "--clip",
          "1",
          "--lr",
          "0",
          "--out",
          "runs/few",
        ];
        const stdout = await ok("train", ...TRAIN, ...flags, "--epochs", "9");
        assertStringIncludes(stdout, "Overfitting: 1 batches for training and test");
        assertStringIncludes(stdout, "Ended early: accuracy has not improved in 2 epochs");
        const read = async (name: string) =>
          JSON.parse(await Deno.readTextFile(join(folder, "runs/few", name)));
        const { overfit, earlyStop, clip, scheduler } = await read("config.json");
        assertEquals([overfit, earlyStop, clip, scheduler.totalSteps], [1, 2, 1, 9]);
        const scores = (await metricsOf("runs/few")).filter((line) => "accuracy" in line);
        assertEquals(scores.map(({ epoch }) => epoch), [1, 2, 3]);
        // The test is of the batch that was learnt, with the same weights as nothing changes them.
        for (const { loss, testLoss } of scores) assertAlmostEquals(loss!, testLoss!, 1e-5);
        assertEquals((await read("manifest.json")).status, "finished");
        await ok("train", ...TRAIN, ...flags, "--epochs", "9", "--resume");
        assertEquals((await metricsOf("runs/few")).filter((line) => "accuracy" in line).length, 3);
      },
    );

    await t.step("train writes a run", async () => {
      const stdout = await ok("train", ...TRAIN, "--epochs", "2", "--seed", "3", "--out", "runs/a", ...BOARD);
      assertStringIncludes(stdout, "mnist: 200 training images in 10 batches of 20, 40 test images");
      assertMatch(stdout, /epoch 1 {2}step 5 {2}loss \d\.\d{4}/);
      assertMatch(stdout, /epoch 2\/2 .* test accuracy \d+\.\d\d %/);
      const [events] = [...Deno.readDirSync(join(folder, "runs/board"))];
      const board = new TextDecoder("latin1").decode(
        await Deno.readFile(join(folder, "runs/board", events!.name)),
      );
      for (const tag of ["Linear[fc2]", "loss/train", "learning_rate", "score/accuracy"]) {
        assertStringIncludes(board, tag);
      }
      const metrics = await metricsOf("runs/a");
      assertEquals(metrics.map((line) => Object.keys(line)), [
        ["step", "epoch", "lr", "loss"],
        ["step", "epoch", "lr", "loss"],
        ["epoch", "seconds", "lr", "loss", "accuracy", "testLoss"],
        ["step", "epoch", "lr", "loss"],
        ["step", "epoch", "lr", "loss"],
        ["epoch", "seconds", "lr", "loss", "accuracy", "testLoss"],
      ]);
      assertEquals(metrics.map(({ step, epoch }) => [step, epoch]), [
        [5, 1],
        [10, 1],
        [undefined, 1],
        [15, 2],
        [20, 2],
        [undefined, 2],
      ]);
      assert(metrics[5]!["loss"]! < metrics[2]!["loss"]!);
      const config = JSON.parse(await Deno.readTextFile(join(folder, "runs/a/config.json")));
      const data = join(await Deno.realPath(folder), "idx");
      assertEquals([config.model, config.dataset, config.data, config.seed], ["mlp", "mnist", data, 3]);
      assertEquals([config.epochs, config.batchSize, config.shift], [2, 20, 1]);
      assertEquals([config.scheduler.name, config.scheduler.totalSteps], ["OneCycleLR", 20]);
      const device = new Device(new ReferenceBackend());
      const { tensors } = await loadSafetensors(join(folder, "runs/a/model.safetensors"), { device });
      assertEquals([...tensors].map(([name, { shape }]) => [name, ...shape]), [
        ["fc1.bias", 256],
        ["fc1.weight", 256, 784],
        ["fc2.bias", 10],
        ["fc2.weight", 10, 256],
      ]);
    });

    await t.step("evaluate agrees with train, and with itself in JSON", async () => {
      const last = (await metricsOf("runs/a")).at(-1)!;
      const result = JSON.parse(await ok("evaluate", "runs/a", "--device", DEVICE, "--json"));
      assertEquals(result.accuracy, last["accuracy"]);
      assertEquals(result.count, 40);
      assertEquals(result.confusion.flat().reduce((a: number, b: number) => a + b), 40);
      assertEquals(result.misclassified.length, Math.round(40 * (1 - result.accuracy)));
      const text = await ok("evaluate", "runs/a", "--device", DEVICE);
      assertStringIncludes(text, `accuracy ${(100 * result.accuracy).toFixed(2)} % of 40`);
      const { index, prediction, truth } = result.misclassified[0];
      assertStringIncludes(text, `index ${index}: predicted ${prediction}, is ${truth}`);
    });

    await t.step("evaluate names the files of an image folder", async () => {
      const args = ["runs/a", "--dataset", "image-folder", "--data", "png", "--device", DEVICE, "--json"];
      const result = JSON.parse(await ok("evaluate", ...args));
      assertEquals(result.count, 40);
      assertEquals(result.accuracy, (await metricsOf("runs/a")).at(-1)!["accuracy"]);
      for (const { path, truth } of result.misclassified) assertStringIncludes(path, `png/test/${truth}/`);
    });

    await t.step("predict gives the probability of each class", async () => {
      const [digit] = [...Deno.readDirSync(join(folder, "png/test/3"))];
      const file = `png/test/3/${digit!.name}`;
      const text = await ok("predict", "runs/a", file, file, "--device", DEVICE);
      assertEquals(text.split("\n").filter((line) => line.startsWith(file)).length, 2);
      const [result] = JSON.parse(await ok("predict", "runs/a", file, "--device", DEVICE, "--json"));
      const values = Object.values<number>(result.probabilities);
      assertEquals(values.length, 10);
      assert(Math.abs(values.reduce((a, b) => a + b) - 1) < 1e-5);
      assertEquals(result.probabilities[result.prediction], Math.max(...values));
      const [inverted] = JSON.parse(
        await ok("predict", "runs/a", file, "--device", DEVICE, "--json", "--invert"),
      );
      assertNotEquals(inverted.probabilities, result.probabilities);
    });

    await t.step("train does the same for the same seed", async () => {
      const losses = async (name: string, ...args: string[]) => {
        await ok("train", ...TRAIN, "--epochs", "1", "--limit", "100", "--out", name, "--force", ...args);
        return (await metricsOf(name)).map(({ loss, accuracy }) => [loss, accuracy]);
      };
      const first = await losses("runs/b", "--seed", "1");
      assertEquals(await losses("runs/c", "--seed", "1"), first);
      assertNotEquals(await losses("runs/c", "--seed", "2"), first);
    });

    await t.step("train goes on after a kill as if there had been none", async () => {
      const epochs = ["--epochs", "40", "--lr", "0.001"];
      await ok("train", ...TRAIN, ...epochs, "--out", "runs/whole");
      const stateFile = join(folder, "runs/killed/state.safetensors");
      const killed = command("train", [...TRAIN, ...epochs, "--out", "runs/killed", "--resume"]).spawn();
      const ended = killed.output();
      const isThere = () => Deno.stat(stateFile).then(() => true, () => false);
      while (!await isThere()) await new Promise((resolve) => setTimeout(resolve, 1));
      killed.kill("SIGKILL");
      const { signal, stderr } = await ended;
      assertEquals(signal, "SIGKILL");
      assertStringIncludes(
        new TextDecoder().decode(stderr),
        "No state.safetensors in runs/killed: beginning",
      );
      const stdout = await ok("train", ...TRAIN, ...epochs, "--out", "runs/killed", "--resume");
      assertMatch(stdout, /^Going on from runs\/killed\/state.safetensors after step \d+0, in epoch \d+$/m);
      const untimed = async (name: string) =>
        (await metricsOf(name)).map(({ seconds, ...rest }) => [typeof seconds, rest]);
      assertEquals(await untimed("runs/killed"), await untimed("runs/whole"));
      const model = (name: string) => Deno.readFile(join(folder, name, "model.safetensors"));
      assertEquals(await model("runs/killed"), await model("runs/whole"));
      assertStringIncludes(
        await ok("train", ...TRAIN, ...epochs, "--resume", "runs/killed/state.safetensors"),
        "All 40 epochs of runs/killed are done: more --epochs go on",
      );
    });

    await t.step(
      "train goes on from the state before a damaged one, and evaluate scores the best model",
      async () => {
        const args = [...TRAIN, "--out", "runs/kept", "--keep", "3", "--save-every", "4", "--epochs"];
        assertMatch(await ok("train", ...args, "2"), /^Best: test accuracy \d\d\.\d\d % after epoch [12]$/m);
        const names = [
          ..."14 18".split(" ").map((n) => `state.epoch-2.step-${n}.safetensors`),
          "state.safetensors",
        ];
        const inFolder = Array.from(Deno.readDirSync(join(folder, "runs/kept")), ({ name }) => name).sort();
        assertEquals(inFolder.filter((name) => name.startsWith("state")), names);
        const before = await metricsOf("runs/kept");
        await Deno.truncate(join(folder, "runs/kept/state.safetensors"), 10_000);
        const { code, stdout, stderr } = await run("train", ...args, "2", "--resume");
        assertEquals(code, 0, stderr);
        assertStringIncludes(stderr, "The last good state of runs/kept is state.epoch-2.step-18.safetensors");
        assertStringIncludes(
          stdout,
          "Going on from runs/kept/state.epoch-2.step-18.safetensors after step 18",
        );
        const untimed = (lines: Record<string, number>[]) => lines.map(({ seconds: _, ...rest }) => rest);
        assertEquals(untimed(await metricsOf("runs/kept")), untimed(before));
        const { accuracy } = JSON.parse(
          await ok("evaluate", "runs/kept", "--best", "--device", DEVICE, "--json"),
        );
        assertEquals(accuracy, Math.max(...before.map(({ accuracy = 0 }) => accuracy)));
      },
    );

    await t.step(
      "replay runs a run again and finds the first line that differs, and runs lists both",
      async () => {
        const args = ["runs/a", "--out", "runs/again"];
        assertStringIncludes(
          await ok("replay", ...args),
          "Saved runs/again: deno task evaluate runs/again\nEqual to the digit: all 6 lines of metrics.jsonl\n",
        );
        const file = join(folder, "runs/a/metrics.jsonl"), manifest = join(folder, "runs/a/manifest.json");
        const [metrics, text] = [await Deno.readTextFile(file), await Deno.readTextFile(manifest)];
        const lines = metrics.split("\n");
        lines[3] = lines[3]!.replace(/\d}$/, (end) => end === "5}" ? "6}" : "5}");
        await Deno.writeTextFile(file, lines.join("\n"));
        await Deno.writeTextFile(
          manifest,
          text.replace(/("Deno": )"[^"]+"/, '$1"2.0.0"').replace(
            /"sha256": "..../,
            (start) => `${start.slice(0, -4)}0000`,
          ),
        );
        const { code, stdout } = await run("replay", ...args, "--force");
        assertEquals(code, 1);
        assertMatch(
          stdout,
          /^Differs from the run: Deno 2\.0\.0, now .*\nDiffers from the run: data SHA-256 0000/,
        );
        assertMatch(
          stdout,
          /Line 4 of metrics.jsonl differs, after 3 that are equal:\n {2}was {"step":15,.*\n {2}is {2}{"step":15,/,
        );
        await Deno.writeTextFile(file, metrics);
        await Deno.writeTextFile(manifest, text);
        const table = await ok("runs", "--sort", "name");
        assertMatch(
          table,
          /^name +model +data +epochs +accuracy +loss +when +state\na +mlp +mnist +2\/2 .* finished\nagain +.* 1\/2 .* interrupted\n/,
        );
        const listed: { name: string; accuracy: number }[] = JSON.parse(await ok("runs", "runs", "--json"));
        const best = Math.max(...(await metricsOf("runs/a")).map(({ accuracy = 0 }) => accuracy));
        assertEquals(listed.find(({ name }) => name === "a")?.accuracy, best);
        assertStringIncludes(await ok("runs", "idx"), "No runs in idx: deno task train makes one");
      },
    );

    await t.step("train goes on with more epochs", async () => {
      const args = [...TRAIN, "--schedule", "step", "--out"];
      await ok("train", ...args, "runs/three", "--epochs", "3");
      await ok("train", ...args, "runs/grown", "--epochs", "1");
      await ok("train", ...args, "runs/grown", "--epochs", "3", "--resume");
      const losses = async (name: string) => (await metricsOf(name)).map(({ loss }) => loss);
      assertEquals(await losses("runs/grown"), await losses("runs/three"));
      // A cycle is that of the longer run from then on.
      const cycle = [...TRAIN, "--out", "runs/cycle", "--epochs"];
      await ok("train", ...cycle, "1");
      await ok("train", ...cycle, "2", "--resume");
      assertEquals((await metricsOf("runs/cycle")).length, 6);
    });

    await t.step(
      "train ends where it diverges, saves nothing of that, and goes on with a smaller rate",
      async () => {
        const args = [...TRAIN, "--out", "runs/grown", "--schedule", "step", "--epochs", "4", "--resume"];
        const names = ["model.safetensors", "state.safetensors"];
        const saved = () => Promise.all(names.map((name) => Deno.readFile(join(folder, "runs/grown", name))));
        const before = await saved();
        const { code, stdout, stderr } = await run("train", ...args, "--lr", "1e10", "--log-every", "100000");
        assertEquals(code, 1);
        assertMatch(
          stdout,
          /after step 30, in epoch 4, with --lr 10000000000 where the run had 0.001 and --epochs 4/,
        );
        assertMatch(stderr, /Error: Cannot .* smaller (--lr|learning rate) may help/);
        assertEquals(await saved(), before);
        assertStringIncludes(
          await ok("train", ...args, "--lr", "1e-4"),
          "with --lr 0.0001 where the run had 0.001",
        );
      },
    );

    await t.step("train writes no run that somebody else writes", async () => {
      using _ = await RunFolder.create(join(folder, "runs/held"), {});
      const { code, stderr } = await run("train", ...TRAIN, "--out", "runs/held", "--force");
      assertEquals(code, 1);
      assertStringIncludes(stderr, `Cannot write the run runs/held as the process ${Deno.pid} does`);
    });

    await t.step("train draws digits where there are no data, and says so", async () => {
      const args = ["--offline", "--limit", "40", "--epochs", "1", "--model", "lenet", "--device", DEVICE];
      const { code, stdout, stderr } = await run("train", ...args);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, "using GENERATED digits");
      assertStringIncludes(stdout, "generated: 40 training images in 1 batches of 64");
      const config = JSON.parse(await Deno.readTextFile(join(folder, "runs/generated-lenet/config.json")));
      assertEquals([config.dataset, config.data], ["generated", null]);
    });

    await t.step("train takes the CPU where there is no GPU, and says why", async () => {
      const { code, stderr } = await run(
        "train",
        ...TRAIN,
        "--limit",
        "40",
        "--epochs",
        "1",
        "--device",
        "auto",
      );
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /^Using cpu: .* \(no adapter was found; .*native BLAS.*\)$/m);
    });
  },
});
