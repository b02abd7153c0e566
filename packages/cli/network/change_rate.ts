import type { TrainingState } from "@troodon/troodon";

/** A state whose learning rates are `factor` times those of `state`, those of the beginning included. */
export function scaleRates(state: TrainingState, factor: number): TrainingState {
  const { optimizer, scheduler } = state;
  const scaled = (rates: readonly number[]): number[] => rates.map((rate) => rate * factor);
  return {
    ...state,
    optimizer: {
      ...optimizer,
      paramGroups: optimizer.paramGroups.map((group) => ({
        ...group,
        lr: group.lr * factor,
        ...(group.initialLr !== undefined && { initialLr: group.initialLr * factor }),
      })),
    },
    scheduler: scheduler &&
      { ...scheduler, baseLrs: scaled(scheduler.baseLrs), lastLr: scaled(scheduler.lastLr) },
  };
}
