/** The tape: what `@troodon/core` knows of this package. */
import {
  type BackwardOptions,
  full,
  type GradHook,
  type GradNode,
  isFloating,
  type Link,
  type OpCall,
  type PostAccumulateGradHook,
  type Tape,
  type Tensor,
} from "@troodon/core";
import { checkCall, type flow, sameShape, showShape } from "@troodon/core/kernel";
import { examineCall, siteOfCall } from "./anomaly.ts";
import { hookLeaf } from "./leaf_hooks.ts";
import { AccumulateGrad } from "./leaf_node.ts";
import { CallNode, type Hook, type Node } from "./node.ts";
import { sharedOnes } from "./shared_ones.ts";
import { walk } from "./walk.ts";

/**
 * Records calls and walks them backwards. Give it to a device to have
 * differentiable tensors there; it keeps nothing itself, so one serves all.
 *
 * @example A device that differentiates
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { tape } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const x = tensor([1, 2, 3], { device, requiresGrad: true });
 * x.mul(x).sum().backward();
 * assertEquals(x.grad?.tolist(), [2, 4, 6]);
 * ```
 */
export const tape: Tape = {
  leaf(tensor: Tensor): GradNode {
    return new AccumulateGrad(tape, tensor);
  },

  record(call: OpCall, { scope, anomaly }: flow.Frame): void {
    let any = false;
    for (let i = 0; i < call.outputs.length; i++) any ||= isFloating(call.outputs[i]!.dtype);
    if (!any) return;
    const before = call.inPlace ? call.outputs[0]!.node : null, node = new CallNode(tape, call, scope);
    if (before !== null) moveRetained(before, node);
    if (anomaly !== null) node.site = examineCall(call);
  },

  link({ op, params, inputs, output }: Link, { anomaly }: flow.Frame): void {
    const before = output.node,
      node = new CallNode(tape, { op, params, inputs, outputs: [output], link: true }, null);
    if (before !== null) moveRetained(before, node);
    if (anomaly !== null) node.site = siteOfCall();
  },

  backward(
    root: Tensor,
    { gradient, createGraph = false, retainGraph = createGraph }: BackwardOptions,
  ): void {
    const seed = seedOf("backward", root, gradient, createGraph ? ones : sharedOnes);
    try {
      walk([root], [seed], null, { createGraph, retainGraph });
    } finally {
      if (seed !== gradient && !createGraph) seed.dispose();
    }
  },

  hook(tensor: Tensor, hook: GradHook): Disposable {
    const node = tensor.node as Node, entry: Hook = { output: tensor.outputNumber, hook };
    (node.hooks ??= []).push(entry);
    return { [Symbol.dispose]: () => void (node.hooks = node.hooks!.filter((h) => h !== entry)) };
  },

  hookAfterAccumulation(tensor: Tensor, hook: PostAccumulateGradHook): Disposable {
    return hookLeaf(tensor.node as AccumulateGrad, hook);
  },

  retainsGrad(tensor: Tensor): boolean {
    const node = tensor.node as Node;
    return node instanceof CallNode && (node.retained?.some((r) => r.tensor === tensor) ?? false);
  },

  retainGrad(tensor: Tensor): void {
    const node = tensor.node as Node;
    if (node instanceof AccumulateGrad) return;
    const retained = node.retained ??= [];
    if (!retained.some((r) => r.tensor === tensor)) retained.push({ output: tensor.outputNumber, tensor });
  },

  visitSaved(tensors: readonly Tensor[], since: number, adopt: (saved: Tensor) => void): void {
    const seen = new Set<Node>(), stack: (Node | null)[] = tensors.map((t) => t.node as Node | null);
    while (stack.length > 0) {
      const node = stack.pop()!;
      // Whatever led to an old node is older still.
      if (node === null || node.id < since || node instanceof AccumulateGrad || seen.has(node)) continue;
      seen.add(node);
      node.visitSaved(adopt);
      for (const next of node.next) stack.push(next);
    }
  },
};

/** Gradients that are left in a tensor are those of the value that it was changed to last. */
function moveRetained(before: GradNode, after: CallNode): void {
  if (!(before instanceof CallNode) || before.retained === null) return;
  const moved = before.retained.filter(({ tensor }) => tensor.node === after);
  if (moved.length === 0) return;
  before.retained = before.retained.filter((entry) => !moved.includes(entry));
  after.retained = [...after.retained ?? [], ...moved.map(({ tensor }) => ({ output: 0, tensor }))];
}

/** The gradient to start from: the one given, or 1, which `one` makes. */
export function seedOf(
  name: string,
  root: Tensor,
  given: Tensor | null | undefined,
  one: (like: Tensor) => Tensor = ones,
): Tensor {
  if (given) {
    if (!sameShape(given.shape, root.shape)) {
      throw new RangeError(
        `Cannot apply ${name}() as the gradient must have the shape of the tensor: ` +
          `current shapes are ${showShape(given.shape)} and ${showShape(root.shape)}`,
      );
    }
    return given.to(root.dtype);
  }
  if (root.numel() !== 1) {
    throw new RangeError(
      `Cannot apply ${name}() as a gradient can be created implicitly for a tensor of one element alone: ` +
        `current shape is ${showShape(root.shape)}, give { ${name === "grad" ? "gradOutputs" : "gradient"} }`,
    );
  }
  return one(root);
}

function ones({ shape, device, dtype }: Tensor): Tensor {
  return full(shape, 1, { device, dtype });
}

/** Makes `t` a leaf that gradients are left in, whether or not its device has a tape; returns `t`. */
export function requireGrad(t: Tensor): Tensor {
  checkCall("requireGrad", arguments, "x");
  if (t.node !== null) return t;
  if (t.device.tape !== null) return t.requiresGrad_();
  if (!isFloating(t.dtype)) {
    throw new TypeError(
      `Cannot require a gradient as the dtype must be floating: current dtype is ${t.dtype}`,
    );
  }
  t.node = tape.leaf(t);
  return t;
}
