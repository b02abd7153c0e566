/** Names of weights in files of older versions. */
import { type Tensor, zeros } from "@troodon/core";
import type { AnyModule } from "@troodon/nn";

/** The name of a tensor now, by its name in a file; null for one that the network has no longer. */
export type RenameWeights = (name: string) => string | null;

/**
 * The state of a file under today's names, and with the counts of batches that files of PyTorch before 0.4.1 have not: 0,
 * as PyTorch takes them.
 */
export function todaysState(
  model: AnyModule,
  state: ReadonlyMap<string, Tensor>,
  rename: RenameWeights,
): Map<string, Tensor> {
  const named = new Map<string, Tensor>();
  for (const [name, tensor] of state) {
    const now = rename(name);
    if (now !== null) named.set(now, tensor);
  }
  for (const [name, { shape, dtype, device }] of model.stateDict()) {
    if (named.has(name) || !name.endsWith("num_batches_tracked")) continue;
    if (named.has(name.replace(/num_batches_tracked$/, "running_mean"))) {
      named.set(name, zeros(shape, { dtype, device }));
    }
  }
  return named;
}
