/** The base class of optimizers. */
import { type Body, isFloating, type Shape, Tensor, zerosLike } from "@troodon/core";
import {
  body,
  expr,
  type OptionKeys,
  readOptions,
  recordedSection,
  showAsText,
  showOperand,
  showShape,
  showValue,
  stateName,
  Updates,
} from "@troodon/core/kernel";
import { followAsync } from "./follow.ts";
import { checkOptionNames, checkRemembered, copyOf, disposeState } from "./optimizer_state.ts";

const ZERO: Body = body(expr.constant(0));

/** Options that every group of parameters has. */
export interface GroupOptions {
  /** The learning rate; may be changed between steps, as schedulers do. */
  lr: number;
}

/** Parameters that share their options. Options may be changed between steps. */
export type ParamGroup<O extends GroupOptions> = O & {
  /** Parameters that the optimizer changes. */
  readonly params: readonly Tensor[];
  /** `lr` as it was when a scheduler began. */
  initialLr?: number;
};

/** Parameters, with the options in which they differ from the others. */
export type GroupInit<O extends GroupOptions> = Partial<O> & {
  /** One tensor or several: `net.parameters()`. */
  readonly params: Tensor | Iterable<Tensor>;
};

/** Parameters for optimizers: tensors (`net.parameters()`), or groups of them. */
export type OptimizerParameters<O extends GroupOptions> = Iterable<Tensor | GroupInit<O>>;

/** State of an optimizer for one parameter: tensors of its shape, and numbers. */
export type ParameterState = Record<string, number | Tensor>;

/** Everything needed to go on where an optimizer stopped: plain data, apart from the tensors in `state`. */
export interface OptimizerStateDict<O extends GroupOptions> {
  /** State of each parameter, by its number. Tensors are the optimizer's own, not copies. */
  readonly state: Readonly<Record<number, ParameterState>>;
  /** The options of each group, and the numbers of its parameters, which count through all groups. */
  readonly paramGroups: readonly (O & { readonly params: readonly number[]; readonly initialLr?: number })[];
}

/** Options of {@linkcode Optimizer.zeroGrad}. */
export interface ZeroGradOptions {
  /** Gives the gradients' memory back rather than filling it with zeros; true by default. */
  readonly setToNull?: boolean;
}
const ZERO_GRAD_OPTIONS: OptionKeys<ZeroGradOptions> = { setToNull: true };

/** Leaves gradients in the parameters, and returns the loss: `zeroGrad`, the forward pass, `backward`. */
export type Closure = () => Tensor;

/** Refuses a module in the place of its parameters, a method that was not called, and a tensor by itself. */
function checkIterable(name: string, params: unknown): void {
  const isList = typeof params === "object" && params !== null && Symbol.iterator in params;
  if (isList && !(params instanceof Tensor)) return;
  const advice = params instanceof Tensor
    ? "a tensor, write [x]"
    : typeof params === "function" && "parameters" in params
    ? `a ${params.constructor.name}, write net.parameters()`
    : typeof params === "function"
    ? "a function, write net.parameters()"
    : showOperand(params);
  throw new TypeError(
    `Cannot make ${name} as params must be a list of tensors or groups: current ones are ${advice}`,
  );
}

/**
 * Changes parameters by their gradients. Most optimizers are
 * {@linkcode ParameterwiseOptimizer}s, which change each parameter by itself.
 */
export abstract class Optimizer<O extends GroupOptions = GroupOptions> {
  /** The parameters with their options. */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** State of each parameter, from its first step on. */
  readonly state: Map<Tensor, ParameterState> = new Map();
  readonly #defaults: O;
  /** Keys that a group of parameters may have. */
  readonly #groupKeys: OptionKeys<GroupInit<O>>;

  /**
   * Takes tensors, or groups of them with options of their own.
   *
   * @param defaults Options for all groups that do not say otherwise.
   * @throws {RangeError} If there are no parameters, or an option is out of its range.
   * @throws {TypeError} If a parameter is no leaf, is not floating or comes twice.
   */
  constructor(params: OptimizerParameters<O>, defaults: O) {
    this.#defaults = defaults;
    const keys = [...Object.keys(defaults), "params", "initialLr"].map((key) => [key, true]);
    this.#groupKeys = Object.fromEntries(keys);
    this.check(defaults);
    checkIterable(this.name, params);
    const tensors: Tensor[] = [];
    for (const item of params) {
      if (item instanceof Tensor) tensors.push(item);
      else this.addParamGroup(item);
    }
    if (tensors.length > 0) {
      if (this.paramGroups.length > 0) {
        throw new TypeError(
          `Cannot make ${this.name} as params must be tensors or groups: current ones are both`,
        );
      }
      this.#add(tensors, {});
    }
    if (this.paramGroups.length === 0) {
      throw new RangeError(`Cannot make ${this.name} as there must be parameters: current number is 0`);
    }
  }

  /** The name of the class, for messages. */
  get name(): string {
    return this.constructor.name;
  }

  /** Throws a RangeError if an option is out of its range. Called before the subclass has its fields. */
  protected abstract check(options: O): void;

  /** Throws a TypeError or RangeError if a tensor cannot be optimized. */
  protected checkParameter(p: Tensor): void {
    if (!p.isLeaf) {
      throw new TypeError(
        `Cannot optimize a tensor that is not a leaf: current gradFn is ${p.gradFn!.name}`,
      );
    }
    if (!isFloating(p.dtype)) {
      throw new TypeError(
        `Cannot optimize a tensor as its dtype must be floating: current dtype is ${p.dtype}`,
      );
    }
  }

  /** Changes every parameter that has a gradient. */
  abstract step(): void;
  /** Calls `closure`, which leaves the gradients, and changes the parameters; gives the loss. */
  abstract step(closure: Closure): Tensor;

  /**
   * Adds parameters, say of layers that were frozen before.
   *
   * @throws {RangeError} If an option is out of its range.
   * @throws {TypeError} If a parameter is no leaf, is not floating or is there already, or an option is not known.
   */
  addParamGroup(group: GroupInit<O>): void {
    if (typeof group !== "object" || group === null) {
      throw new TypeError(
        `Cannot make ${this.name} as params must be tensors or groups: current one is ${showOperand(group)}`,
      );
    }
    const own = readOptions(this.name, group, this.#groupKeys), { params } = own;
    if (!(params instanceof Tensor)) checkIterable(this.name, params);
    this.#add(params instanceof Tensor ? [params] : [...params], own);
  }

  #add(params: readonly Tensor[], options: Partial<O>): void {
    const known = new Set<Tensor>(this.paramGroups.flatMap((g) => g.params));
    for (const p of params) {
      if (!(p instanceof Tensor)) {
        throw new TypeError(
          `Cannot make ${this.name} as params must be tensors: current one is ${showOperand(p)}`,
        );
      }
      this.checkParameter(p);
      if (known.has(p)) {
        throw new TypeError(
          `Cannot add a parameter twice to ${this.name}: current shape is ${showShape(p.shape)}`,
        );
      }
      known.add(p);
    }
    const full: ParamGroup<O> = { ...this.#defaults, ...options, params };
    this.check(full);
    this.paramGroups.push(full);
  }

  /** Forgets the gradients of all parameters, as each pass backwards adds to them. */
  zeroGrad(options?: ZeroGradOptions): void {
    const { setToNull = true } = readOptions(`${this.name}.zeroGrad()`, options, ZERO_GRAD_OPTIONS);
    recordedSection(() => this.#zero(setToNull), { size: () => this.#size });
  }

  /** Number of parameters in all groups. */
  get #size(): number {
    let size = 0;
    for (const { params } of this.paramGroups) size += params.length;
    return size;
  }

  #zero(setToNull: boolean): void {
    using zeros = new Updates();
    for (const { params } of this.paramGroups) {
      for (const parameter of params) {
        const { grad } = parameter;
        if (grad === null) continue;
        if (setToNull) {
          grad.dispose();
          parameter.grad = null;
        } else if (grad.node !== null) {
          parameter.grad = zerosLike(grad).adopt();
          grad.dispose();
        } else zeros.add(ZERO, [grad]);
      }
    }
  }

  /** All that is needed to go on from here. */
  stateDict(): OptimizerStateDict<O> {
    let count = 0;
    const paramGroups = this.paramGroups.map((group) => ({
      ...group,
      params: group.params.map(() => count++),
    }));
    const state: Record<number, ParameterState> = {};
    this.#parameters().forEach((parameter, i) => {
      const known = this.state.get(parameter);
      if (known) state[i] = { ...known };
    });
    return { state, paramGroups };
  }

  /**
   * Goes on from where the optimizer that gave `dict` was: takes its options, and copies of its tensors, converted to
   * the dtype and moved to the device of their parameter.
   *
   * @throws {RangeError} If groups or tensors differ in size, or an option is out of range; nothing is
   * changed then.
   * @throws {TypeError} If the groups have other options, such as those of a different optimizer, or the
   * state was parsed from JSON, where tensors are lists; nothing is changed then.
   */
  loadStateDict(dict: OptimizerStateDict<O>): void {
    const sizes = (groups: readonly { readonly params: readonly unknown[] }[]): string =>
      showShape(groups.map((g) => g.params.length));
    const [own, given] = [sizes(this.paramGroups), sizes(dict.paramGroups)];
    if (own !== given) {
      throw new RangeError(
        `Cannot load the state of ${this.name} as groups must have equally many parameters: ` +
          `current numbers are ${own}, those of the state ${given}`,
      );
    }
    const numbers = dict.paramGroups.flatMap((g) => g.params);
    const remembered = this.#parameters().map((parameter, i) =>
      [parameter, dict.state[numbers[i]!]] as const
    );
    for (const [parameter, state] of remembered) {
      if (state !== undefined) checkRemembered(this.name, state, this.stateShape(parameter));
    }
    for (const group of dict.paramGroups) {
      checkOptionNames(this.name, this.#defaults, group);
      this.check(group);
    }
    // Before anything is changed, as a device may not be readable.
    const loaded = remembered.flatMap(([parameter, state]) =>
      state === undefined ? [] : [[parameter, copyOf(state, parameter)] as const]
    );
    this.paramGroups.forEach((group, i) =>
      Object.assign(group, dict.paramGroups[i], { params: group.params })
    );
    const old = new Map(this.state);
    this.state.clear();
    for (const [parameter, state] of loaded) this.state.set(parameter, state);
    for (const state of old.values()) disposeState(state);
  }

  /**
   * Brings all that is remembered to the devices and dtypes of the parameters. A step does that by itself; this is for
   * devices that cannot be read synchronously, as GPUs in browsers: after `await module.toAsync(device)`.
   */
  async toAsync(): Promise<this> {
    for (const [parameter, state] of this.state) {
      for (const value of Object.values(state)) {
        if (value instanceof Tensor) await followAsync(value, parameter);
      }
    }
    return this;
  }

  /** Gives the memory of all that is remembered back. */
  dispose(): void {
    for (const state of this.state.values()) disposeState(state);
    this.state.clear();
  }

  /** The options of each group, written as PyTorch writes them. */
  toString(): string {
    const groups = this.paramGroups.map(({ params: _, ...options }, i) => {
      const lines = Object.entries(options).map(([name, value]) =>
        `    ${stateName(name)}: ${showValue(value)}\n`
      );
      return `\nParameter Group ${i}\n${lines.sort().join("")}`;
    });
    return `${this.name} (${groups.join("")})`;
  }

  static {
    showAsText(this);
  }

  /** The shape of the tensors that are remembered of a parameter. */
  protected stateShape(parameter: Tensor): Shape {
    return parameter.shape;
  }

  #parameters(): Tensor[] {
    return this.paramGroups.flatMap((group) => group.params);
  }
}
