import { noGrad } from "@troodon/autograd";
import { type Body, type Tensor, tidySync } from "@troodon/core";
import {
  body,
  checkSurplus,
  expr as e,
  type OptionKeys,
  readOptions,
  showShape,
  Updates,
} from "@troodon/core/kernel";
import { checkChoice, checkCount, checkList, checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { ParameterwiseOptimizer, remembered } from "./parameterwise.ts";

/** Options of {@linkcode Muon}. */
export interface MuonOptions extends GroupOptions {
  /** How fast parameters shrink: by `lr * weightDecay` in each step; 0.1 by default. */
  weightDecay: number;
  /** How slowly the mean of the gradient forgets; 0.95 by default. */
  momentum: number;
  /** Looks ahead along the momentum; true by default. */
  nesterov: boolean;
  /** Coefficients of x, x^3 and x^5 in the iteration; 3.4445, -4.775 and 2.0315 by default. */
  nsCoefficients: readonly [number, number, number];
  /** The smallest norm that is divided by; 1e-7 by default. */
  eps: number;
  /** Iterations; 5 by default. */
  nsSteps: number;
  /**
   * What a step of an `[m, n]` parameter is multiplied by: `sqrt(max(1, m / n))` for "original", the default, or
   * `0.2 * sqrt(max(m, n))` for "matchRmsAdamw", which suits learning rates that were found for AdamW
   * (Liu et al. 2025, https://arxiv.org/abs/2502.16982).
   */
  adjustLrFn: "original" | "matchRmsAdamw";
}
const MUON_OPTIONS: OptionKeys<MuonOptions> = {
  lr: true,
  weightDecay: true,
  momentum: true,
  nesterov: true,
  nsCoefficients: true,
  eps: true,
  nsSteps: true,
  adjustLrFn: true,
};

const MOMENTUM: Body = momentumStep(false);
const NESTEROV: Body = momentumStep(true);
const MOVE: Body = body(e.sub(e.mul(e.scalar(0), e.input(0)), e.mul(e.scalar(1), e.input(1))));

/** The mean of the gradient, and the direction. */
function momentumStep(nesterov: boolean): Body {
  const [mean, g, momentum] = [e.input(0), e.input(2), e.scalar(0)];
  const next = e.add(mean, e.mul(e.sub(1, momentum), e.sub(g, mean)));
  return body(next, nesterov ? e.add(g, e.mul(momentum, e.sub(next, g))) : next);
}

/**
 * Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/), for the matrices of hidden layers; biases,
 * embeddings and the last layer are for {@linkcode AdamW}. Its steps are the momentum made orthogonal: with
 * `m = momentum * m + (1 - momentum) * g`, `x = m / |m|` and five times `x = a x + (b x x' + c (x x')^2) x`, which brings
 * all singular values near 1, `p = (1 - lr * weightDecay) * p - lr * sqrt(max(1, rows / columns)) * x`.
 *
 * The iteration runs in the parameter's dtype, where PyTorch's runs in bfloat16.
 *
 * @example All directions are taken equally far
 * ```ts
 * import { assert } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, zeros } from "@troodon/core";
 * import { Muon } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = zeros([2, 2], { device });
 * x.grad = tensor([[-100, 0], [0, -10]], { device });
 * new Muon([x], { lr: 1 }).step();
 * const [[a, , ], [, d]] = x.tolist() as [[number, number], [number, number]];
 * assert(a > 0.6 && a < 1.3 && d > 0.6 && d < 1.3);
 * ```
 */
export class Muon extends ParameterwiseOptimizer<MuonOptions> {
  /** Takes tensors of two axes, or groups of them with options of their own. `lr` is 0.001 by default. */
  constructor(params: OptimizerParameters<MuonOptions>, options: Partial<MuonOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, MUON_OPTIONS);
    super(params, {
      lr: 1e-3,
      weightDecay: 0.1,
      momentum: 0.95,
      nesterov: true,
      nsCoefficients: [3.4445, -4.775, 2.0315],
      eps: 1e-7,
      nsSteps: 5,
      adjustLrFn: "original",
      ...options,
    });
  }

  /** Ranges of the options. */
  protected override check(options: MuonOptions): void {
    const { lr, weightDecay, momentum, nsCoefficients, eps, nsSteps, adjustLrFn } = options;
    checkOption("Muon", "lr", lr, { min: 0 });
    checkOption("Muon", "weightDecay", weightDecay, { min: 0 });
    checkOption("Muon", "momentum", momentum, { min: 0, max: 1 });
    checkList("Muon", "nsCoefficients", nsCoefficients, 3);
    nsCoefficients.forEach((value, i) => checkOption("Muon", `nsCoefficients[${i}]`, value));
    checkOption("Muon", "eps", eps, { min: 0 });
    checkCount("Muon", "nsSteps", nsSteps, 0);
    checkChoice("Muon", "adjustLrFn", adjustLrFn, ["original", "matchRmsAdamw"]);
  }

  /** Matrices alone. */
  protected override checkParameter(p: Tensor): void {
    super.checkParameter(p);
    if (p.ndim !== 2) {
      throw new RangeError(
        `Cannot optimize a tensor by Muon as it must have two axes: current shape is ${showShape(p.shape)}`,
      );
    }
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: MuonOptions, state: ParameterState): void {
    const { lr, weightDecay, momentum, nesterov, adjustLrFn } = options;
    const buffer = remembered(state, "momentumBuffer", p);
    const [rows, columns] = p.shape as readonly [number, number];
    const scale = adjustLrFn === "original"
      ? Math.sqrt(Math.max(1, rows / columns))
      : 0.2 * Math.sqrt(Math.max(rows, columns));
    using _ = noGrad();
    tidySync(() => {
      const direction = p.newEmpty(p.shape);
      updateNow(nesterov ? NESTEROV : MOMENTUM, [buffer, direction, grad], [momentum]);
      updateNow(MOVE, [p, orthogonalized(direction, options)], [1 - lr * weightDecay, lr * scale]);
    });
  }
}

/** For what is used before the end of the step, or gone by then. */
function updateNow(body: Body, inputs: readonly Tensor[], scalars: readonly number[]): void {
  const updates = new Updates();
  updates.add(body, inputs, scalars);
  updates.run();
}

/** U V' of x = U S V', nearly: Newton and Schulz's iteration, on the side where products are smaller. */
function orthogonalized(x: Tensor, { nsCoefficients: [a, b, c], eps, nsSteps }: MuonOptions): Tensor {
  const tall = x.shape[0]! > x.shape[1]!;
  let y = (tall ? x.t() : x).div(x.norm().clamp({ min: eps }));
  for (let i = 0; i < nsSteps; i++) {
    const gram = y.matmul(y.t());
    y = y.addmm(gram.addmm(gram, gram, { beta: b, alpha: c }), y, { beta: a });
  }
  return tall ? y.t() : y;
}
