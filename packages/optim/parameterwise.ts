/** What optimizers share that change each parameter by itself. */
import { enableGrad } from "@troodon/autograd";
import { type Body, computeType, fullLike, sameShape, showShape, Tensor } from "@troodon/core";
import { type Closure, type GroupOptions, Optimizer, type ParameterState } from "./optimizer.ts";

/**
 * Changes each parameter by its own gradient. A subclass says what happens to one
 * parameter: one kernel, which writes the parameter and all that is remembered
 * of it in place.
 */
export abstract class ParameterwiseOptimizer<O extends GroupOptions = GroupOptions> extends Optimizer<O> {
  /** Changes one parameter by its gradient. */
  protected abstract update(parameter: Tensor, grad: Tensor, options: O, state: ParameterState): void;

  /** Changes every parameter that has a gradient. */
  override step(): void;
  /** Calls `closure`, which leaves the gradients, and changes the parameters; gives the loss. */
  override step(closure: Closure): Tensor;
  override step(closure?: Closure): Tensor | void {
    const loss = closure && enableGrad(closure);
    for (const group of this.paramGroups) {
      for (const parameter of group.params) {
        const { grad } = parameter;
        if (grad === null) continue;
        if (!sameShape(grad.shape, parameter.shape)) {
          throw new RangeError(
            `Cannot step as a gradient must have the shape of its parameter: current shapes are ${
              showShape(grad.shape)
            } and ${showShape(parameter.shape)}`,
          );
        }
        let state = this.state.get(parameter);
        if (state === undefined) this.state.set(parameter, state = {});
        this.update(parameter, grad, group, state);
      }
    }
    return loss;
  }
}

/** What is remembered under `name`: of the shape of `parameter`, and `value` throughout at first. */
export function remembered(state: ParameterState, name: string, parameter: Tensor, value = 0): Tensor {
  const known = state[name];
  if (known instanceof Tensor) return known;
  const fresh = fullLike(parameter, value).adopt();
  state[name] = fresh;
  return fresh;
}

/** The number of this step, from 1 on. */
export function countStep(state: ParameterState): number {
  const step = Number(state["step"] ?? 0) + 1;
  state["step"] = step;
  return step;
}

/**
 * Runs `body` on tensors and, as the last input, a gradient; its outputs take the
 * place of the tensors. No tape hears of it.
 */
export function updateInPlace(
  body: Body,
  tensors: readonly Tensor[],
  grad: Tensor,
  scalars: readonly number[],
): void {
  const { device, dtype, shape } = tensors[0]!;
  device.launch(
    { kernel: "map", body, compute: computeType(dtype), scalars, shape },
    [...tensors, grad],
    tensors,
  );
  for (const tensor of tensors) tensor.storage.version++;
}
