/** The training loop. */
import type { Generator, Tensor } from "@troodon/core";
import type { Module } from "@troodon/nn";
import type { GroupOptions, LRScheduler, Optimizer } from "@troodon/optim";
import type { Batches } from "./batch.ts";
import type { DeviceLossHandler, StateHandler } from "./last_state.ts";
import type { Stateful } from "./state_keeper.ts";
import { TrainingLoop } from "./training_loop.ts";
import type { TrainingState } from "./training_state.ts";

/** What a step was. */
export interface StepReport {
  /** Steps done, in all epochs. */
  readonly step: number;
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Batches done in this epoch. */
  readonly batch: number;
  /** Batches of an epoch. */
  readonly batches: number;
  /** Samples in the batch. */
  readonly samples: number;
  /** Loss of the batch: read it only now and then, as that waits for the device. Freed after the call. */
  readonly loss: Tensor;
}

/** The loss, as logged. */
export interface LogReport {
  /** Steps done, in all epochs. */
  readonly step: number;
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Mean loss of a sample since the last report of this epoch. */
  readonly loss: number;
}

/** What an epoch was. */
export interface EpochReport {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** How long training took; without the time of `onLog` and `onEpoch`. */
  readonly seconds: number;
  /** Mean loss of a sample in this epoch. */
  readonly loss: number;
  /** Samples of the epoch. */
  readonly samples: number;
}

/** Anything that says how wrong a prediction is. */
export interface LossFunction {
  /** One number. */
  forward(prediction: Tensor, target: Tensor): Tensor;
}

/** Options of {@linkcode fit}. */
export interface FitOptions {
  /** What changes the parameters. */
  readonly optimizer: Optimizer<GroupOptions>;
  /** What is to become small: the mean over the samples of a batch. */
  readonly loss: LossFunction;
  /** Passes over the data; 1 by default. */
  readonly epochs?: number;
  /** Changes the learning rate after each epoch. */
  readonly scheduler?: LRScheduler;
  /** Batches between calls of `onLog`; 100 by default. */
  readonly logEvery?: number;
  /** Called after each step. */
  readonly onStep?: (report: StepReport) => void;
  /** Called after each `logEvery` batches of an epoch, with the loss since the last call. */
  readonly onLog?: (report: LogReport) => void | Promise<void>;
  /** Called after each epoch; `false` ends training. */
  readonly onEpoch?: (report: EpochReport) => void | boolean | Promise<void | boolean>;
  /**
   * Called with all that is needed to go on from there, see {@linkcode saveTrainingState}: after each `onEpoch`, and in an
   * epoch as often as this costs a hundredth of the time, at most every five seconds.
   */
  readonly onState?: StateHandler;
  /** Where to begin: what `onState` was given in a run of the same parts. The samples to come are those of that run. */
  readonly resume?: TrainingState;
  /**
   * Where to go on when the device is lost: `() => chooseDevice("cpu")`. Model, loss and optimizer move there as
   * they are, and the run goes on from the state that was kept last: after an epoch, and in it as often as costs a
   * hundredth of the time, at most every five seconds. Steps since then are done again, with `onStep`; `onLog` hears of none
   * twice, `onEpoch` only if it did not end. The loader must leave its device open. Without this, the loss of the
   * device ends training.
   */
  readonly onDeviceLost?: DeviceLossHandler;
  /** What else has a state to keep: schedulers and `AveragedParameters` that a callback steps, generators that a layer draws from. */
  readonly keep?: readonly (Stateful | Generator)[];
}

/**
 * Trains a network. All that a step makes is freed at its end.
 *
 * @param model What maps the inputs of a batch to predictions.
 * @param batches Passed over once an epoch.
 * @throws {RangeError} If `epochs` or `logEvery` is no positive integer, or `resume` is of another model or other parts.
 * @throws {TypeError} If the tensors of `resume` have other dtypes.
 *
 * @example A straight line
 * ```ts
 * import { assert } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, linspace, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { DataLoader, TensorDataset } from "@troodon/datasets";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { fit } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * manualSeed(1);
 * const x = linspace(-1, 1, 32).reshape([32, 1]);
 * const loader = new DataLoader(new TensorDataset(x, x.mul(3).add(1)), { batchSize: 8 });
 * const model = new Linear(1, 1);
 * const optimizer = new SGD(model.parameters(), { lr: 0.5 });
 * await fit(model, loader, { optimizer, loss: new MSELoss(), epochs: 20 });
 * assert(Math.abs(model.weight.item() - 3) < 0.01);
 * ```
 */
export async function fit(model: Module, batches: Batches, options: FitOptions): Promise<void> {
  checkCount("epochs", options.epochs ?? 1);
  checkCount("logEvery", options.logEvery ?? 100);
  using loop = new TrainingLoop(model, batches, options);
  await loop.run();
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`Cannot train as ${name} must be a positive integer: current ${name} is ${value}`);
}
