/** Functions made of functions, as JAX has them. */
import { type Tensor, zerosLike } from "@troodon/core";
import { enableGrad, isGradEnabled } from "./mode.ts";
import { AccumulateGrad } from "./leaf_node.ts";
import type { Node } from "./node.ts";
import { ownHandle, settled } from "./own.ts";
import { seedOf, tape } from "./tape.ts";
import { walk } from "./walk.ts";
import { checkCall } from "@troodon/core/kernel";

/** What a function may be differentiated by: its first argument, a tensor or a list of tensors. */
export type Differentiable = Tensor | readonly Tensor[];

/** A gradient for each tensor of `X`. */
export type GradientOf<X extends Differentiable> = X extends Tensor ? Tensor : { [I in keyof X]: Tensor };

/**
 * The gradient of `f`, whose result has one element, as a function of its first
 * argument: `gradOf(gradOf(f))` is the second derivative where `f` takes a scalar.
 * Nothing is left in the `grad` of any tensor; derivatives taken within `f` are
 * their own, and of tensors that `f` closes over one may differentiate again.
 *
 * @returns A function of the arguments of `f` to the gradient of the first.
 *
 * @example Derivatives of x^3
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { gradOf } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend());
 * const cube = (x: Tensor) => x.mul(x).mul(x);
 * const x = tensor(2, { device });
 * assertEquals(gradOf(cube)(x).item(), 12);
 * assertEquals(gradOf(gradOf(cube))(x).item(), 12);
 * assertEquals(gradOf(gradOf(gradOf(cube)))(x).item(), 6);
 * ```
 */
export function gradOf<X extends Differentiable, A extends readonly unknown[]>(
  f: (x: X, ...rest: A) => Tensor,
): (x: X, ...rest: A) => GradientOf<X> {
  checkCall("gradOf", arguments, "f");
  const both = valueAndGrad(f);
  return (x, ...rest) => both(x, ...rest)[1];
}

/** {@linkcode gradOf} with the value: `[f(x), gradient]`. */
export function valueAndGrad<X extends Differentiable, A extends readonly unknown[]>(
  f: (x: X, ...rest: A) => Tensor,
): (x: X, ...rest: A) => [Tensor, GradientOf<X>] {
  checkCall("valueAndGrad", arguments, "f");
  return (x, ...rest) => {
    const single = !Array.isArray(x), inputs = (single ? [x] : x) as readonly Tensor[];
    const outer = isGradEnabled();
    const own = inputs.map((t) => ownHandle(t, tape, outer));
    const value = settled("gradOf", enableGrad(() => f((single ? own[0] : own) as X, ...rest)));
    const createGraph = outer && continues(value, own);
    const grads = pull(value, own, createGraph);
    const result = [createGraph ? value : value.detach(), single ? grads[0] : grads];
    for (const t of own) {
      // Whatever walks this graph later has nothing to leave here.
      if (t.node instanceof AccumulateGrad) t.node.tensor = null;
      if (!createGraph) t.dispose();
    }
    return result as [Tensor, GradientOf<X>];
  };
}

function pull(value: Tensor, own: readonly Tensor[], createGraph: boolean): Tensor[] {
  const seed = seedOf("gradOf", value, null);
  try {
    const found = value.node === null
      ? own.map(() => null)
      : walk([value], [seed], own, { createGraph, retainGraph: createGraph });
    return found.map((g, i) => g ?? zerosLike(own[i]!));
  } finally {
    if (!createGraph) seed.dispose();
  }
}

/** Whether somebody could differentiate further: a leaf other than the function's own led to `value`. */
function continues(value: Tensor, own: readonly Tensor[]): boolean {
  if (value.node === null) return false;
  const mine = new Set(own.map((t) => t.node as Node)), seen = new Set<Node>();
  const stack = [value.node as Node];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    if (node instanceof AccumulateGrad) {
      if (!mine.has(node) && node.tensor !== null) return true;
    } else for (const next of node.next) if (next !== null) stack.push(next);
  }
  return false;
}
