import {
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import {
  Device,
  fit,
  Linear,
  MSELoss,
  ones,
  ReferenceBackend,
  RunFolder,
  setDefaultDevice,
  STATE_FILE,
  tape,
} from "@troodon/troodon";
import { UsageError } from "../flags/options.ts";
import { createRecipe, type RecipeOptions } from "../network/recipe.ts";
import { findRun, openRun, rateFor } from "./resume.ts";
import { checkSameRun } from "./same_run.ts";

setDefaultDevice(new Device(new ReferenceBackend(), { tape }));

const RECIPE: RecipeOptions = {
  ...{ epochs: 1, "batch-size": 4, optimizer: "sgd", lr: undefined, momentum: 0, "weight-decay": undefined },
  ...{ schedule: "step", "lr-step": undefined, "lr-gamma": 0.5, average: "last", clip: undefined },
};

/** Trains as the program does; returns the learning rate of each step, or null if the run needs no more steps. */
async function train(
  out: string,
  options: Partial<RecipeOptions>,
  resume?: string,
): Promise<number[] | null> {
  const place = await findRun({ out, resume, force: false }, "unused"), model = new Linear(1, 1);
  const given = { ...RECIPE, ...options };
  const { parts, config } = createRecipe(model, { ...given, lr: rateFor(place, options.lr) }, 1);
  const opened = await openRun(place, config, given.epochs);
  if (opened === null) return null;
  using run = opened.run;
  const rates: number[] = [];
  await fit(model, [[ones([4, 1]), ones([4, 1])]], {
    ...parts,
    loss: new MSELoss(),
    ...(opened.state && { resume: opened.state }),
    observers: [
      { onBeforeStep: () => void rates.push(parts.optimizer.paramGroups[0]!.lr) },
      ...parts.observers,
      run,
    ],
  });
  return rates;
}

/** Captures the output of `console.log` while `f` runs. */
async function heard(f: () => Promise<unknown>): Promise<string> {
  const { log } = console, lines: unknown[] = [];
  console.log = (line: unknown) => void lines.push(line);
  try {
    await f();
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

Deno.test("openRun() goes on with the learning rate of the run, or with another one, and says so", async () => {
  const root = await Deno.makeTempDir(), out = join(root, "run");
  assertEquals(await train(out, { lr: 0.4, epochs: 2 }), [0.4, 0.2]);
  assertEquals(await train(out, { epochs: 2 }, ""), null);
  const same = await heard(async () => assertEquals(await train(out, { epochs: 3 }, ""), [0.1]));
  assertEquals(
    same,
    `Going on from ${join(out, STATE_FILE)} after step 2, in epoch 3, with --epochs 3 where the run had 2`,
  );
  // As if the rate had been a tenth from the beginning.
  const other = await heard(async () => {
    const rates = await train(out, { lr: 0.04, epochs: 5 }, "");
    [0.005, 0.0025].forEach((rate, i) => assertAlmostEquals(rates![i]!, rate, 1e-12));
  });
  assertStringIncludes(other, "with --lr 0.04 where the run had 0.4 and --epochs 5 where the run had 3");
  // That rate is the one of the run from then on.
  const again = await train(out, { epochs: 6 }, join(out, STATE_FILE)).catch((error) => error);
  assertStringIncludes(String(again), "--out does not go with --resume FILE");
  const rates = await train(out, { epochs: 6 }, "");
  assertAlmostEquals(rates![0]!, 0.00125, 1e-12);
  await Deno.remove(root, { recursive: true });
});

Deno.test("openRun() goes through the cycle of another learning rate", async () => {
  const root = await Deno.makeTempDir(), cycle = { schedule: "one-cycle", "lr-gamma": undefined } as const;
  const whole = await train(join(root, "whole"), { ...cycle, lr: 0.1, epochs: 4 });
  await train(join(root, "run"), { ...cycle, lr: 10, epochs: 2 });
  const rest = await train(join(root, "run"), { ...cycle, lr: 0.1, epochs: 4 }, "");
  rest!.forEach((rate, i) => assertAlmostEquals(rate, whole![i + 2]!, 1e-12));
  await Deno.remove(root, { recursive: true });
});

Deno.test("findRun() keeps runs that are there unless it is told otherwise", async () => {
  const root = await Deno.makeTempDir(), out = join(root, "run");
  const find = (resume?: string, force = false) => findRun({ out, resume, force }, "unused");
  assertEquals(await findRun({ out: undefined, resume: undefined, force: false }, out), {
    ...{ path: out, resume: null, replaces: false },
  });
  assertEquals((await find("")).replaces, true);
  (await RunFolder.create(out, {}))[Symbol.dispose]();
  const { message } = await assertRejects(() => find(), Deno.errors.AlreadyExists);
  for (const part of [out, "config.json, metrics.jsonl", "--resume", "--force"]) {
    assertStringIncludes(message, part);
  }
  assertEquals(await find(undefined, true), { path: out, resume: null, replaces: true });
  // Killed before its first state: nothing is lost.
  assertEquals(await find(""), { path: out, resume: null, replaces: true });
  await Deno.writeTextFile(join(out, "model.safetensors"), "");
  await assertRejects(() => find(""), Deno.errors.NotFound, `it must have ${STATE_FILE}: it has config.json`);
  await assertRejects(() => find("", true), UsageError, "--force does not go with --resume");
  await Deno.remove(root, { recursive: true });
});

Deno.test("checkSameRun() names the flags that differ, and nothing that follows from them", () => {
  const config = {
    ...{
      model: "mlp",
      dataset: "mnist",
      data: "/a",
      classes: ["0", "1"],
      limit: null,
      samples: 200,
      seed: 0,
    },
    optimizer: { name: "adam", lr: 0.004, weightDecay: 0, betas: [0.9, 0.999] },
    scheduler: { name: "OneCycleLR", maxLr: 0.004, totalSteps: 50, divFactor: 4 },
    averages: { weight: "polynomial", eta: 8 },
  };
  const differs = (change: Readonly<Record<string, unknown>>): string | undefined =>
    assertThrows(() => checkSameRun("FILE", config, { ...config, ...change }), RangeError).message
      .split("of the same run: it has ")[1];
  checkSameRun("FILE", config, {
    ...{ ...config, data: "/b", epochs: 9, logEvery: 1, device: "cpu" },
    optimizer: { ...config.optimizer, lr: 1 },
    scheduler: { ...config.scheduler, maxLr: 1, totalSteps: 9 },
  });
  assertEquals(differs({ model: "lenet" }), "--model mlp and not --model lenet");
  assertEquals(differs({ limit: 40, samples: 40 }), "no --limit and not --limit 40");
  assertEquals(
    differs({ size: [32, 48], freeze: true, augment: false, channels: 3, normalization: 1 }),
    "--size 28x28 and not --size 32x48, --channels 1 and not --channels 3, no --freeze and not --freeze",
  );
  assertEquals(differs({ averages: null }), "--average mean and not --average last");
  assertEquals(
    differs({
      optimizer: { name: "sgd", lr: 0.05, momentum: 0.9 },
      scheduler: { name: "StepLR", stepSize: 1 },
    }),
    "--optimizer adam and not --optimizer sgd, --schedule one-cycle and not --schedule step",
  );
  assertEquals(
    differs({ optimizer: { ...config.optimizer, weightDecay: 1 }, seed: 1 }),
    "--weight-decay 0 and not --weight-decay 1, --seed 0 and not --seed 1",
  );
  assertEquals(
    differs({ dataset: "generated", classes: ["a"], samples: 1 }),
    "--dataset mnist and not --dataset generated",
  );
  assertEquals(differs({ classes: ["0", "2"] }), 'classes ["0","1"] and not classes ["0","2"]');
});
