/** Gradients brought to the shape of what they belong to, added up and left in tensors. */
import type { Shape, Tensor, TensorSpec } from "@troodon/core";
import { isSoleOwner, sameShape, showShape } from "@troodon/core/kernel";

/** Undoes broadcasting: the sum over what was repeated, and the dtype before promotion. */
export function fit(g: Tensor, { shape, dtype }: TensorSpec, op: string): Tensor {
  const t = sameShape(g.shape, shape) ? g : sumTo(g, shape, op);
  return t.dtype === dtype ? t : t.to(dtype);
}

function sumTo(g: Tensor, shape: Shape, op: string): Tensor {
  const lead = g.ndim - shape.length;
  const axes: number[] = [];
  let fits = lead >= 0;
  for (let i = 0; i < g.ndim; i++) {
    const n = shape[i - lead];
    if (i < lead || (n === 1 && g.shape[i] !== 1)) axes.push(i);
    else if (n !== g.shape[i]) fits = false;
  }
  if (!fits) {
    throw new RangeError(
      `Cannot run backward() through ${op}() as a gradient must broadcast from the shape of its input: ` +
        `current shapes are ${showShape(g.shape)} and ${showShape(shape)}`,
    );
  }
  const summed = g.sum(axes, { keepdim: true });
  return lead > 0 ? summed.reshape(shape) : summed;
}

/**
 * Adds `g` to the gradient of `target`. `g` is the caller's, and taken from it if
 * `give`; with `createGraph` the sum is recorded, and without it calls must not be.
 */
export function accumulate(target: Tensor, g: Tensor, createGraph: boolean, give: boolean): void {
  const before = target.grad;
  if (createGraph) {
    target.grad = (before === null ? g.clone() : before.add(g)).adopt();
    return;
  }
  if (before === null && give && isSoleOwner(g)) {
    target.grad = g.adopt();
    return;
  }
  if (before === null || before.node !== null) {
    target.grad = (before === null ? g.clone() : before.detach().add(g)).adopt();
  } else before.add_(g);
  if (give) g.dispose();
}

/** Stores gradients of a call's outputs in the tensors that requested them by `retainGrad()`. */
export function leaveRetained(
  retained: readonly { readonly output: number; readonly tensor: Tensor }[],
  grads: readonly (Tensor | null)[],
  createGraph: boolean,
): void {
  for (const { output, tensor } of retained) {
    const g = grads[output]!;
    if (g !== null && !tensor.isDisposed) accumulate(tensor, g, createGraph, false);
  }
}
