/** Full disks: files of before stay whole, and training goes on where it is told to. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { isDiskFull, writeAtomically } from "@troodon/io";
import { Linear, MSELoss } from "@troodon/nn";
import { Adam } from "@troodon/optim";
import { fit, loadLastState, loadModel, METRICS_FILE, readConfig, RunFolder } from "@troodon/train";
import { readManifest } from "@troodon/cli/tools";
import { withSmallDisk } from "./small_disk.ts";

const names = (path: string): string[] => Array.from(Deno.readDirSync(path), ({ name }) => name).sort();

Deno.test("writeAtomically() keeps the old file on a full disk, leaves nothing beside it, and says how much is missing", async () => {
  await withSmallDisk(100_000, async (root) => {
    const path = join(root, "a");
    await writeAtomically(path, new Uint8Array(30_000).fill(1));
    const error = await assertRejects(() => writeAtomically(path, new Uint8Array(90_000)), RangeError);
    assert(isDiskFull(error));
    assertEquals(
      error.message.replace(/[\d.]+ kB are missing/, "# are missing"),
      `Cannot write ${path} as the disk must have room for 90.0 kB: it is full, and # are missing`,
    );
    assertEquals(await Deno.readFile(path), new Uint8Array(30_000).fill(1));
    assertEquals(names(root), ["a"]);
  });
});

/** Fills a disk to the last byte, until the file is removed. */
function fill(root: string): Disposable {
  const path = join(root, "filler"), file = Deno.openSync(path, { write: true, create: true });
  for (const size of [4096, 1]) {
    try {
      for (const piece = new Uint8Array(size);;) file.writeSync(piece);
    } catch {
      // It is full.
    }
  }
  file.close();
  return { [Symbol.dispose]: () => Deno.removeSync(path) };
}

interface Trained {
  readonly path: string;
  readonly said: readonly string[];
  readonly unsaved: readonly string[];
  readonly error: unknown;
}

/** Trains for four epochs on a disk that is full in some of them. */
async function train(path: string, root: string, full: readonly number[], goesOn: boolean): Promise<Trained> {
  setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
  manualSeed(1);
  const model = new Linear(40, 40), optimizer = new Adam(model.parameters()), said: string[] = [];
  using run = await RunFolder.create(path, { lr: 1 }, {
    monitor: "loss",
    keep: 2,
    onFullDisk: goesOn ? "continue" : "stop",
    log: (line) => void said.push(line),
  });
  let filled: Disposable | null = null, error: unknown = null;
  try {
    await fit(model, [[ones([4, 40]), ones([4, 40])]], {
      optimizer,
      loss: new MSELoss(),
      epochs: 4,
      logEvery: 1,
      observers: [{
        onBatch({ epoch }) {
          if (full.includes(epoch)) filled ??= fill(root);
          else {
            filled?.[Symbol.dispose]();
            filled = null;
          }
        },
        // Larger than what is left of the last page of the file.
        onLog: ({ epoch }) => run.log({ epoch, ["long".repeat(1500)]: 0 }),
      }, run],
    });
  } catch (thrown) {
    error = thrown;
  } finally {
    (filled as Disposable | null)?.[Symbol.dispose]();
  }
  return { path, said, unsaved: run.unsaved, error };
}

/** Contents of the files of a run without times. */
async function contentsOf(path: string): Promise<unknown> {
  const text = await Deno.readTextFile(join(path, METRICS_FILE));
  const lines = text.trimEnd().split("\n").map((line) => ({ ...JSON.parse(line), seconds: 0 }));
  const model = new Linear(40, 40), models: unknown[] = [];
  for (const file of ["model.safetensors", "best.safetensors"]) {
    await loadModel(path, model, model.weight.device, { file });
    models.push(model.weight.tolist());
  }
  const { state: { position, tensors } } = (await loadLastState(path))!;
  return { lines, models, step: position.step, tensors: [...tensors] };
}

Deno.test("RunFolder goes on over a full disk, tries again, and has all that an undisturbed run has", async () => {
  await withSmallDisk(400_000, async (root) => {
    const whole = await train(join(root, "whole"), root, [], true);
    assertEquals([whole.said, whole.unsaved, whole.error], [[], [], null]);
    const wanted = await contentsOf(whole.path);
    for (const full of [[2], [2, 3], [3]]) {
      const { path, said, unsaved, error } = await train(
        join(root, `full${full.join("")}`),
        root,
        full,
        true,
      );
      assertEquals([unsaved, error], [[], null]);
      assertEquals(said.map((line) => line.replace(/^.*\/|\d[\d.]* (kB|bytes)/g, "#")), [
        "#metrics.jsonl as the disk must have room for #: it is full, and # are missing. Training goes on, and tries again at the next state",
        "There is room on the disk again: everything is saved",
      ]);
      assertEquals(await contentsOf(path), wanted);
      await Deno.remove(path, { recursive: true });
    }
  });
});

Deno.test("RunFolder keeps its files whole on a full disk, and ends where it is not told to go on", async () => {
  await withSmallDisk(400_000, async (root) => {
    const { path, said, error } = await train(join(root, "run"), root, [2], false);
    assert(isDiskFull(error) && error instanceof RangeError, String(error));
    assertEquals(said, []);
    assertEquals((await loadLastState(path))?.state.position.step, 1);
    await contentsOf(path);
    assertEquals(await readConfig(path), { lr: 1 });
    // Neither a new configuration nor the metrics of the state fit: those of before stay, and the lock goes.
    const { state } = (await loadLastState(path))!,
      before = await Deno.readTextFile(join(path, METRICS_FILE));
    using _ = fill(root);
    const resumed = await assertRejects(() => RunFolder.resume(path, { lr: 2 }, state), RangeError);
    assert(isDiskFull(resumed));
    assertEquals([await readConfig(path), await Deno.readTextFile(join(path, METRICS_FILE))], [
      { lr: 1 },
      before,
    ]);
    assertEquals(names(path), [
      "best.safetensors",
      "config.json",
      METRICS_FILE,
      "model.safetensors",
      "state.safetensors",
    ]);
  });
});

Deno.test("train says what a full disk lacks, keeps its state, and trains to the end with --on-full-disk continue", async () => {
  // Room for a model, the best one and one state, and not for the draft of the next state.
  await withSmallDisk(6_000_000, async (root) => {
    const script = fromFileUrl(new URL("../scripts/train.ts", import.meta.url));
    const flags = [
      "--dataset",
      "generated",
      "--limit",
      "64",
      "--model",
      "mlp",
      "--device",
      "cpu",
      "--epochs",
      "3",
    ];
    for (const [policy, steps] of [["stop", 2], ["continue", 3]] as const) {
      const out = join(root, policy);
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", script, ...flags, "--out", out, "--on-full-disk", policy],
        env: { NO_COLOR: "1" },
      }).output();
      const [shown, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals([code, shown!.match(/^epoch/gm)?.length], [1, steps], errors);
      const missing = `Cannot write ${
        join(out, "state.safetensors")
      } as the disk must have room for 3.3 MB: it is full`;
      assertStringIncludes(errors!, policy === "stop" ? `Error: ${missing}` : missing);
      assertStringIncludes(
        errors!,
        policy === "stop" ? "with more room --resume goes on" : "Error: Cannot save state",
      );
      assertEquals((await loadLastState(out))?.state.position.step, 1);
      assertEquals((await readManifest(out)).status, "failed");
      assertEquals(names(out).filter((name) => /tmp|lock/.test(name)), []);
      await Deno.remove(out, { recursive: true });
    }
  });
});
