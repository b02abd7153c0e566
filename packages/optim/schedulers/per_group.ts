/** Options that are one value for all groups of parameters, or one for each. */
import type { GroupOptions, Optimizer } from "../optimizer.ts";

/**
 * One value for each group of `optimizer`.
 *
 * @throws {RangeError} If a list has another length.
 */
export function perGroup<T>(
  owner: string,
  name: string,
  optimizer: Optimizer<GroupOptions>,
  value: T | readonly T[],
): readonly T[] {
  const { length } = optimizer.paramGroups;
  if (!Array.isArray(value)) return new Array<T>(length).fill(value as T);
  if (value.length !== length) {
    throw new RangeError(
      `Cannot use ${owner} as ${name} must have a value for each of ${length} groups: current number is ${value.length}`,
    );
  }
  return value;
}
