import type { Generator } from "@troodon/core";
import { checkCall, type OptionKeys, pickOptions, readOptions, showArgument } from "@troodon/core/kernel";
import type { Module } from "@troodon/nn";
import type { GroupOptions, Optimizer } from "@troodon/optim";
import type { Batch, Batches } from "../batch.ts";
import { checkModelAndBatches, checkParts } from "../check_arguments.ts";
import { fit, type FitLossOptions, type FitOptions, type FitStepOptions } from "../fit.ts";
import type { FitObserver } from "../observer.ts";
import type { Stateful } from "../state_keeper.ts";
import { leftAsBefore } from "./left_as_before.ts";
import { RateSweep, type SweepNumbers } from "./rate_sweep.ts";

/** Options of {@linkcode findLearningRate} beside the one that says how the loss of a batch is calculated. */
export interface RateSweepOptions<B = Batch> {
  /** Changes the parameters. Where its groups have several learning rates, these keep their ratio to the largest one. */
  readonly optimizer: Optimizer<GroupOptions>;
  /** Learning rate of the first step; 1e-7 by default. */
  readonly from?: number;
  /** Learning rate of the last step; 10 by default. */
  readonly to?: number;
  /** Number of steps, for which the batches are passed over as often as needed; 100 by default. */
  readonly steps?: number;
  /** Weight of the past in the running mean of the losses, from 0 to below 1; 0.9 by default. */
  readonly smoothing?: number;
  /** The search ends where the smoothed loss is above this multiple of the lowest one; 4 by default. */
  readonly divergence?: number;
  /** Observers of the steps, as in {@linkcode fit}: the place to clip gradients. */
  readonly observers?: readonly FitObserver<B>[];
  /** Other objects that the steps change and whose state is put back: a second model, generators that a layer draws from. */
  readonly keep?: readonly (Stateful | Generator)[];
}

/** Options of {@linkcode findLearningRate}. */
export type FindLearningRateOptions<B = Batch> =
  & RateSweepOptions<B>
  & (FitLossOptions<B> | FitStepOptions<B>);
const FIND_LEARNING_RATE_OPTIONS: OptionKeys<FindLearningRateOptions<unknown>> = {
  optimizer: true,
  from: true,
  to: true,
  steps: true,
  smoothing: true,
  divergence: true,
  observers: true,
  keep: true,
  loss: true,
  step: true,
};

/** Losses by learning rate, as {@linkcode findLearningRate} returns them. */
export interface LearningRateSearch {
  /** Learning rates of the steps, each the same factor above the one before. */
  readonly rates: readonly number[];
  /** Running means of the losses of the steps, calculated before the step with that rate. */
  readonly losses: readonly number[];
  /** Losses of the steps as they were. */
  readonly batchLosses: readonly number[];
  /** The learning rate at which `losses` fall fastest; null if they fall nowhere. */
  readonly suggestion: number | null;
}

/**
 * Finds a learning rate by training for some steps while the rate grows from step to step: the range test of L. N. Smith,
 * "Cyclical learning rates for training neural networks" (2017), with rates on a logarithmic scale. Where the loss falls
 * fastest is a good rate to begin with, or the largest one of `OneCycleLR`. Model, optimizer, random numbers and the position
 * of the loader are as before afterwards, so that training goes as it would have gone.
 *
 * @param model The network that is to be trained.
 * @param batches Passed over until there are as many steps as wanted.
 * @throws {RangeError} If `from`, `to`, `steps`, `smoothing` or `divergence` is out of range, or there are no batches.
 * @throws {TypeError} If there is no optimizer, or neither a loss nor a step.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, linspace, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { DataLoader, TensorDataset } from "@troodon/datasets";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { findLearningRate, plotLearningRates } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * manualSeed(1);
 * const x = linspace(-1, 1, 32).reshape([32, 1]);
 * const loader = new DataLoader(new TensorDataset(x, x.mul(3).add(1)), { batchSize: 8, shuffle: true });
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 0.1 });
 * const search = await findLearningRate(model, loader, { optimizer, loss: new MSELoss(), from: 1e-4 });
 * assert(search.suggestion! > 0.005 && search.suggestion! < 1);
 * assert(optimizer.paramGroups[0]!.lr === 0.1);
 * const picture = plotLearningRates(search.rates, search.losses, { suggestion: search.suggestion }).toString();
 * ```
 */
export async function findLearningRate<B>(
  model: Module,
  batches: Batches<B>,
  options: FindLearningRateOptions<NoInfer<B>>,
): Promise<LearningRateSearch> {
  const own = readOptions("findLearningRate()", options, FIND_LEARNING_RATE_OPTIONS);
  checkCall("findLearningRate", arguments, "...");
  checkModelAndBatches("findLearningRate", model, batches);
  checkParts("findLearningRate", own);
  const { optimizer, observers = [], keep = [] } = own;
  const { from = 1e-7, to = 10, steps = 100, smoothing = 0.9, divergence = 4 } = own;
  const numbers = { from, to, steps, smoothing, divergence };
  checkNumbers(numbers);
  const sweep = new RateSweep(optimizer.paramGroups, numbers);
  const run: FitOptions<B> = {
    ...pickOptions(own as FitLossOptions<B> & FitStepOptions<B>, { loss: true, step: true }),
    optimizer,
    // Every epoch has a step at least.
    epochs: steps,
    logEvery: 1,
    requireFinite: false,
    observers: [...observers, sweep],
  };
  const kept = [...keep, ...observers.flatMap((observer) => observer.keep ?? [])];
  await leftAsBefore(
    { model, batches, optimizer, loss: own.loss, keep: kept },
    () => fit(model, batches, run),
  );
  const { rates, losses, batchLosses } = sweep;
  return { rates, losses, batchLosses, suggestion: sweep.suggestion() };
}

function checkNumbers({ from, to, steps, smoothing, divergence }: SweepNumbers): void {
  const check = (name: string, value: unknown, fits: boolean, wanted: string): void => {
    if (fits) return;
    throw new RangeError(
      `Cannot apply findLearningRate() as ${name} must be ${wanted}: current ${name} is ${
        showArgument(value)
      }`,
    );
  };
  check("from", from, from > 0 && from < Infinity, "a positive number");
  check("to", to, to > from && to < Infinity, "a number above from");
  check("steps", steps, Number.isInteger(steps) && steps > 1, "an integer of 2 or more");
  check("smoothing", smoothing, smoothing >= 0 && smoothing < 1, "a number from 0 to below 1");
  check("divergence", divergence, divergence > 1, "a number above 1");
}
