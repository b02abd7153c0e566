/** A program: a model, its data and its optimizer, of which one training step is timed or counted. */
import { Scope, type Tensor } from "@troodon/core";
import type { Optimizer } from "@troodon/troodon";

/** One step on always the same batch: forward, backward, optimizer. The loss is freed when the step returns. */
export type TrainingStep = (onLoss?: (loss: Tensor) => void) => void;

/** A model that is trained on noise, as the benchmarks and the counting device do. */
export interface Program {
  /** Title of the program. */
  readonly title: string;
  /** Samples of a batch, unless somebody says otherwise. */
  readonly batchSize: number;
  /** Makes model, batch and optimizer on the default device, where they stay as long as the device. */
  prepare(batchSize: number): TrainingStep;
}

/** The step that minimizes `lossOf()`. */
export function stepOf(optimizer: Optimizer, lossOf: () => Tensor): TrainingStep {
  return (onLoss) => {
    using _ = new Scope();
    optimizer.zeroGrad();
    const loss = lossOf();
    loss.backward();
    optimizer.step();
    onLoss?.(loss);
  };
}
