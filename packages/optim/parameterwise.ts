/** What optimizers share that change each parameter by itself. */
import { enableGrad } from "@troodon/autograd";
import { type Body, type Device, type DType, fullLike, Tensor } from "@troodon/core";
import { hearsParts, inPart, recordedSection, sameShape, showShape, Updates } from "@troodon/core/kernel";
import { besideParameter, flattenSmall, moveBeside, trimBeside } from "./flat_parameters.ts";
import { follow } from "./follow.ts";
import {
  type Closure,
  type GroupOptions,
  Optimizer,
  type OptimizerParameters,
  type ParameterState,
  type ParamGroup,
} from "./optimizer.ts";
import { checkFunction } from "./check_option.ts";

/**
 * Changes each parameter by its own gradient. A subclass says what happens to one
 * parameter: one kernel, which writes the parameter and all that is remembered
 * of it in place. A step makes those of all parameters at once.
 */
export abstract class ParameterwiseOptimizer<O extends GroupOptions = GroupOptions> extends Optimizer<O> {
  readonly #updates = new Updates();
  /** What `shared` gave last in this step, and for what. */
  #options: O | null = null;
  #steps = 0;
  #numbers: readonly number[] = [];
  /** The state of the parameters when they were last laid side by side. */
  #laidOn: Device | null = null;
  #laidAs: DType | null = null;
  #laidGroups = 0;

  /** See {@linkcode Optimizer}. */
  constructor(params: OptimizerParameters<O>, defaults: O) {
    super(params, defaults);
    // Before the parameters are used: kernels differ by where their operands lie.
    this.#layOut();
  }

  /** Changes one parameter by its gradient: by {@linkcode ParameterwiseOptimizer.change}. */
  protected abstract update(parameter: Tensor, grad: Tensor, options: O, state: ParameterState): void;

  /** Has the outputs of `body` take the place of its first inputs at the end of the step. No tape hears of it. */
  protected change(body: Body, inputs: readonly Tensor[], scalars: readonly number[]): void {
    this.#updates.add(body, inputs, scalars);
  }

  /** What `calculate` gives for a group and a number of steps, which most of its parameters have in common: once for all of them. */
  protected shared(
    options: O,
    steps: number,
    calculate: (options: O, steps: number) => readonly number[],
  ): readonly number[] {
    if (options !== this.#options || steps !== this.#steps) {
      this.#numbers = calculate(options, steps);
      this.#options = options;
      this.#steps = steps;
    }
    return this.#numbers;
  }

  /** Changes every parameter that has a gradient. */
  override step(): void;
  /** Calls `closure`, which leaves the gradients, and changes the parameters; gives the loss. */
  override step(closure: Closure): Tensor;
  override step(closure?: Closure): Tensor | void {
    if (closure !== undefined) checkFunction(this.name, "the closure of step()", closure);
    const loss = closure && enableGrad(closure);
    if ((loss as unknown) instanceof Promise) {
      throw new TypeError(
        `Cannot step ${this.name} as its closure must be synchronous: current result is a promise, await before step()`,
      );
    }
    recordedSection(() => {
      if (hearsParts()) inPart({ kind: "step", name: `${this.name}.step` }, () => this.#stepAll());
      else this.#stepAll();
    });
    return loss;
  }

  #stepAll(): void {
    this.#options = null;
    this.#layOut();
    try {
      for (const group of this.paramGroups) this.#stepGroup(group);
    } finally {
      // Not by `using`, which costs as much as the step of a small parameter.
      this.#updates.run();
    }
  }

  /** Lays the parameters side by side where their updates are more than run as one otherwise. */
  #layOut(): void {
    const { paramGroups } = this, first = paramGroups[0]!.params[0];
    if (first === undefined) return;
    const { device, dtype } = first, moved = device !== this.#laidOn || dtype !== this.#laidAs;
    if (!moved && paramGroups.length === this.#laidGroups) return;
    this.#laidOn = device;
    this.#laidAs = dtype;
    this.#laidGroups = paramGroups.length;
    const params = paramGroups.flatMap((group) => group.params);
    const { launchBuffers = Infinity } = device.backend.limits;
    if (UPDATE_BUFFERS * params.length > launchBuffers) flattenSmall(params);
  }

  /** Gives the memory of all that is remembered back. */
  override dispose(): void {
    super.dispose();
    // The parameters stay side by side, for other optimizers and those to come.
    trimBeside(this.paramGroups.flatMap((group) => group.params));
  }

  #stepGroup(group: ParamGroup<O>): void {
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
}

/** Buffers of an update: a parameter, its gradient and what most optimizers remember of it. */
const UPDATE_BUFFERS = 4;

/** The state tensor `name`, of the shape, dtype and device of `parameter`; filled with `value` when first used. */
export function remembered(state: ParameterState, name: string, parameter: Tensor, value = 0): Tensor {
  const known = state[name];
  if (known instanceof Tensor) return moveBeside(parameter, name, follow(known, parameter));
  const fresh = besideParameter(parameter, name)?.fill_(value) ?? fullLike(parameter, value).adopt();
  state[name] = fresh;
  return fresh;
}

/** The number of this step, from 1 on. */
export function countStep(state: ParameterState): number {
  const step = Number(state["step"] ?? 0) + 1;
  state["step"] = step;
  return step;
}
