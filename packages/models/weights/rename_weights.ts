/** Names of weights in files of older versions. */
import { type Tensor, zeros } from "@troodon/core";
import type { Module } from "@troodon/nn";

/** The name of a tensor now, by its name in a file. */
export type RenameWeights = (name: string) => string;

/**
 * The state of a file under today's names, and with the counts of batches that files of PyTorch before 0.4.1 have not: 0,
 * as PyTorch takes them.
 */
export function todaysState(
  model: Module,
  state: ReadonlyMap<string, Tensor>,
  rename: RenameWeights,
): Map<string, Tensor> {
  const named = new Map([...state].map(([name, tensor]) => [rename(name), tensor]));
  for (const [name, { shape, dtype, device }] of model.stateDict()) {
    if (named.has(name) || !name.endsWith("num_batches_tracked")) continue;
    if (named.has(name.replace(/num_batches_tracked$/, "running_mean"))) {
      named.set(name, zeros(shape, { dtype, device }));
    }
  }
  return named;
}
