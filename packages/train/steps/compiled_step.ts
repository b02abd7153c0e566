/** Steps of a training that are compiled. */
import { compile, type Compiled } from "@troodon/compile";
import type { Tensor } from "@troodon/core";
import type { GroupOptions, Optimizer } from "@troodon/optim";
import { countSamples } from "../batch.ts";
import { addGradients, type LossParts, type StepLoss } from "./gradients.ts";

/** The kernels of a training's steps, recorded and run again. */
export class CompiledStep<B> implements Disposable {
  readonly #step: Compiled<(group: readonly B[]) => Tensor>;

  /** Steps of `optimizer` where `whole`; otherwise these end with the backward pass. */
  constructor(parts: LossParts<B>, optimizer: Optimizer<GroupOptions>, whole: boolean) {
    this.#step = compile((group: readonly B[]): Tensor => {
      optimizer.zeroGrad();
      const { loss } = addGradients(parts, group, () => {});
      if (whole) optimizer.step();
      return loss;
    }, { mode: "auto" });
  }

  /** Runs a step on the batches of `group`; the loss may be used until the next one. */
  run(group: readonly B[]): StepLoss {
    const samples = group.reduce((sum, batch) => sum + countSamples(batch), 0);
    return { loss: this.#step(group), samples };
  }

  /** Gives the memory of all recorded steps back. */
  [Symbol.dispose](): void {
    this.#step.dispose();
  }
}
