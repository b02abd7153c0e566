/** A program: a model, its data and its optimizer, of which one training step is timed or counted. */
import { Scope, type Tensor } from "@troodon/core";
import type { Module, Optimizer } from "@troodon/troodon";

/** One step on always the same batch: forward, backward, optimizer. The loss is freed when the step returns. */
export type TrainingStep = (onLoss?: (loss: Tensor) => void) => void;

/** Size of a program: "usual" for timing, "small" for slow backends, which run dozens of small steps in a second. */
export type ProgramSize = "usual" | "small";

/** Model with its optimizer, data and loss. */
export interface Training {
  /** The model. */
  readonly model: Module;
  /** Creates the usual optimizer of the program. */
  optimizer(): Optimizer;
  /** Draws a batch of random inputs and targets. */
  draw(): Tensor[];
  /** Calculates the loss of a batch. */
  loss(...batch: Tensor[]): Tensor;
}

/** A model that is trained on noise, as the benchmarks and the counting device do. */
export interface Program {
  /** Title of the program. */
  readonly title: string;
  /** Samples of a batch, unless somebody says otherwise. */
  readonly batchSize: number;
  /** Creates the model on the default device. */
  build(batchSize: number, size?: ProgramSize): Training;
  /** Makes model, batch and optimizer on the default device, where they stay as long as the device. */
  prepare(batchSize: number): TrainingStep;
}

/** Creates a program from its parts. */
export function program({ title, batchSize, build }: Omit<Program, "prepare">): Program {
  return {
    title,
    batchSize,
    build,
    prepare(batchSize) {
      const { draw, loss, optimizer } = build(batchSize), batch = draw(), own = optimizer();
      return (onLoss) => {
        using _ = new Scope();
        const result = trainStep(own, () => loss(...batch));
        onLoss?.(result);
      };
    },
  };
}

/** Makes one step of an optimizer on the loss that `lossOf()` returns, and returns that loss. */
export function trainStep(optimizer: Optimizer, lossOf: () => Tensor): Tensor {
  optimizer.zeroGrad();
  const loss = lossOf();
  loss.backward();
  optimizer.step();
  return loss;
}
