/** Training recipes: optimizers, schedules, gradient clipping, averages. */
import type { Tensor } from "@troodon/core";
import { clipGradNorm, clipGradValue } from "@troodon/nn";
import {
  Adam,
  AveragedParameters,
  CosineAnnealingLR,
  ema,
  type Optimizer,
  SGD,
  StepLR,
} from "@troodon/optim";
import type { Training } from "../../bench/steps/programs/mod.ts";

/** Training of a model: the step after the backward pass, and its state. */
export interface Trainer {
  /** Optimizer of the model. */
  readonly optimizer: Optimizer;
  /** Updates the parameters by their gradients. */
  update(): void;
  /** State besides the parameters and the optimizer. */
  remembered(): readonly Tensor[];
}

const NOTHING: readonly Tensor[] = [];

/** Training recipes by name. */
export const RECIPES: Readonly<Record<string, (training: Training) => Trainer>> = {
  "its own optimizer": (training) => {
    const optimizer = training.optimizer();
    return { optimizer, update: () => void optimizer.step(), remembered: () => NOTHING };
  },
  "Adam, cosine schedule, clipped norm": ({ model }) => {
    const optimizer = new Adam(model.parameters(), { lr: 2e-3, weightDecay: 1e-3 });
    const schedule = new CosineAnnealingLR(optimizer, { tMax: 20 });
    return {
      optimizer,
      update: () => {
        clipGradNorm(model.parameters(), 0.5);
        optimizer.step();
        schedule.step();
      },
      remembered: () => NOTHING,
    };
  },
  "SGD with momentum, steps, clipped values, averages": ({ model }) => {
    const optimizer = new SGD(model.parameters(), { lr: 0.02, momentum: 0.9, nesterov: true });
    const schedule = new StepLR(optimizer, { stepSize: 7, gamma: 0.5 });
    const averages = new AveragedParameters(model.parameters(), { weight: ema(0.9) });
    return {
      optimizer,
      update: () => {
        clipGradValue(model.parameters(), 0.05);
        optimizer.step();
        schedule.step();
        averages.update();
      },
      remembered: () => averages.averages,
    };
  },
};
