/** Terms of the losses of random training programs: the ways by which gradients come to parameters. */
import { checkpoint, defineFunction, enableGrad } from "@troodon/autograd";
import { cat, type Tensor } from "@troodon/core";

const flat = (x: Tensor): Tensor => x.reshape([-1]);

/** A gradient that goes through unchanged, and one that is made anew. */
const THROUGH = defineFunction({ name: "Through", forward: (_, x) => x.mul(1), backward: (_, g) => g });
const DOUBLED = defineFunction({
  name: "Doubled",
  forward: (_, x) => x.mul(2),
  backward: (_, g) => g.mul(2),
});

/** A function whose backward pass makes another one, which leaves a gradient in `other`. */
const nested = (other: Tensor) =>
  defineFunction({
    name: "Nested",
    forward: (_, x) => x.mul(2),
    backward: (_, g) => {
      if (other.requiresGrad) enableGrad(() => other.square().sum().backward());
      return g.mul(2);
    },
  });

/** Functions of two tensors of any shapes, which may be one. */
export const TERMS: readonly ((p: Tensor, q: Tensor) => Tensor)[] = [
  (p) => p,
  (p) => p.square(),
  (p) => p.sin().mul(p),
  (p, q) => p.sum().add(q.exp().mul(0.1).sum()),
  (p, q) => p.reshape([-1, 1]).mul(q.reshape([1, -1])),
  (p, q) => p.reshape([-1, 1]).matmul(q.reshape([1, -1])).tanh(),
  (p, q) => cat([flat(p), flat(q)]).square(),
  (p, q) => flat(p).narrow(0, 0, 1).mul(q),
  (p) => p.ndim === 2 ? p.t().mul(p.t()).cumsum(0) : p.neg(),
  (p) => p.numel() > 1 ? p.asStrided([p.numel() - 1], [1], 1).square() : p,
  (p) => flat(p).softmax(0).mul(flat(p)),
  (p) => THROUGH(p).add(DOUBLED(p)),
  (p) => checkpoint((x: Tensor) => x.mul(x).add(p), p),
  (p, q) => nested(q)(p),
];
