/** Activations. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Handler, Operators } from "../operator.ts";
import { unary } from "./elementwise.ts";

function hardSigmoid(call: Call): Tensor {
  const { attributes } = call, alpha = attributes.float("alpha", 0.2), beta = attributes.float("beta", 0.5);
  return core.clamp(call.input(0).mul(alpha).add(beta), { min: 0, max: 1 });
}

/** Made of the exponential unit because `selu()` has other constants in its gradient. */
function selu(call: Call): Tensor {
  const { attributes } = call;
  const alpha = attributes.float("alpha", 1.6732632423543772),
    gamma = attributes.float("gamma", 1.0507009873554805);
  return core.elu(call.input(0), { alpha }).mul(gamma);
}

function shrink(call: Call): Tensor {
  const x = call.input(0), { attributes } = call;
  const bias = attributes.float("bias", 0), limit = attributes.float("lambd", 0.5);
  const zero = core.zerosLike(x);
  return core.where(x.lt(-limit), x.add(bias), core.where(x.gt(limit), x.sub(bias), zero)).to(x.dtype);
}

function prelu(call: Call): Tensor {
  const x = call.input(0), given = call.input(1);
  // Before version 7 of the operators one slope a channel was a list.
  const perChannel = call.opset < 7 && given.ndim === 1 && x.ndim > 1;
  const slope = perChannel ? given.reshape([-1, ...Array(x.ndim - 2).fill(1)]) : given;
  return core.where(x.lt(0), x.mul(slope), x);
}

function gelu(call: Call): Tensor {
  const approximate = call.attributes.text("approximate", "none");
  if (approximate !== "none" && approximate !== "tanh") {
    call.refuse(`approximate must be none or tanh: it is ${approximate}`);
  }
  return core.gelu(call.input(0), { approximate });
}

/**
 * Applies a function along an axis; before version 13 of the operators, over all axes from `axis` on.
 */
const along = (f: (x: Tensor, axis: number) => Tensor): Handler => (call) => {
  const x = call.input(0), axis = call.attributes.int("axis", call.opset < 13 ? 1 : -1);
  if (call.opset >= 13) return x.ndim === 0 ? f(x.reshape([1]), 0).reshape([]) : f(x, axis);
  const from = axis < 0 ? axis + x.ndim : axis, rows = x.shape.slice(0, from).reduce((a, b) => a * b, 1);
  return f(x.reshape([rows, x.numel() / Math.max(rows, 1)]), 1).reshape(x.shape);
};

/** 1 at the first of the largest elements along an axis, and 0 elsewhere. */
function hardmax(x: Tensor, axis: number): Tensor {
  const first = core.argmax(x, axis, { keepdim: true });
  return core.zerosLike(x).scatter(axis < 0 ? axis + x.ndim : axis, first, 1);
}

/** The second input, let through as far as the first says. */
const swiGlu = (call: Call): Tensor => swish(call).mul(call.input(1));

function swish(call: Call): Tensor {
  const x = call.input(0);
  return x.mul(core.sigmoid(x.mul(call.attributes.float("alpha", 1))));
}

/** Activations. */
export const ACTIVATION: Operators = {
  Celu: (call) => core.celu(call.input(0), { alpha: call.attributes.float("alpha", 1) }),
  Elu: (call) => core.elu(call.input(0), { alpha: call.attributes.float("alpha", 1) }),
  Gelu: gelu,
  Hardmax: along(hardmax),
  HardSigmoid: hardSigmoid,
  HardSwish: unary((x) => core.hardswish(x)),
  LeakyRelu: (call) => core.leakyRelu(call.input(0), { negativeSlope: call.attributes.float("alpha", 0.01) }),
  LogSoftmax: along((x, axis) => core.logSoftmax(x, axis)),
  Mish: unary((x) => core.mish(x)),
  PRelu: prelu,
  Relu: unary((x) => core.relu(x)),
  Selu: selu,
  Shrink: shrink,
  Sigmoid: unary((x) => core.sigmoid(x)),
  Softmax: along((x, axis) => core.softmax(x, axis)),
  Softplus: unary((x) => core.softplus(x)),
  Softsign: unary((x) => core.softsign(x)),
  SwiGLU: swiGlu,
  Swish: swish,
  Tanh: unary((x) => core.tanh(x)),
  ThresholdedRelu: (call) => core.threshold(call.input(0), call.attributes.float("alpha", 1), 0),
};
