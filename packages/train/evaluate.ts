/** Scores of a model on data that it has not been trained on. */
import { noGrad } from "@troodon/autograd";
import { crossEntropy, isFloating, type Tensor, tidySync } from "@troodon/core";
import { showShape } from "@troodon/core/kernel";
import type { Module } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type Batch, type Batches, inputAndTarget, ownedBatch } from "./batch.ts";
import type { Metric } from "./metrics/metric.ts";
import { checkModelAndBatches } from "./check_arguments.ts";

/** A sample whose class was not found. */
export interface Misclassified {
  /** Its place among the samples, in the order of the loader. */
  readonly index: number;
  /** The class that was predicted. */
  readonly prediction: number;
  /** The class it has. */
  readonly truth: number;
}

/** The scores of a classifier. */
export interface Evaluation {
  /** Share of samples whose class was found. */
  readonly accuracy: number;
  /** Mean cross-entropy of a sample. */
  readonly loss: number;
  /** Number of samples that have a class. */
  readonly count: number;
  /** `confusion[truth][prediction]`: how many. */
  readonly confusion: readonly (readonly number[])[];
  /** The samples whose class was not found, in the order of the loader. */
  readonly misclassified: readonly Misclassified[];
}

/** Metrics by name. */
export type NamedMetrics = Readonly<Record<string, Metric<unknown>>>;

/** The values of metrics by name. */
export type MetricValues<M extends NamedMetrics> = {
  readonly [K in keyof M]: M[K] extends Metric<infer R> ? R : never;
};

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions<M extends NamedMetrics, B = Batch> {
  /** Metrics by name; they are reset at the beginning and remain the caller's. */
  readonly metrics: M;
  /**
   * The prediction and the target of a batch of any structure, as the metrics take them; by default the batch is a pair or
   * has an image and a label, and its input goes through the model.
   */
  readonly predict?: (batch: B) => readonly [prediction: Tensor, target: Tensor];
}
const EVALUATE_OPTIONS: OptionKeys<EvaluateOptions<NamedMetrics, unknown>> = { metrics: true, predict: true };

/**
 * Scores a classifier, or whatever else metrics are given for. The model is in evaluation mode meanwhile, and nothing is
 * recorded for gradients.
 *
 * @param model Maps the inputs of a batch to predictions: without metrics, to logits [n, classes].
 * @param batches Passed over once. Without shuffling, `index` is the place in the dataset.
 * @returns The values of `metrics` by name; accuracy, mean cross-entropy, confusion matrix and misclassified samples without.
 * @throws {TypeError} If batches have no input and target and there is no `predict`.
 *
 * @example A regression, and a metric of one's own
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice, type Tensor, tensor } from "@troodon/core";
 * import { Identity } from "@troodon/nn";
 * import { evaluate, MeanAbsoluteError, type Metric, R2Score } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * class Worst implements Metric {
 *   #worst = 0;
 *   update(prediction: Tensor, target: Tensor): void {
 *     this.#worst = Math.max(this.#worst, prediction.sub(target).abs().max().item());
 *   }
 *   compute = (): Promise<number> => Promise.resolve(this.#worst);
 *   reset = (): void => void (this.#worst = 0);
 *   [Symbol.dispose] = (): void => {};
 * }
 *
 * using mae = new MeanAbsoluteError();
 * using r2 = new R2Score();
 * const batches = [[tensor([1, 2]), tensor([1, 4])], [tensor([3]), tensor([4])]] as const;
 * const scores = await evaluate(new Identity(), batches, { metrics: { mae, r2, worst: new Worst() } });
 * assertEquals([scores.mae, scores.worst, scores.r2 < 1], [1, 2, true]);
 * ```
 */
export function evaluate(model: Module, batches: Batches): Promise<Evaluation>;
/** Scores by metrics. */
export function evaluate<M extends NamedMetrics, B>(
  model: Module,
  batches: Batches<B>,
  options: EvaluateOptions<M, NoInfer<B>>,
): Promise<MetricValues<M>>;
export async function evaluate<B>(
  model: Module,
  batches: Batches<B>,
  options?: Partial<EvaluateOptions<NamedMetrics, B>>,
): Promise<unknown> {
  const { metrics, predict } = readOptions("evaluate()", options, EVALUATE_OPTIONS);
  checkModelAndBatches("evaluate", model, batches);
  const { training } = model;
  if (options !== undefined && !metrics) {
    throw new TypeError(
      "Cannot call evaluate() as predictions are for metrics: current options have no metrics",
    );
  }
  model.eval();
  try {
    return await (metrics ? measure(model, batches, metrics, predict) : classify(model, batches));
  } finally {
    model.train(training);
  }
}

async function measure<B>(
  model: Module,
  batches: Batches<B>,
  metrics: NamedMetrics,
  predict: EvaluateOptions<NamedMetrics, B>["predict"],
): Promise<Readonly<Record<string, unknown>>> {
  const named = Object.entries(metrics);
  for (const [, metric] of named) metric.reset();
  for await (const batch of batches) {
    using _ = ownedBatch(batches, batch);
    noGrad(() =>
      tidySync(() => {
        const [prediction, target] = predict ? predict(batch) : predictionOf(model, batch);
        for (const [, metric] of named) metric.update(prediction, target);
      })
    );
  }
  const values: [string, unknown][] = [];
  for (const [name, metric] of named) values.push([name, await metric.compute()]);
  return Object.fromEntries(values);
}

function predictionOf(model: Module, batch: unknown): readonly [prediction: Tensor, target: Tensor] {
  const [input, target] = inputAndTarget(batch);
  return [model(input), target];
}

async function classify(model: Module, batches: Batches<unknown>): Promise<Evaluation> {
  const confusion: number[][] = [];
  const misclassified: Misclassified[] = [];
  let seen = 0, count = 0, right = 0, sum = 0;
  for await (const batch of batches) {
    using _ = ownedBatch(batches, batch);
    const [input, target] = inputAndTarget(batch);
    const [predicted, loss, classes] = noGrad(() =>
      tidySync(() => {
        const logits = model(input);
        checkClasses(logits, target);
        return [logits.argmax(1), crossEntropy(logits, target), logits.shape[1] ?? 0] as const;
      })
    );
    using _predicted = predicted;
    using _loss = loss;
    while (confusion.length < classes) confusion.push(new Array<number>(classes).fill(0));
    const [predictions, truths, mean] = await Promise.all([
      predicted.dataAsync(),
      target.dataAsync(),
      loss.dataAsync(),
    ]);
    let known = 0;
    for (let i = 0; i < predictions.length; i++) {
      const prediction = Number(predictions[i]), truth = Number(truths[i]);
      // The class that the loss leaves out is -100.
      if (truth < 0) continue;
      known++;
      confusion[truth]![prediction]!++;
      if (prediction === truth) right++;
      else misclassified.push({ index: seen + i, prediction, truth });
    }
    seen += predictions.length;
    count += known;
    if (known > 0) sum += Number(mean[0]) * known;
  }
  return { accuracy: right / count, loss: sum / count, count, confusion, misclassified };
}

/** Refuses predictions and targets that are no classes, of which there is no accuracy. */
function checkClasses(logits: Tensor, target: Tensor): void {
  if (logits.ndim === 2 && target.ndim === 1 && !isFloating(target.dtype)) return;
  throw new TypeError(
    "Cannot score by classes as predictions must be [n, classes] and targets integers [n]: current shapes are " +
      `${showShape(logits.shape)} and ${showShape(target.shape)}, the dtype of targets is ${target.dtype}. ` +
      "Give metrics for anything else: evaluate(model, batches, { metrics: { error: new MeanSquaredError() } })",
  );
}
