import { noGrad } from "@troodon/autograd";
import { tidySync } from "@troodon/core";
import { type Batches, countSamples, inputAndTarget, ownedBatch } from "../batch.ts";
import { LossMeter } from "../loss_meter.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Scores } from "../observer.ts";
import { type LossParts, predictionOf } from "./gradients.ts";

/**
 * Resolves to the mean loss of a sample as `validationLoss`, and the values of metrics, with the model in evaluation
 * mode.
 */
export async function scoresOf<B>(
  parts: LossParts<B>,
  batches: Batches<B>,
  metrics: Readonly<Record<string, Metric<number>>>,
): Promise<Scores> {
  const { model } = parts, { training } = model, named = Object.entries(metrics);
  for (const [, metric] of named) metric.reset();
  using meter = new LossMeter();
  model.eval();
  try {
    for await (const batch of batches) {
      using _ = ownedBatch(batches, batch);
      noGrad(() =>
        tidySync(() => {
          if (parts.step !== undefined) return meter.add(parts.step(batch), countSamples(batch));
          const [input, target] = inputAndTarget(batch), prediction = predictionOf(parts, input);
          meter.add(parts.loss.forward(prediction, target), countSamples(batch));
          for (const [, metric] of named) metric.update(prediction, target);
        })
      );
    }
  } finally {
    model.train(training);
  }
  const values: [string, number][] = [["validationLoss", await meter.mean()]];
  for (const [name, metric] of named) values.push([name, await metric.compute()]);
  return Object.fromEntries(values);
}
