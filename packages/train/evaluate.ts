/** How good a classifier is. */
import { noGrad } from "@troodon/autograd";
import { crossEntropy, tidySync } from "@troodon/core";
import type { Module } from "@troodon/nn";
import { type Batches, inputAndTarget } from "./batch.ts";

/** A sample whose class was not found. */
export interface Misclassified {
  /** Its place among the samples, in the order of the loader. */
  readonly index: number;
  /** The class that was predicted. */
  readonly prediction: number;
  /** The class it has. */
  readonly truth: number;
}

/** What {@linkcode evaluate} found. */
export interface Evaluation {
  /** Share of samples whose class was found. */
  readonly accuracy: number;
  /** Mean cross-entropy of a sample. */
  readonly loss: number;
  /** Number of samples. */
  readonly count: number;
  /** `confusion[truth][prediction]`: how many. */
  readonly confusion: readonly (readonly number[])[];
  /** The samples whose class was not found, in the order of the loader. */
  readonly misclassified: readonly Misclassified[];
}

/**
 * Scores a classifier.
 *
 * @param model What maps the inputs of a batch to logits [n, classes]. It is put
 * into evaluation mode meanwhile.
 * @param batches Passed over once. Without shuffling, `index` is the place in the dataset.
 */
export async function evaluate(model: Module, batches: Batches): Promise<Evaluation> {
  const { training } = model;
  model.eval();
  try {
    const confusion: number[][] = [];
    const misclassified: Misclassified[] = [];
    let count = 0, right = 0, sum = 0;
    for await (using batch of batches) {
      const [input, target] = inputAndTarget(batch);
      const [predicted, loss, classes] = noGrad(() =>
        tidySync(() => {
          const logits = model.forward(input);
          return [logits.argmax(1), crossEntropy(logits, target), logits.shape[1] ?? 0] as const;
        })
      );
      using _predicted = predicted;
      using _loss = loss;
      while (confusion.length < classes) confusion.push(new Array<number>(classes).fill(0));
      const [predictions, truths, mean] = await Promise.all([predicted.data(), target.data(), loss.data()]);
      for (let i = 0; i < predictions.length; i++) {
        const prediction = Number(predictions[i]), truth = Number(truths[i]);
        confusion[truth]![prediction]!++;
        if (prediction === truth) right++;
        else misclassified.push({ index: count + i, prediction, truth });
      }
      count += predictions.length;
      sum += Number(mean[0]) * predictions.length;
    }
    return { accuracy: right / count, loss: sum / count, count, confusion, misclassified };
  } finally {
    model.train(training);
  }
}
