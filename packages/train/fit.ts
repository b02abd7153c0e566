/** The training loop. */
import { Scope, type Tensor } from "@troodon/core";
import type { Module } from "@troodon/nn";
import type { GroupOptions, LRScheduler, Optimizer } from "@troodon/optim";
import { type Batches, inputAndTarget } from "./batch.ts";
import { LossMeter } from "./loss_meter.ts";

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
}

/**
 * Trains a network. All that a step makes is freed at its end.
 *
 * @param model What maps the inputs of a batch to predictions.
 * @param batches Passed over once an epoch.
 * @throws {RangeError} If `epochs` or `logEvery` is no positive integer.
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
  const { optimizer, loss: criterion, epochs = 1, scheduler, logEvery = 100 } = options;
  checkCount("epochs", epochs);
  checkCount("logEvery", logEvery);
  using meter = new LossMeter();
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    model.train();
    meter.reset();
    let sum = 0, samples = 0, batch = 0, paused = 0;
    const begin = performance.now();
    const take = async (): Promise<number> => {
      const mean = await meter.mean();
      sum += mean * meter.count;
      samples += meter.count;
      meter.reset();
      return mean;
    };
    for await (using current of batches) {
      const [input, target] = inputAndTarget(current);
      step++;
      batch++;
      {
        using _ = new Scope();
        optimizer.zeroGrad();
        const loss = criterion.forward(model.forward(input), target);
        loss.backward();
        optimizer.step();
        const size = input.shape[0] ?? 1;
        meter.add(loss, size);
        options.onStep?.({ step, epoch, batch, batches: batches.length, samples: size, loss });
      }
      if (batch % logEvery === 0) {
        const loss = await take();
        const pause = performance.now();
        await options.onLog?.({ step, epoch, loss });
        paused += performance.now() - pause;
      }
    }
    // What was not logged counts too, and reading it waits for all that was begun.
    if (meter.count > 0) await take();
    const seconds = (performance.now() - begin - paused) / 1000;
    scheduler?.step();
    if (await options.onEpoch?.({ epoch, seconds, loss: sum / samples, samples }) === false) return;
  }
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`Cannot train as ${name} must be a positive integer: current ${name} is ${value}`);
}
