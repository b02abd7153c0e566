/** Renaming of weights from files of older versions. */
import { type Tensor, zeros } from "@troodon/core";
import type { AnyModule } from "@troodon/nn";

/** Maps the name of a tensor in a file to its current name; null for tensors that no longer exist. */
export type RenameWeights = (name: string) => string | null;

/**
 * Renames the tensors of a file to current names, and adds the batch counts missing from files of PyTorch
 * before 0.4.1 as 0, like PyTorch.
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
