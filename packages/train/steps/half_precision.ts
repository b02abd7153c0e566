import { noGrad } from "@troodon/autograd";
import { isFloating, type Tensor, tidySync } from "@troodon/core";
import { functionalCall, type Module } from "@troodon/nn";
import type { Stateful } from "../state_keeper.ts";

/** Initial loss scale, as in PyTorch's `GradScaler`, and the largest one. */
const FIRST_SCALE = 2 ** 16, LARGEST_SCALE = 2 ** 24;
/** Number of steps with finite gradients after which the scale is doubled. */
const GROWTH_INTERVAL = 2000;

/** The state of a {@linkcode HalfPrecision}. */
export interface HalfPrecisionState {
  /** Current loss scale. */
  readonly scale: number;
  /** Number of steps with finite gradients since the scale last changed. */
  readonly good: number;
}

/**
 * Runs a network with float32 parameters in float16. The loss is scaled before the backward pass, so that small
 * gradients do not round to 0, and the gradients are divided by the scale. The scale is halved if they are not finite.
 */
export class HalfPrecision implements Stateful {
  readonly #model: Module;
  #scale = FIRST_SCALE;
  #good = 0;

  /** Creates the float16 version of `model`. */
  constructor(model: Module) {
    this.#model = model;
  }

  /** Factor that multiplies the loss before the backward pass. */
  get scale(): number {
    return this.#scale;
  }

  /** Calculates the prediction for `input` in float16 and returns it as float32. */
  predict(input: Tensor): Tensor {
    const halves = [...this.#model.namedParameters()].flatMap(([name, parameter]) =>
      parameter.dtype === "float32" ? [[name, parameter.to("float16")] as const] : []
    );
    const own = isFloating(input.dtype) ? input.to("float16") : input;
    return functionalCall(this.#model, new Map(halves), own).to("float32");
  }

  /** Divides gradients by the scale. Resolves to false and halves the scale if they are not finite. */
  async unscale(parameters: readonly Tensor[]): Promise<boolean> {
    const scale = this.#scale;
    using zero = noGrad(() =>
      tidySync(() => {
        const sums = parameters.flatMap(({ grad }) =>
          grad === null ? [] : [grad.mul_(1 / scale).to("float32").mul(0).sum()]
        );
        return sums.length === 0 ? null : sums.reduce((a, b) => a.add(b));
      })
    );
    // 0 times infinity is NaN.
    const isFinite = zero === null || Number((await zero.dataAsync())[0]) === 0;
    this.#follow(isFinite);
    return isFinite;
  }

  #follow(isFinite: boolean): void {
    this.#good = isFinite ? this.#good + 1 : 0;
    if (!isFinite) this.#scale /= 2;
    else if (this.#good % GROWTH_INTERVAL === 0) this.#scale = Math.min(2 * this.#scale, LARGEST_SCALE);
    if (this.#scale >= 1) return;
    throw new RangeError(
      "Cannot train in float16 as gradients must be finite without a factor of the loss: they are not after " +
        `${
          Math.log2(FIRST_SCALE) + 1
        } steps in a row or more; a smaller learning rate may help, or precision float32`,
    );
  }

  /** Loss scale, and the number of steps since it changed. */
  stateDict(): HalfPrecisionState {
    return { scale: this.#scale, good: this.#good };
  }

  /** Continues from `state`. */
  loadStateDict({ scale, good }: HalfPrecisionState): void {
    this.#scale = scale;
    this.#good = good;
  }
}
