/** Compiled training steps. */
import { compile, type Compiled } from "@troodon/compile";
import type { Tensor } from "@troodon/core";
import type { GroupOptions, Optimizer } from "@troodon/optim";
import { countSamples } from "../batch.ts";
import { addGradients, type LossParts, type StepLoss } from "./gradients.ts";

/**
 * Compiled training step: its kernels are recorded and replayed. They are not merged, so that losses equal those of
 * uncompiled steps bit for bit, also in runs that were interrupted and resumed.
 */
export class CompiledStep<B> implements Disposable {
  readonly #step: Compiled<(group: readonly B[]) => Tensor>;

  /**
   * Creates a step that includes the step of `optimizer` if `whole` is true, and otherwise ends after the backward
   * pass.
   */
  constructor(parts: LossParts<B>, optimizer: Optimizer<GroupOptions>, whole: boolean) {
    this.#step = compile((group: readonly B[]): Tensor => {
      optimizer.zeroGrad();
      const { loss } = addGradients(parts, group, () => {});
      if (whole) optimizer.step();
      return loss;
    }, { mode: "auto", fuse: false });
  }

  /** Runs a step on the batches of `group`; the loss is valid until the next step. */
  run(group: readonly B[]): StepLoss {
    const samples = group.reduce((sum, batch) => sum + countSamples(batch), 0);
    return { loss: this.#step(group), samples };
  }

  /** Frees the memory of the compiled step. */
  [Symbol.dispose](): void {
    this.#step.dispose();
  }
}
