/** Computes the gradients of the batches of a step. */
import { type Tensor, tidySync } from "@troodon/core";
import type { Module } from "@troodon/nn";
import { countSamples, inputAndTarget } from "../batch.ts";
import type { LossFunction } from "../fit.ts";
import type { HalfPrecision } from "./half_precision.ts";

/** Parts of the loss calculation: `loss` compares a prediction with a target, `step` computes the loss of a batch. */
export type LossParts<B> =
  & {
    /** The network. */
    readonly model: Module;
    /** Calls the network in float16; null to use the dtype of its parameters. */
    readonly half: HalfPrecision | null;
  }
  & ({ readonly loss: LossFunction; readonly step?: undefined } | {
    readonly loss?: undefined;
    readonly step: (batch: B) => Tensor;
  });

/** Loss of a step. */
export interface StepLoss {
  /** Mean loss of a sample, as a tensor with one element. */
  readonly loss: Tensor;
  /** Number of samples in all batches. */
  readonly samples: number;
}

/** Returns the prediction for the input of a batch. */
export function predictionOf({ model, half }: LossParts<never>, input: Tensor): Tensor {
  return half === null ? model(input) : half.predict(input);
}

/** Returns the loss of a batch. */
function lossOf<B>(parts: LossParts<B>, batch: B): Tensor {
  const { loss, step } = parts;
  if (step !== undefined) return step(batch);
  const [input, target] = inputAndTarget(batch);
  return loss.forward(predictionOf(parts, input), target);
}

/**
 * Adds the gradients of a group of batches to the parameters, as for one large batch: each loss is weighted by its
 * number of samples. Temporary tensors of a batch are freed before the next one.
 *
 * @param onBatch Called before each batch with its index in the group.
 */
export function addGradients<B>(
  parts: LossParts<B>,
  group: readonly B[],
  onBatch: (batch: B, place: number) => void,
): StepLoss {
  const scale = parts.half?.scale ?? 1;
  const backward = (loss: Tensor): void => (scale === 1 ? loss : loss.mul(scale)).backward();
  if (group.length === 1) {
    const [batch] = group as readonly [B];
    onBatch(batch, 0);
    const loss = lossOf(parts, batch);
    backward(loss);
    return { loss, samples: countSamples(batch) };
  }
  const counts = group.map(countSamples), samples = counts.reduce((sum, count) => sum + count, 0);
  const losses = group.map((batch, i) =>
    tidySync(() => {
      onBatch(batch, i);
      const share = lossOf(parts, batch).mul(counts[i]! / samples);
      backward(share);
      return share.detach();
    })
  );
  return { loss: losses.reduce((sum, loss) => sum.add(loss)), samples };
}
