/** The training loop. */
import type { Generator, Tensor } from "@troodon/core";
import type { Module } from "@troodon/nn";
import type { GroupOptions, LRScheduler, Optimizer } from "@troodon/optim";
import { type OptionKeys, readOptions, showArgument } from "@troodon/core/kernel";
import { type Batch, type Batches, ownedBatch } from "./batch.ts";
import type { Metric } from "./metrics/metric.ts";
import type { FitObserver, Scores } from "./observer.ts";
import type { Stateful } from "./state_keeper.ts";
import { firstBatches } from "./steps/first_batches.ts";
import { showProgress } from "./terminal/shown_progress.ts";
import { TrainingLoop } from "./training_loop.ts";
import type { TrainingState } from "./training_state.ts";
import { checkModelAndBatches, checkParts } from "./check_arguments.ts";

/** Measures how wrong a prediction is. */
export interface LossFunction {
  /** The loss, a tensor of one element. */
  forward(prediction: Tensor, target: Tensor): Tensor;
}

/** Validation batches, of the type that the model is trained on. */
export type ValidationBatches<B> = Batches<B extends Batch ? Batch : B>;

/** Options of {@linkcode fit} beside the one that says how the loss of a batch is calculated. */
export interface FitLoopOptions<B = Batch> {
  /** Changes the parameters. */
  readonly optimizer: Optimizer<GroupOptions>;
  /** Passes over the data; 1 by default. */
  readonly epochs?: number;
  /**
   * Number of batches in a step, 1 by default. Their gradients are added before the parameters change, as for one batch
   * with all samples; batch norms process each batch alone.
   */
  readonly accumulate?: number;
  /**
   * Trains on this number of batches from the first pass in every epoch, and validates with them: a network that cannot
   * memorize a few batches has a bug. All batches by default.
   */
  readonly overfit?: number;
  /**
   * Precision of the network: with `"float16"` it is called with float16 parameters and inputs, while the stored
   * parameters and the loss stay float32; `"float32"`, the default, uses parameters and inputs as they are. In float16
   * the loss is scaled before the backward pass, and steps with gradients that are not finite are skipped ({@linkcode
   * StepEvent.isSkipped}). Requires `loss`.
   */
  readonly precision?: "float32" | "float16";
  /**
   * Compiles the step by {@linkcode compile} of `@troodon/compile` and replays it from the fourth step on; false by
   * default. With `"auto"`, a step that cannot be compiled runs uncompiled, and a warning gives the reason. Results equal
   * those of uncompiled steps bit for bit. Code in `step` or in a module that launches no kernels runs only in the first
   * steps.
   */
  readonly compile?: "auto" | false;
  /** Changes the learning rate after each epoch; see {@linkcode stepEachBatch} for one that does so after each batch. */
  readonly scheduler?: LRScheduler;
  /** Batches between two events `onLog`; 100 by default. */
  readonly logEvery?: number;
  /**
   * Batches between two states for `onState` within an epoch; by default as many as cost a hundredth of the time, and take five
   * seconds or more.
   */
  readonly stateEvery?: number;
  /**
   * Ends training with a RangeError as soon as the loss that is read, after `logEvery` batches or a pass, or a trained
   * tensor of a state for `onState` is NaN or infinite; true by default. Otherwise training continues, and observers receive
   * no such state.
   */
  readonly requireFinite?: boolean;
  /** Scores the model after each epoch: `async () => ({ r2: ... })`. See {@linkcode evaluate}. */
  readonly validate?: () => Scores | Promise<Scores>;
  /**
   * Batches for scoring the model after each epoch, in evaluation mode. Scores contain `validationLoss`, the mean loss
   * of a sample, and the values of `metrics`, in addition to the scores of `validate`.
   */
  readonly validation?: ValidationBatches<B>;
  /** Metrics of the `validation` batches by name: numbers calculated from predictions and targets. Requires `loss`. */
  readonly metrics?: Readonly<Record<string, Metric<number>>>;
  /** Receive the events of the run, in this order. */
  readonly observers?: readonly FitObserver<B>[];
  /**
   * Shows the progress of the run: by default on a terminal, unless an observer shows it ({@linkcode ProgressReport})
   * or may print during steps ({@linkcode FitObserver.quiet}). True also prints lines without a terminal.
   */
  readonly progress?: boolean;
  /** The state to begin from, which `onState` received in a run of the same parts. The samples to come are those of that run. */
  readonly resume?: TrainingState;
  /**
   * Objects whose state belongs to that of the run, beside those that observers keep: schedulers and `AveragedParameters`
   * that an observer steps, a second optimizer or model, generators that a layer draws from.
   */
  readonly keep?: readonly (Stateful | Generator)[];
}

/** The loss of a batch from the prediction of the model for its input, and its target. */
export interface FitLossOptions<B = Batch> {
  /** The loss to minimize, averaged over the batch; for batches that are pairs or have an image and a label. */
  readonly loss: B extends Batch ? LossFunction : never;
  /** Not given together with `loss`. */
  readonly step?: never;
}

/** The loss of a batch from a function. */
export interface FitStepOptions<B> {
  /**
   * The loss of a batch of any structure, a tensor of one element: `({ left, right, y }) => mse(model.forward(left, right), y)`.
   * Runs between `zeroGrad` and `backward`; everything that it makes is freed after the step.
   */
  readonly step: (batch: B) => Tensor;
  /** Not given together with `step`. */
  readonly loss?: never;
}

/** Options of {@linkcode fit}. */
export type FitOptions<B = Batch> = FitLoopOptions<B> & (FitLossOptions<B> | FitStepOptions<B>);
const FIT_OPTIONS: OptionKeys<FitOptions<unknown>> = {
  optimizer: true,
  epochs: true,
  accumulate: true,
  overfit: true,
  precision: true,
  compile: true,
  validation: true,
  metrics: true,
  scheduler: true,
  logEvery: true,
  stateEvery: true,
  validate: true,
  observers: true,
  progress: true,
  resume: true,
  requireFinite: true,
  keep: true,
  loss: true,
  step: true,
};

/**
 * Trains a network. All that a step makes is freed at its end. The samples of a batch, by which its loss is weighted in
 * the mean, are counted along the first axis of its first tensor.
 *
 * @param model Maps the inputs of a batch to predictions; in training mode during a pass.
 * @param batches Passed over once an epoch.
 * @throws {RangeError} If `epochs`, `logEvery` or `stateEvery` is no positive integer, or `resume` is of another model or other parts.
 * @throws {RangeError} If the loss becomes NaN or infinite; see the option `requireFinite`.
 * @throws {TypeError} If the tensors of `resume` have other dtypes, or batches have no input and target and there is no `step`.
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
 *
 * @example Two inputs, by a function of the batch
 * ```ts
 * import { assert } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, manualSeed, mseLoss, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Bilinear } from "@troodon/nn";
 * import { Adam } from "@troodon/optim";
 * import { fit } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * manualSeed(1);
 * const left = randn([16, 1]), right = randn([16, 1]);
 * const batches = [{ left, right, product: left.mul(right) }];
 * const model = new Bilinear(1, 1, 1), losses: number[] = [];
 * await fit(model, batches, {
 *   optimizer: new Adam(model.parameters(), { lr: 0.1 }),
 *   step: ({ left, right, product }) => mseLoss(model(left, right), product),
 *   epochs: 40,
 *   observers: [{ onEpoch: ({ loss }) => void losses.push(loss) }],
 * });
 * assert(losses.at(-1)! < losses[0]! / 10);
 * ```
 */
export async function fit<B>(
  model: Module,
  batches: Batches<B>,
  options: FitOptions<NoInfer<B>>,
): Promise<void> {
  options = readOptions("fit()", options, FIT_OPTIONS);
  checkModelAndBatches("fit", model, batches);
  checkParts("fit", options);
  checkCount("epochs", options.epochs ?? 1);
  checkCount("logEvery", options.logEvery ?? 100);
  checkCount("stateEvery", options.stateEvery ?? 1);
  checkCount("accumulate", options.accumulate ?? 1);
  checkCount("overfit", options.overfit ?? 1);
  checkLossOptions(options);
  const { observers, clear } = showProgress(options.observers ?? [], options.progress);
  const few = options.overfit === undefined ? null : await firstBatches(batches, options.overfit);
  const validation = few !== null && options.validation ? few as ValidationBatches<B> : options.validation;
  using loop = new TrainingLoop(model, few ?? batches, {
    ...options,
    ...(validation && { validation }),
    observers,
  });
  try {
    await loop.run();
  } catch (error) {
    clear();
    throw error;
  } finally {
    for (const batch of few ?? []) ownedBatch(batches, batch)?.[Symbol.dispose]();
  }
}

/** Throws for options that require `loss` if it is missing, and for options that are unknown or cannot be combined. */
function checkLossOptions<B>({ step, precision, metrics, validation, compile }: FitOptions<B>): void {
  if (compile !== undefined && compile !== false && compile !== "auto") {
    throw new RangeError(
      `Cannot train as compile must be "auto" or false: current compile is ${showArgument(compile)}`,
    );
  }
  if (compile === "auto" && precision === "float16") {
    throw new TypeError(
      'Cannot train as steps in float16 wait for their gradients: leave out compile: "auto", or precision: "float16"',
    );
  }
  if (precision !== undefined && precision !== "float32" && precision !== "float16") {
    throw new RangeError(
      `Cannot train as precision must be "float32" or "float16": current precision is ${
        showArgument(precision)
      }`,
    );
  }
  const [wrong] = Object.entries({ precision: precision === "float16", metrics }).flatMap(([name, value]) =>
    value ? [name] : []
  );
  if (step !== undefined && wrong !== undefined) {
    throw new TypeError(`Cannot train as ${wrong} goes with loss: the current options have step`);
  }
  if (metrics && !validation) {
    throw new TypeError(
      "Cannot train as metrics need batches to score: the current options have no validation",
    );
  }
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`Cannot train as ${name} must be a positive integer: current ${name} is ${value}`);
}
