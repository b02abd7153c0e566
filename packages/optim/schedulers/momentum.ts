/** The momentum of a group, whatever its optimizer calls it: the first of `betas`, or `momentum`. */
import type { GroupOptions, Optimizer } from "../optimizer.ts";

type Momentous = GroupOptions & { momentum?: number; betas?: readonly [number, number] };

/**
 * Checks that there is momentum to set.
 *
 * @throws {TypeError} If the optimizer has none.
 */
export function checkMomentum(owner: string, optimizer: Optimizer<GroupOptions>): void {
  if (optimizer.paramGroups.every((group) => "betas" in group || "momentum" in group)) return;
  throw new TypeError(
    `Cannot use ${owner} with ${optimizer.name} as it has neither betas nor momentum: set cycleMomentum to false`,
  );
}

/** Sets the momentum of a group. */
export function setMomentum(group: Momentous, momentum: number): void {
  if (group.betas) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}
