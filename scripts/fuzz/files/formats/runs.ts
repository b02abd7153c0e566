/** Files of training runs. */
import { join } from "@std/path";
import {
  Adam,
  CONFIG_FILE,
  DataLoader,
  defaultDevice,
  fit,
  loadLastState,
  loadModel,
  loadTrainingState,
  MANIFEST_FILE,
  METRICS_FILE,
  MSELoss,
  NdArray,
  readConfig,
  RunFolder,
  saveTrainingState,
  statesOfRun,
  StepLR,
  TensorDataset,
  type TrainingState,
} from "@troodon/troodon";
import { Linear } from "@troodon/nn";
import {
  commitOf,
  differences,
  drawnDigits,
  farewell,
  findRun,
  listRuns,
  loadWeights,
  openRun,
  readConfigFile,
  readCurve,
  readManifest,
  readSavedConfig,
  replayOptions,
  RunRecord,
  runTable,
  sortRuns,
  weightsFile,
} from "@troodon/cli/tools";
import { count, onOff, text, threeWay, UsageError } from "@troodon/cli/flags";
import type { Bytes, FileFormat, Sample, Structure } from "../file_format.ts";
import { writtenFiles } from "../samples.ts";
import { changedJson, JSON_STRUCTURE } from "../structures/json.ts";
import { SAFETENSORS_HEADER } from "../structures/safetensors.ts";

const CONFIG = {
  model: "mlp",
  dataset: "mnist",
  data: null,
  classes: ["0", "1"],
  normalization: { mean: 0.1307, std: 0.3081 },
  optimizer: { name: "Adam", lr: 0.01 },
  epochs: 2,
};
const STATE = "state.safetensors", EARLIER = "state.epoch-1.step-2.safetensors", MODEL = "model.safetensors";

const COMMAND_FLAGS = {
  epochs: count("Passes", 5),
  offline: onOff("Download nothing"),
  invert: threeWay("Invert"),
  out: text("DIR", "Where", undefined),
};

const makeModel = (): Linear => new Linear(2, 1);

/** Trains for `epochs` epochs, resuming from `resume` if it is given. */
async function train(model: Linear, run: RunFolder, epochs: number, resume?: TrainingState): Promise<void> {
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const x = new NdArray(new Float32Array(6).fill(1), [3, 2]), y = new NdArray(new Float32Array(3), [3, 1]);
  const batches = new DataLoader(new TensorDataset(x, y), { batchSize: 2, shuffle: true });
  try {
    await fit(model, batches, {
      optimizer,
      scheduler: new StepLR(optimizer, { stepSize: 1 }),
      loss: new MSELoss(),
      epochs,
      observers: [run],
      ...(resume && { resume }),
    });
  } catch (error) {
    // A learning rate that is far too large is not an error of the file.
    if (!(error instanceof RangeError && error.message.startsWith("Cannot go on after step"))) throw error;
  } finally {
    optimizer.dispose();
  }
}

/** Returns the files of a run of two epochs, with the names of those to change. */
async function runSample(...changed: readonly string[]): Promise<Sample[]> {
  const files = await writtenFiles(async (folder) => {
    using run = await RunFolder.create(folder, CONFIG, { keep: 2 });
    const model = makeModel();
    await train(model, run, 2);
    await run.saveModel(model);
    await Deno.writeTextFile(join(folder, "run.lock"), "4711\n");
    model.dispose();
  });
  files.set("run.lock", new TextEncoder().encode("4711\n"));
  return changed.map((name) => ({ name, files, changed: [name] }));
}

/** Returns the files of a run that a list reads, with a manifest. */
async function listedSample(): Promise<Sample[]> {
  const [{ files }] = await runSample(STATE) as [Sample];
  const manifest = await writtenFiles(async (folder) => {
    const data = { root: folder, files: 1, bytes: 2, read: 2, sha256: "a".repeat(64) };
    const origin = { flags: ["--lr", "0.1", "--model", "mlp"], dataset: "mnist", data, seed: 1 };
    const record = await RunRecord.begin(
      folder,
      { ...origin, versions: { Deno: "2" }, device: "cpu", commit: null },
      3,
      null,
    );
    await record.end("finished", null);
  });
  const all = new Map([...files, ...manifest]);
  return [MANIFEST_FILE, METRICS_FILE, CONFIG_FILE].map((name) => ({ name, files: all, changed: [name] }));
}

/** Changes a state, and updates its digest. */
const STATE_VALUES: Structure = {
  name: "state with its digest",
  change: async (bytes, random) => {
    const path = await Deno.makeTempFile();
    try {
      await Deno.writeFile(path, bytes);
      const { tensors, ...plain } = await loadTrainingState(path),
        text = changedJson(JSON.stringify(plain), random);
      if (text === null) return null;
      const changed: unknown = JSON.parse(text);
      if (typeof changed !== "object" || changed === null) return null;
      await saveTrainingState(path, { ...changed as Omit<TrainingState, "tensors">, tensors });
      return await Deno.readFile(path) as Bytes;
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof RangeError) return null;
      throw error;
    } finally {
      await Deno.remove(path);
    }
  },
};

/** Formats of training runs. */
export const RUN_FORMATS: readonly FileFormat[] = [
  {
    name: "configuration of a run",
    readers: [
      "train.readConfig",
      "packages/train/run_files.ts",
      "packages/cli/commands/bisect.ts",
      "packages/cli/run/saved_run.ts",
      "packages/cli/images/drawn.ts",
    ],
    samples: () => runSample("config.json"),
    read: async (folder) => {
      await readConfig(folder);
      await drawnDigits({ resume: "", out: folder, model: "mlp", limit: 100 });
      return await readSavedConfig(folder);
    },
    proof: { kind: "none", why: "people may edit it" },
    structures: [JSON_STRUCTURE],
  },
  {
    name: "model of a run",
    readers: ["train.loadModel"],
    samples: () => runSample(MODEL),
    read: async (folder) => {
      const model = makeModel();
      try {
        await loadModel(folder, model, defaultDevice());
      } catch (error) {
        model.dispose();
        throw error;
      }
      return model;
    },
    proof: { kind: "checksum" },
    structures: [SAFETENSORS_HEADER],
  },
  {
    name: "state of a run",
    readers: ["train.loadTrainingState", "packages/cli/run/resume.ts"],
    samples: () => runSample(STATE),
    read: async (folder) => await loadTrainingState(join(folder, STATE)),
    proof: { kind: "checksum" },
    structures: [SAFETENSORS_HEADER],
  },
  {
    name: "last states of a run",
    readers: [
      ...["train.loadLastState", "train.statesOfRun", "packages/train/checkpoints/state_files.ts"],
      ...["packages/cli/run/checkpoint.ts", "packages/cli/run/interruption.ts"],
    ],
    samples: async () => {
      const [{ files }] = await runSample(STATE) as [Sample];
      return [STATE, EARLIER].map((name) => ({ name, files, changed: [name] }));
    },
    read: async (folder) => {
      await farewell(folder, []);
      const found = await loadLastState(folder);
      if (found === null || found.damaged.length > (await statesOfRun(folder)).length) return null;
      if (found.damaged.length > 0) throw found.damaged[0]!.error;
      const model = makeModel();
      try {
        for (const checkpoint of [STATE, EARLIER]) {
          const file = await weightsFile(folder, { best: false, checkpoint });
          await loadWeights(folder, file, model, defaultDevice()).catch((error) => {
            if (checkpoint === STATE) throw error;
          });
        }
      } finally {
        model.dispose();
      }
      return found.state;
    },
    proof: { kind: "checksum" },
    structures: [SAFETENSORS_HEADER],
  },
  {
    name: "run that goes on",
    readers: [
      "train.loadTrainingState",
      "train.RunFolder.resume",
      "packages/cli/run/resume.ts",
    ],
    samples: () => runSample(STATE),
    read: async (folder) => {
      const place = await findRun({ resume: join(folder, STATE), out: undefined, force: false }, "");
      const opened = await openRun(place, CONFIG, 3);
      if (opened === null) return null;
      using run = opened.run;
      const model = makeModel();
      try {
        await train(model, run, 3, opened.state ?? undefined);
      } finally {
        model.dispose();
      }
      return null;
    },
    proof: { kind: "checksum" },
    structures: [STATE_VALUES, STATE_VALUES, STATE_VALUES],
  },
  {
    name: "manifest of a run",
    readers: ["packages/cli/run/manifest.ts", "packages/cli/commands/replay.ts"],
    samples: async () => (await listedSample()).filter(({ name }) => name === MANIFEST_FILE),
    read: async (folder) => {
      const manifest = await readManifest(folder);
      return [
        differences(manifest, { ...manifest, device: "webgpu" }),
        replayOptions(folder, manifest, "", true),
      ];
    },
    proof: { kind: "none", why: "people may edit it" },
    structures: [JSON_STRUCTURE],
  },
  {
    name: "metrics of a run",
    readers: ["packages/cli/run/curve.ts"],
    samples: async () => (await listedSample()).filter(({ name }) => name === METRICS_FILE),
    read: async (folder) => await readCurve(folder),
    proof: { kind: "none", why: "a line that is half written is that of a run that was killed" },
    structures: [],
  },
  {
    name: "flags of a command",
    readers: ["packages/cli/flags/config_file.ts"],
    samples: () => {
      const text = '{ "epochs": 3, "offline": true, "invert": "auto", "out": "runs/a" }\n';
      const files = new Map([["flags.json", new TextEncoder().encode(text)]]);
      return Promise.resolve([{ name: "flags", files, changed: ["flags.json"] }]);
    },
    read: (folder) =>
      readConfigFile(join(folder, "flags.json"), COMMAND_FLAGS).catch((error) => {
        throw error instanceof UsageError ? new TypeError(`Cannot take flags as ${error.message}`) : error;
      }),
    proof: { kind: "none", why: "people write it" },
    structures: [JSON_STRUCTURE],
  },
  {
    name: "runs in a list",
    readers: ["packages/cli/run/run_list.ts"],
    samples: listedSample,
    read: async (folder) => {
      const runs = sortRuns(await listRuns(folder), "accuracy");
      runTable(runs, 60);
      const fault = runs.find((run) => run.fault !== null)?.fault;
      if (fault != null) throw new TypeError(fault);
      return runs.map(({ when: _, ...run }) => run);
    },
    proof: { kind: "none", why: "people may edit these files" },
    structures: [],
  },
  {
    name: "commit of a repository",
    readers: ["packages/cli/run/git_commit.ts"],
    samples: () => {
      const text = (lines: string): Bytes => new TextEncoder().encode(lines);
      const files = new Map([
        [".git/HEAD", text("ref: refs/heads/main\n")],
        [".git/packed-refs", text(`# pack-refs\n${"1".repeat(40)} refs/heads/main\n`)],
      ]);
      return Promise.resolve([...files.keys()].map((name) => ({ name, files, changed: [name] })));
    },
    read: async (folder) => await commitOf(folder),
    proof: { kind: "none", why: "these are texts of another program" },
    structures: [],
  },
  {
    name: "lock of a run",
    readers: [
      ...["train.RunFolder.create", "train.filesOfRun"],
      "packages/train/run_lock.ts",
    ],
    samples: () => runSample("run.lock", "metrics.jsonl"),
    read: async (folder) => {
      using _ = await RunFolder.create(folder, CONFIG, { force: true });
      return null;
    },
    proof: { kind: "none", why: "no program reads a value from it" },
    structures: [],
  },
];
