/** The momentum of a group, whatever its optimizer calls it: the first of `betas`, or `momentum`. */
import { checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { perGroup } from "./per_group.ts";

type Momentous = GroupOptions & { momentum?: number; betas?: readonly [number, number] };

/**
 * Checks that there is momentum to set.
 *
 * @throws {TypeError} If the optimizer has none.
 */
function checkMomentum(owner: string, optimizer: Optimizer<GroupOptions>): void {
  if (optimizer.paramGroups.every((group) => "betas" in group || "momentum" in group)) return;
  throw new TypeError(
    `Cannot use ${owner} with ${optimizer.name} as it has neither betas nor momentum: set cycleMomentum to false`,
  );
}

/**
 * Returns the lowest and the highest momentum of each group.
 *
 * @throws {RangeError} If a momentum is negative or not finite, or missing for a group.
 * @throws {TypeError} If the optimizer has no momentum.
 */
export function momentumRanges(
  owner: string,
  optimizer: Optimizer<GroupOptions>,
  { baseMomentum, maxMomentum }: Readonly<Record<"baseMomentum" | "maxMomentum", number | readonly number[]>>,
): readonly (readonly [base: number, max: number])[] {
  checkMomentum(owner, optimizer);
  const checked = (name: string, value: number | readonly number[]): readonly number[] => {
    const momenta = perGroup(owner, name, optimizer, value);
    for (const momentum of momenta) checkOption(owner, name, momentum, { min: 0 });
    return momenta;
  };
  const tops = checked("maxMomentum", maxMomentum);
  return checked("baseMomentum", baseMomentum).map((base, i) => [base, tops[i]!]);
}

/** Sets the momentum of a group. */
export function setMomentum(group: Momentous, momentum: number): void {
  if (group.betas) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}
