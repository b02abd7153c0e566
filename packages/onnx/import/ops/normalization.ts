/** Normalization. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { sameShape } from "@troodon/core/kernel";
import type { Call } from "../call.ts";
import type { Operators, Results } from "../operator.ts";

/** The axes of `x` from `axis` on. */
const axesFrom = (x: Tensor, axis: number): number[] =>
  x.shape.map((_, i) => i).slice(axis < 0 ? axis + x.ndim : axis);

/** Numbers of the channels as they are broadcast over the places. */
const perChannel = (numbers: Tensor, x: Tensor): Tensor =>
  numbers.reshape([-1, ...Array(x.ndim - 2).fill(1)]);

function batchNormalization(call: Call): Results {
  const x = call.input(0),
    scale = call.input(1),
    bias = call.input(2),
    mean = call.input(3),
    variance = call.input(4);
  const { attributes } = call,
    eps = attributes.float("epsilon", 1e-5),
    momentum = attributes.float("momentum", 0.9);
  if (attributes.int("spatial", 1) === 0) call.refuse("spatial must be 1");
  if (!attributes.flag("training_mode")) {
    return core.batchNorm(x, mean, variance, scale, bias, { training: false, eps });
  }
  const places = x.shape.map((_, i) => i).filter((axis) => axis !== 1);
  const moved = (old: Tensor, now: Tensor): Tensor => old.mul(momentum).add(now.mul(1 - momentum));
  return [
    core.batchNorm(x, null, null, scale, bias, { training: true, eps }),
    moved(mean, core.mean(x, places)),
    moved(variance, core.variance(x, places, { correction: 0 })),
  ];
}

function layerNormalization(call: Call): Results {
  const x = call.input(0), weight = call.input(1), bias = call.optional(2), { attributes } = call;
  const axes = axesFrom(x, attributes.int("axis", -1)), eps = attributes.float("epsilon", 1e-5);
  const shape = axes.map((axis) => x.shape[axis]!);
  const fits = sameShape(weight.shape, shape) && (bias === undefined || sameShape(bias.shape, shape));
  const y = fits
    ? core.layerNorm(x, shape, weight, bias ?? null, { eps })
    : scaled(core.layerNorm(x, shape, null, null, { eps }), weight, bias);
  if (!call.wanted[1] && !call.wanted[2]) return y;
  const spread = core.variance(x, axes, { correction: 0, keepdim: true });
  return [y, core.mean(x, axes, { keepdim: true }), spread.add(eps).rsqrt()];
}

function scaled(x: Tensor, weight: Tensor, bias: Tensor | undefined): Tensor {
  return bias === undefined ? x.mul(weight) : x.mul(weight).add(bias);
}

function rmsNormalization(call: Call): Tensor {
  const x = call.input(0), weight = call.input(1), { attributes } = call;
  const shape = axesFrom(x, attributes.int("axis", -1)).map((axis) => x.shape[axis]!);
  const eps = attributes.float("epsilon", 1e-5);
  return sameShape(weight.shape, shape)
    ? core.rmsNorm(x, shape, weight, { eps })
    : core.rmsNorm(x, shape, null, { eps }).mul(weight);
}

function groupNormalization(call: Call): Tensor {
  const x = call.input(0), weight = call.input(1), bias = call.input(2), { attributes } = call;
  const groups = attributes.int("num_groups") ?? call.refuse("it needs num_groups"), channels = x.shape[1]!;
  // Before version 21 of the operators there is one weight a group.
  const each = (numbers: Tensor): Tensor =>
    call.opset < 21 && numbers.shape[0] !== channels ? numbers.repeatInterleave(channels / groups) : numbers;
  return core.groupNorm(x, groups, each(weight), each(bias), { eps: attributes.float("epsilon", 1e-5) });
}

function instanceNormalization(call: Call): Tensor {
  const x = call.input(0), eps = call.attributes.float("epsilon", 1e-5), places = axesFrom(x, 2);
  const options = { correction: 0, keepdim: true }, mean = core.mean(x, places, { keepdim: true });
  if (places.some((axis) => x.shape[axis] !== 1)) {
    return core.instanceNorm(x, call.input(1), call.input(2), { eps });
  }
  const y = x.sub(mean).mul(core.variance(x, places, options).add(eps).rsqrt());
  return scaled(y, perChannel(call.input(1), x), perChannel(call.input(2), x));
}

function localResponse(call: Call): Tensor {
  const x = call.input(0),
    { attributes } = call,
    size = attributes.int("size") ?? call.refuse("it needs a size");
  const options = {
    alpha: attributes.float("alpha", 1e-4),
    beta: attributes.float("beta", 0.75),
    k: attributes.float("bias", 1),
  };
  if (size % 2 === 1) return core.localResponseNorm(x, size, options);
  // Of an even number of channels, ONNX has the larger half behind the middle.
  return core.localResponseNorm(x.flip([1]), size, options).flip([1]);
}

function lpNormalization(call: Call): Tensor {
  const x = call.input(0), axis = call.attributes.int("axis", -1), p = call.attributes.int("p", 2);
  if (p !== 1 && p !== 2) call.refuse(`p must be 1 or 2: it is ${p}`);
  const sums = (p === 1 ? x.abs() : x.mul(x)).sum([axis], { keepdim: true }),
    norm = p === 1 ? sums : sums.sqrt();
  return core.where(norm.eq(0), core.zerosLike(x), x.div(norm));
}

function meanVarianceNormalization(call: Call): Tensor {
  const x = call.input(0), axes = call.attributes.ints("axes") ?? [0, 2, 3];
  const options = { keepdim: true }, centered = x.sub(core.mean(x, axes, options));
  return centered.div(core.variance(x, axes, { correction: 0, ...options }).sqrt().add(1e-9));
}

/** Normalization. */
export const NORMALIZATION: Operators = {
  BatchNormalization: { run: batchNormalization, statistics: [3, 4] },
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  LRN: localResponse,
  MeanVarianceNormalization: meanVarianceNormalization,
  RMSNormalization: rmsNormalization,
};
