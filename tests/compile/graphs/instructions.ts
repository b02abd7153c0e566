/** Instructions of random graphs. Values are matrices of a few rows and columns. */
import { noGrad } from "@troodon/autograd";
import {
  cat,
  dropout,
  gather,
  layerNorm,
  logSoftmax,
  maximum,
  minimum,
  randn,
  softmax,
  stack,
  type Tensor,
  tensor,
  where,
} from "@troodon/core";

/** Inputs of an instruction besides its operands. */
export interface Surroundings {
  /** Number of the instruction, from 0 to 99. */
  readonly n: number;
  /** Number passed to each call. */
  readonly alpha: number;
  /** Matrix from outside that the step changes in place. */
  readonly state: Tensor;
}

/** Function that computes a matrix from two others. */
export type Calculation = (a: Tensor, b: Tensor, surroundings: Surroundings) => Tensor;

/** Reshapes `b` to broadcast with `a`. */
function beside(a: Tensor, b: Tensor): Tensor {
  const fits = [0, 1].every((axis) => {
    const [m, n] = [a.shape[axis]!, b.shape[axis]!];
    return m === n || m === 1 || n === 1;
  });
  return fits ? b : b.mean();
}

/** Row or column of `x`. */
const narrowed = (x: Tensor, n: number): Tensor => {
  const axis = n % 2, size = x.shape[axis]!;
  return x.narrow(axis, n % size, 1 + (n % (size - n % size)));
};

/** Copy of `x` after a change in place. */
const changed = (x: Tensor, change: (copy: Tensor) => void): Tensor => {
  const copy = x.clone();
  change(copy);
  return copy;
};

/** All instructions by name. */
export const INSTRUCTIONS: Readonly<Record<string, Calculation>> = {
  add: (a, b) => a.add(beside(a, b)),
  sub: (a, b) => a.sub(beside(a, b)),
  mul: (a, b) => a.mul(beside(a, b)),
  div: (a, b) => a.div(beside(a, b).square().add(1)),
  maximum: (a, b) => maximum(a, beside(a, b)),
  minimum: (a, b) => minimum(a, beside(a, b)),
  where: (a, b) => where(a.gt(0), a, beside(a, b)),
  byNumber: (a, _, { n }) => a.mul(0.5 + n / 100).add(n / 50),
  byArgument: (a, _, { alpha }) => a.mul(alpha),
  tanh: (a) => a.tanh(),
  sigmoid: (a) => a.sigmoid(),
  relu: (a) => a.relu(),
  sin: (a) => a.sin(),
  exp: (a) => a.tanh().exp(),
  square: (a) => a.tanh().square(),
  softmax: (a, _, { n }) => softmax(a, n % 2),
  logSoftmax: (a, _, { n }) => logSoftmax(a, n % 2),
  cumsum: (a, _, { n }) => a.cumsum(n % 2),
  layerNorm: (a) => layerNorm(a, [a.shape[1]!]),
  matmul: (a, b) => {
    if (a.shape[1] === b.shape[0]) return a.matmul(b).tanh();
    return a.matmul((a.shape[1] === b.shape[1] ? b : a).t()).tanh();
  },
  sum: (a, _, { n }) => a.sum(n % 2, { keepdim: true }),
  mean: (a, _, { n }) => a.mean(n % 2, { keepdim: true }),
  max: (a, _, { n }) => a.amax(n % 2, { keepdim: true }),
  std: (a) => a.square().mean().add(0.1).sqrt().reshape([1, 1]),
  transpose: (a) => a.t(),
  narrow: (a, _, { n }) => narrowed(a, n),
  reshape: (a, _, { n }) => n % 2 === 0 ? a.reshape([-1, 1]) : a.reshape([1, -1]),
  expand: (a, b) => a.mean(0, { keepdim: true }).expand([b.shape[0]!, a.shape[1]!]),
  flip: (a, _, { n }) => a.flip([n % 2]),
  cat: (a, b) => a.shape[1] === b.shape[1] ? cat([a, b], 0).narrow(0, 0, a.shape[0]!) : cat([a, a], 1),
  stack: (a) => stack([a, a.neg()], 0).sum(0),
  take: (a, _, { n }) => gather(a, 1, tensor([[n % a.shape[1]!]], { dtype: "int32", device: a.device })),
  constant: (a, _, { n }) => a.add(tensor([[n / 25]], { device: a.device })),
  dropout: (a) => dropout(a, { p: 0.25 }),
  noise: (a) => a.add(randn(a.shape, { device: a.device }).mul(0.1)),
  addInPlace: (a, b) => changed(a, (copy) => void copy.add_(beside(a, b.narrow(0, 0, 1).mean()))),
  reluInPlace: (a) => changed(a, (copy) => void copy.relu_()),
  fillView: (a, _, { n }) => changed(a, (copy) => void narrowed(copy, n).mul_(0.5)),
  copyToView: (a, b, { n }) => changed(a, (copy) => void narrowed(copy, n).copy_(b.mean())),
  detach: (a, b) => a.detach().mul(beside(a, b)),
  readState: (a, _, { state }) => a.mul(state.mean()),
  changeState: (a, _, { state }) => {
    noGrad(() => state.mul_(0.9).add_(a.mean().mul(0.1)));
    return a;
  },
  drawState: (a, _, { state }) => {
    noGrad(() => void state.narrow(0, 0, 1).copy_(randn([1, state.shape[1]!], { device: a.device })));
    return a;
  },
};
