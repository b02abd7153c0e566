/** Ways to train a program: optimizers, schedules, limits of gradients, averages. */
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

/** What trains a model: the step that comes after the backward pass, and what it remembers. */
export interface Trainer {
  /** Optimizer of the model. */
  readonly optimizer: Optimizer;
  /** Changes the parameters by their gradients, with all that belongs to it. */
  update(): void;
  /** What is remembered beside the parameters and the state of the optimizer. */
  remembered(): readonly Tensor[];
}

const NOTHING: readonly Tensor[] = [];

/** Ways to train, by name. */
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
