import { noGrad } from "@troodon/autograd";
import type { Tensor } from "@troodon/core";
import type { Module } from "@troodon/nn";

/** Copies of the parameters and buffers of a model, by name. */
export type Weights = Readonly<Record<string, Tensor>>;

/** Copies of the weights of a model at its best score. */
export class BestWeights implements Disposable {
  #copies: Weights | null = null;

  /** The copies; null if there are none. */
  get copies(): Weights | null {
    return this.#copies;
  }

  /** Replaces the copies by the current weights. */
  take(model: Module): void {
    using _ = noGrad();
    this.#replace([...model.stateDict()].map(([name, t]) => [name, t.detach().clone().adopt()]));
  }

  /** Takes over the tensors of a state, or null if it has none. */
  load(weights: Weights | null): void {
    using _ = noGrad();
    this.#replace(Object.entries(weights ?? {}).map(([name, t]) => [name, t.clone().adopt()]));
    if (weights === null) this.#copies = null;
  }

  /** Restores the weights of the model from the copies, if there are any. */
  giveBack(model: Module): void {
    if (this.#copies !== null) model.loadStateDict(new Map(Object.entries(this.#copies)));
  }

  #replace(entries: [string, Tensor][]): void {
    this[Symbol.dispose]();
    this.#copies = Object.fromEntries(entries);
  }

  /** Frees the copies. */
  [Symbol.dispose](): void {
    for (const t of Object.values(this.#copies ?? {})) t.dispose();
    this.#copies = null;
  }
}
