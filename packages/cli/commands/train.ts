/**
 * Trains a network on images: `deno task train --help`.
 *
 * @module
 */

import {
  chooseDevice,
  continueOn,
  CrossEntropyLoss,
  evaluate,
  type Evaluation,
  firstBatches,
  fit,
  type FitObserver,
  manualSeed,
  ProgressReport,
  TensorBoardLogger,
  zeros,
} from "@troodon/troodon";
import { isDiskFull, runtimeHost } from "@troodon/io";
import { checkpointOf, SCORES, showScore } from "../run/checkpoint.ts";
import { drawnDigits } from "../images/drawn.ts";
import { EarlyStop } from "../network/early_stop.ts";
import { dryRun } from "../network/few_batches.ts";
import { commandName } from "../flags/command_name.ts";
import { farewell, Interruption, tell } from "../run/interruption.ts";
import { RunRecord } from "../run/manifest.ts";
import { checkWeights, openNetwork } from "../network/network.ts";
import { UsageError } from "../flags/options.ts";
import { originOf } from "../run/origin.ts";
import { createRecipe } from "../network/recipe.ts";
import { writePlots } from "../run/run_plots.ts";
import { SkippedSteps } from "../run/skipped_steps.ts";
import { requireLearning } from "../network/require_learning.ts";
import { findRun, openRun, rateFor, type RunPlace } from "../run/resume.ts";
import { type Command, commandOf } from "../flags/run_program.ts";
import { FLAGS, type TrainOptions } from "../run/train_flags.ts";
import { worstLine } from "../images/show_classes.ts";
import { openTrainingData } from "../images/training_data.ts";

/** Advice if the disk is full. */
const FULL = "The last state is whole: with more room --resume goes on from it. " +
  "--on-full-disk continue trains on, and saves when there is room";

/**
 * Trains a network.
 *
 * @param args Command line, for the manifest of the run and the command that continues it.
 * @param observer Also receives the events of the run.
 * @returns The exit code.
 */
export async function train(
  options: TrainOptions,
  args: readonly string[],
  observer: FitObserver = {},
): Promise<number> {
  const {
    epochs,
    seed,
    limit = null,
    "batch-size": batchSize,
    "log-every": logEvery,
    "save-every": saveEvery,
    "early-stop": patience,
    "dry-run": dry,
    overfit,
    accumulate,
    precision,
    plots,
  } = options;
  const device = await chooseDevice(options.device),
    digits = await drawnDigits(options),
    { drawn, difficulty } = digits;
  const data = await openTrainingData({ ...options, ...digits });
  const { dataset, root, classes, shape, normalization, inverted, ground, shift, samples, testSamples } =
    data;
  const place = await (dry ? dryPlace(options) : findRun(options, `runs/${dataset}-${options.model}`));
  const { path } = place;
  manualSeed(seed);
  const { model, observers, said } = await openNetwork(options, data, { resumes: place.resume !== null });
  // The rest of the run needs no network.
  await runtimeHost().giveUpNetwork();
  const few = overfit === undefined ? null : await firstBatches(data.batches, overfit);
  const batches = few ?? data.batches, testBatches = few ?? data.testBatches;
  const recipe = createRecipe(
    model,
    { ...options, lr: rateFor(place, options.lr) },
    Math.ceil(batches.length / accumulate),
  );
  if (dry) {
    console.log(said);
    console.log(await dryRun(model, batches, testBatches, recipe));
    return 0;
  }
  const stopping = new EarlyStop(patience, options);
  const compiles = options.compile === "auto" ? precision === "float32" : options.compile === "on";

  const config = {
    model: options.model,
    dataset,
    data: root,
    classes,
    ...shape,
    normalization,
    inverted,
    ground,
    shift,
    weights: options.weights ?? null,
    freeze: options.freeze,
    ...recipe.config,
    earlyStop: patience ?? null,
    overfit: overfit ?? null,
    accumulate,
    precision,
    seed,
    limit,
    // Older runs used easy digits and did not store the difficulty.
    ...(dataset === "generated" && difficulty === "hard" && { difficulty }),
    ...(dataset === "generated" && drawn !== undefined && { drawn }),
    samples,
    logEvery,
    device: device.toString(),
  };
  const progress = new ProgressReport({
    title: `${options.model} on ${dataset}`,
    unit: "images",
    describe: ({ accuracy = NaN }) => `test accuracy ${(100 * accuracy).toFixed(2)} %`,
  });
  const log = (line: string): void => {
    progress.clear();
    tell(line);
  };
  const opened = await openRun(place, config, epochs, { ...checkpointOf(options), log });
  if (opened === null) return 0;
  using run = opened.run;
  const origin = await originOf({ args, dataset, root, seed, device });
  const record = await RunRecord.begin(
    path,
    origin,
    opened.state?.position.step ?? 0,
    options["on-full-disk"] === "continue" ? log : null,
  );
  console.log(said);
  if (compiles) {
    console.log(
      "Compiled: kernels of a step are recorded, and replayed from the fourth on (--no-compile: never)",
    );
  }
  if (few !== null) console.log(`Overfitting: ${few.length} batches for training and test`);
  console.log(
    `${dataset}: ${samples} training images in ${batches.length} batches of ${batchSize}, ${testSamples} test images`,
  );

  await using board = options.tensorboard === undefined ? null : new TensorBoardLogger(options.tensorboard);
  if (opened.state === null) board?.writer.addGraph(model, zeros([1, shape.channels, ...shape.size]));
  using interruption = new Interruption(log);
  const skipped = new SkippedSteps();
  if (precision === "float16" && device.name !== "webgpu") {
    log(
      `--precision float16: ${device.name} calculates in float32, so that steps take longer than without it`,
    );
  }
  const scored: Evaluation[] = [];
  const isCut = (): boolean => record.epochs < epochs && !stopping.isOver;
  await fit(model, batches, {
    ...recipe.parts,
    loss: new CrossEntropyLoss(),
    logEvery,
    ...(saveEvery && { stateEvery: saveEvery }),
    ...{ accumulate, precision, compile: compiles && "auto" },
    ...(opened.state && { resume: opened.state }),
    async validate() {
      const evaluation = await evaluate(model, testBatches), { accuracy, loss } = evaluation;
      scored[0] = evaluation;
      return { accuracy, [SCORES.loss]: loss };
    },
    observers: [
      interruption.observer,
      skipped.observer,
      record.observer,
      requireLearning(path, classes.length),
      ...observers,
      ...recipe.parts.observers,
      ...stopping.observers,
      run,
      ...(board === null ? [] : [board]),
      progress,
      continueOn(() => chooseDevice("cpu"), { log }),
      { onEnd: () => record.end(isCut() ? "interrupted" : ended(run), run.best) },
      observer,
    ],
  }).catch(async (error) => {
    // Report the error that ended the run rather than one of its record.
    await record.end("failed", run.best).catch(() => {});
    throw isDiskFull(error) ? new RangeError(`${error.message}. ${FULL}`, { cause: error }) : error;
  });
  if (run.unsaved.length > 0) {
    throw new RangeError(
      `Cannot save ${run.unsaved.join(", ")} of ${path} as the disk must have room: it is full`,
    );
  }
  if (interruption.exitCode !== null) {
    tell(await farewell(path, args));
    return interruption.exitCode;
  }
  if (stopping.isOver) console.log(`Ended early: ${options.monitor} has not improved in ${patience} epochs`);
  if (skipped.said !== null) console.log(skipped.said);
  const [evaluation] = scored;
  if (plots && evaluation !== undefined) {
    const files = await writePlots({
      path,
      classes,
      evaluation,
      images: few === null ? data.testImages : null,
    });
    console.log(`Drew ${files.join(", ")}`);
  }
  if (run.best !== null) console.log(`Best: ${showScore(options.monitor, run.best)}`);
  const worst = worstLine(evaluation?.confusion ?? [], classes);
  if (worst !== null) console.log(worst);
  console.log(`Saved ${path}: ${commandName("evaluate")} ${path}`);
  return 0;
}

/** Status of a run after its last epoch: "failed" if the disk was too full to save everything. */
const ended = ({ unsaved }: { readonly unsaved: readonly string[] }): "failed" | "finished" =>
  unsaved.length > 0 ? "failed" : "finished";

/** Run location that writes nothing. */
function dryPlace({ resume }: TrainOptions): RunPlace {
  if (resume !== undefined) throw new UsageError("--resume does not go with --dry-run");
  return { path: "", resume: null, replaces: false };
}

/** The command `train`. */
export const TRAIN: Command = commandOf({
  name: "train",
  usage: "[flags]",
  about: "Trains a network on images, and writes model.safetensors, config.json and metrics.jsonl.",
  flags: FLAGS,
  async main({ values, args, rest }) {
    if (rest.length > 0) throw new UsageError(`Unexpected argument: ${rest[0]}`);
    if (values.dataset === "image-folder" && values.data === undefined) {
      throw new UsageError(
        "--dataset image-folder needs --data DIR, with the folders train and test in it",
      );
    }
    checkWeights(values);
    return await train(values, args);
  },
});
