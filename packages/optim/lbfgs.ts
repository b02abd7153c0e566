import { enableGrad, noGrad } from "@troodon/autograd";
import { type Body, cat, type Shape, Tensor, tidySync, zerosLike } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions, Updates } from "@troodon/core/kernel";
import { follow } from "./follow.ts";
import { checkChoice, checkCount, checkOption } from "./check_option.ts";
import {
  type Closure,
  type GroupInit,
  type GroupOptions,
  Optimizer,
  type OptimizerParameters,
} from "./optimizer.ts";
import { asState, direction, type Memory, recall } from "./lbfgs_memory.ts";
import { type LinePoint, strongWolfe } from "./strong_wolfe.ts";

/** Options of {@linkcode LBFGS}. */
export interface LBFGSOptions extends GroupOptions {
  /** The most iterations in one `step`; 20 by default. */
  maxIter: number;
  /** No iteration begins after so many calls of the closure in one `step`; 5 / 4 of `maxIter` by default. */
  maxEval: number;
  /** A gradient that is nowhere larger ends the `step`; 1e-7 by default. */
  toleranceGrad: number;
  /** A smaller change of the loss, or of all parameters, ends the `step`; 1e-9 by default. */
  toleranceChange: number;
  /** How many steps are remembered; 100 by default. */
  historySize: number;
  /** How the length of a step is found: `lr` if null, which is the default. */
  lineSearchFn: "strongWolfe" | null;
}
const LBFGS_OPTIONS: OptionKeys<LBFGSOptions> = {
  lr: true,
  maxIter: true,
  maxEval: true,
  toleranceGrad: true,
  toleranceChange: true,
  historySize: true,
  lineSearchFn: true,
};

/** start + t direction */
const MOVE: Body = body(e.add(e.input(0), e.mul(e.scalar(0), e.input(1))));

/**
 * L-BFGS (Liu and Nocedal 1989, https://doi.org/10.1007/BF01589116): goes along `-H g`, where the inverse Hessian `H` is
 * estimated from the last steps and the changes of the gradient in them, for whole data sets rather than batches. Every
 * `step` makes several iterations and calls its closure for each, so that it may be taken for a small program of its
 * own. There is one group of parameters, on one device, and no options per parameter.
 *
 * What the closure makes is freed after each call, but for the gradients and the loss that it returns.
 *
 * @example A parabola in one step
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { LBFGS } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const x = tensor([5, -1], { device, requiresGrad: true });
 * const optimizer = new LBFGS([x], { lineSearchFn: "strongWolfe" });
 * optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const loss = x.sub(3).square().mul(tensor([1, 10], { device })).sum();
 *   loss.backward();
 *   return loss;
 * });
 * for (const value of x.tolist() as number[]) assertAlmostEquals(value, 3, 1e-4);
 * ```
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  /** Takes tensors, or one group of them. `lr` is 1 by default. */
  constructor(params: OptimizerParameters<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, LBFGS_OPTIONS);
    super(params, {
      lr: 1,
      maxIter: 20,
      maxEval: Math.max(1, Math.floor((options.maxIter ?? 20) * 5 / 4)),
      toleranceGrad: 1e-7,
      toleranceChange: 1e-9,
      historySize: 100,
      lineSearchFn: null,
      ...options,
    });
  }

  /** Ranges of the options. */
  protected override check(options: LBFGSOptions): void {
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = options;
    checkOption("LBFGS", "lr", lr, { min: 0 });
    checkCount("LBFGS", "maxIter", maxIter);
    checkCount("LBFGS", "maxEval", maxEval);
    checkOption("LBFGS", "toleranceGrad", toleranceGrad, { min: 0 });
    checkOption("LBFGS", "toleranceChange", toleranceChange, { min: 0 });
    checkCount("LBFGS", "historySize", historySize);
    checkChoice("LBFGS", "lineSearchFn", lineSearchFn, ["strongWolfe", null]);
  }

  /**
   * Not more than one.
   *
   * @throws {RangeError} If there is a group already.
   */
  override addParamGroup(group: GroupInit<LBFGSOptions>): void {
    if (this.paramGroups.length > 0) {
      throw new RangeError("Cannot add a group of parameters as LBFGS has one for all: current number is 1");
    }
    super.addParamGroup(group);
  }

  /** What is remembered is of all parameters together, and kept as the first one's. */
  protected override stateShape(): Shape {
    return [this.#params.reduce((sum, p) => sum + p.numel(), 0)];
  }

  get #params(): readonly Tensor[] {
    return this.paramGroups[0]!.params;
  }

  /**
   * Calls `closure` for each iteration, and gives the loss before the first.
   *
   * @throws {TypeError} If there is no closure.
   */
  override step(closure?: Closure): Tensor {
    if (closure === undefined) {
      throw new TypeError(
        "Cannot step LBFGS without a closure: write `optimizer.step(() => { optimizer.zeroGrad(); ...; return loss; })`",
      );
    }
    using _ = noGrad();
    return tidySync(() => this.#minimize(closure));
  }

  #minimize(closure: Closure): Tensor {
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = this
      .paramGroups[0]!;
    const evaluate = (): number => tidySync(() => enableGrad(closure).item());
    const original = tidySync(() => enableGrad(closure));
    let loss = original.item();
    let gradient = this.#flat((p) => p.grad);
    let evaluations = 1;
    const first = this.#params[0]!, known = this.state.get(first);
    for (const value of Object.values(known ?? {})) if (value instanceof Tensor) follow(value, first);
    let memory = recall(known);
    const before = memory?.evaluations ?? 0;
    for (let i = 1; i <= maxIter; i++) {
      if (maxAbs(gradient) <= toleranceGrad || (i > 1 && evaluations >= maxEval)) break;
      memory = direction(memory, gradient, { lr, historySize });
      const { d } = memory;
      const slope = gradient.dot(d).item();
      if (slope > -toleranceChange) break;
      const start = this.#flat((p) => p);
      const previous = loss;
      let { t } = memory;
      if (lineSearchFn !== null) {
        const measure = (t: number): LinePoint => {
          this.#place(start, d, t);
          const loss = evaluate();
          const gradient = this.#flat((p) => p.grad);
          return { t, loss, slope: gradient.dot(d).item(), gradient };
        };
        const found = strongWolfe(measure, { t: 0, loss, slope, gradient }, t, maxAbs(d));
        ({ t, loss, gradient } = found.point);
        this.#place(start, d, t);
        evaluations += found.evaluations;
      } else {
        this.#place(start, d, t);
        if (i < maxIter) {
          loss = evaluate();
          gradient = this.#flat((p) => p.grad);
          evaluations++;
        }
      }
      memory = { ...memory, t };
      if (Math.abs(t) * maxAbs(d) <= toleranceChange || Math.abs(loss - previous) < toleranceChange) break;
    }
    if (memory !== null) this.#remember({ ...memory, evaluations: before + evaluations });
    return original;
  }

  /** A tensor of each parameter, zeros for null, one after the other. */
  #flat(of: (p: Tensor) => Tensor | null): Tensor {
    return cat(this.#params.map((p) => (of(p) ?? zerosLike(p)).reshape([-1])));
  }

  /** Brings the parameters to `start + t * direction`. */
  #place(start: Tensor, direction: Tensor, t: number): void {
    using updates = new Updates();
    let at = 0;
    for (const p of this.#params) {
      const part = (flat: Tensor): Tensor => flat.narrow(0, at, p.numel()).reshape(p.shape);
      updates.add(MOVE, [part(start), part(direction)], [t], [p]);
      at += p.numel();
    }
  }

  #remember(memory: Memory): void {
    const state = asState(memory);
    const first = this.#params[0]!;
    const kept = new Set(Object.values(state));
    for (const value of kept) if (value instanceof Tensor) value.adopt();
    for (const value of Object.values(this.state.get(first) ?? {})) {
      if (value instanceof Tensor && !kept.has(value)) value.dispose();
    }
    this.state.set(first, state);
  }
}

/** The size of the largest element. */
function maxAbs(x: Tensor): number {
  return x.norm(Infinity).item();
}
