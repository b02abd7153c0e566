/** Learning rates by name. */
import type { GroupOptions, Optimizer } from "@troodon/optim";

/** The learning rate of each group of an optimizer: `learning_rate`, or `learning_rate/0` and so on where there are several. */
export function learningRates({ paramGroups }: Optimizer<GroupOptions>): [name: string, rate: number][] {
  return paramGroups.map((
    { lr },
    i,
  ) => [paramGroups.length === 1 ? "learning_rate" : `learning_rate/${i}`, lr]);
}
