/** Tensors overwritten by random draws. */
import { computeType, isFloating } from "../../dtype.ts";
import { body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import type { RandomState } from "../../random/generator.ts";
import { checkBroadcastsTo } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { checkCall } from "../../tensor/check_call.ts";
import { checkFloating, NORMAL } from "../base/uniform.ts";
import { checkProbabilities } from "./check_probabilities.ts";

interface DrawParams {
  readonly scalars: readonly number[];
  readonly random: RandomState;
}

const [A, B] = [e.scalar(0), e.scalar(1)], U = e.random(0);
// 1 - u is in (0, 1], so that its logarithm is finite.
const LOG = e.log(e.sub(1, U));

/** The op that overwrites its first input; a second one is repeated over it. */
function draw(name: string, content: e.Expr): KernelOp<DrawParams> {
  const drawn = body(content);
  return {
    kind: "kernel",
    name,
    infer: ([x, p]) => {
      if (p) checkBroadcastsTo(name, p.shape, x!.shape);
      return [x!];
    },
    kernel: ([x], _, { scalars, random }) => ({
      kernel: "map",
      body: drawn,
      compute: isFloating(x!.dtype) ? computeType(x!.dtype) : "float32",
      scalars,
      shape: x!.shape,
      random,
    }),
    flows: () => false,
    vjp: () => [null, null],
  };
}

const BERNOULLI = draw("bernoulli_", e.less(U, A));
const BERNOULLI_OF = draw("bernoulli_", e.less(U, e.input(1)));
const EXPONENTIAL = draw("exponential_", e.neg(e.div(LOG, A)));
// At least one trial, where rounding gives 0.
const GEOMETRIC = draw("geometric_", e.max(1, e.ceil(e.div(LOG, A))));
const CAUCHY = draw("cauchy_", e.add(A, e.mul(B, e.tan(e.mul(Math.PI, e.sub(U, 0.5))))));
const LOG_NORMAL = draw("logNormal_", e.exp(e.add(A, e.mul(B, NORMAL))));

function into(x: Tensor, op: KernelOp<DrawParams>, scalars: readonly number[], ...more: Tensor[]): Tensor {
  return x.applyInto(op, { scalars, random: x.device.generator.reserve(x.numel()) }, x, ...more);
}

function checkParameter(op: string, name: string, value: number, wanted: string, valid: boolean): void {
  if (!valid) {
    throw new RangeError(`Cannot apply ${op}() as ${name} must be ${wanted}: current ${name} is ${value}`);
  }
}

/**
 * Overwrites `x` with draws of 1 with probability `p`, and 0 otherwise; returns `x`.
 *
 * @param p A number from 0 to 1, or a tensor of such that broadcasts to `x`; 0.5 by default.
 * @throws {RangeError} If a probability is not between 0 and 1: immediately, or when a result is read.
 */
export function bernoulli_(x: Tensor, p: number | Tensor = 0.5): Tensor {
  checkCall("bernoulli_", arguments, "xN");
  if (typeof p !== "number") {
    checkProbabilities(p);
    return into(x, BERNOULLI_OF, [], p);
  }
  checkParameter("bernoulli_", "p", p, "from 0 to 1", p >= 0 && p <= 1);
  return into(x, BERNOULLI, [p]);
}

/** Overwrites `x` with draws of the exponential distribution of rate `lambda`; returns `x`. */
export function exponential_(x: Tensor, lambda = 1): Tensor {
  checkCall("exponential_", arguments, "xD");
  checkFloating("exponential_", x.dtype);
  checkParameter("exponential_", "lambda", lambda, "above 0", lambda > 0);
  return into(x, EXPONENTIAL, [lambda]);
}

/** Overwrites `x` with how many trials it takes to succeed, each with probability `p`; returns `x`. */
export function geometric_(x: Tensor, p: number): Tensor {
  checkCall("geometric_", arguments, "xd");
  checkParameter("geometric_", "p", p, "between 0 and 1", p > 0 && p < 1);
  return into(x, GEOMETRIC, [Math.log1p(-p)]);
}

/** Overwrites `x` with draws of the Cauchy distribution around `median`; returns `x`. */
export function cauchy_(x: Tensor, median = 0, sigma = 1): Tensor {
  checkCall("cauchy_", arguments, "xDD");
  checkFloating("cauchy_", x.dtype);
  checkParameter("cauchy_", "sigma", sigma, "above 0", sigma > 0);
  return into(x, CAUCHY, [median, sigma]);
}

/** Overwrites `x` with e to the power of normal draws with `mean` and deviation `std`; returns `x`. */
export function logNormal_(x: Tensor, mean = 1, std = 2): Tensor {
  checkCall("logNormal_", arguments, "xDD");
  checkFloating("logNormal_", x.dtype);
  checkParameter("logNormal_", "std", std, "above 0", std > 0);
  return into(x, LOG_NORMAL, [mean, std]);
}
