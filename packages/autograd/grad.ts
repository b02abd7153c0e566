/** Gradients as return values. */
import type { Tensor } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { seedOf } from "./tape.ts";
import { walk } from "./walk.ts";

/** Options of {@linkcode grad}. */
export interface GradOptions {
  /** The gradients of the outputs, of their shapes; 1 for outputs of one element. */
  readonly gradOutputs?: Tensor | readonly (Tensor | null)[];
  /** Keep the graph, so that it can be walked again; `createGraph` by default. */
  readonly retainGraph?: boolean;
  /** Record the walk itself, for higher derivatives. */
  readonly createGraph?: boolean;
  /** Return null for an input that the outputs do not depend on, instead of an error. */
  readonly allowUnused?: boolean;
}
const GRAD_OPTIONS: OptionKeys<GradOptions> = {
  gradOutputs: true,
  retainGraph: true,
  createGraph: true,
  allowUnused: true,
};

const listOf = <T>(x: T | readonly T[]): readonly T[] => Array.isArray(x) ? x : [x as T];

/**
 * The gradients of `outputs` with respect to `inputs`: as `torch.autograd.grad`,
 * it leaves nothing in the `grad` of any tensor.
 *
 * @param inputs Tensors that require gradients, leaves or not.
 * @returns One gradient for each input, of its shape and dtype.
 *
 * @example A second derivative
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { grad, tape } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const x = tensor(3, { device, requiresGrad: true });
 * const [slope] = grad(x.mul(x).mul(x), x, { createGraph: true });
 * const [curvature] = grad(slope!, x);
 * assertEquals([slope!.item(), curvature!.item()], [27, 18]);
 * ```
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions & { readonly allowUnused: true },
): (Tensor | null)[];
/** The same; an input that the outputs do not depend on is a TypeError. */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions,
): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  checkCall("grad", arguments, "mm.");
  options = readOptions("grad()", options, GRAD_OPTIONS);
  const { createGraph = false, retainGraph = createGraph, allowUnused = false } = options;
  const roots = listOf(outputs), targets = listOf(inputs);
  roots.forEach((t, i) => checkNode("output", t, i));
  targets.forEach((t, i) => checkNode("input", t, i));
  const given = options.gradOutputs === undefined ? [] : listOf(options.gradOutputs);
  const seeds = roots.map((root, i) => seedOf("grad", root, given[i]));
  let found: (Tensor | null)[];
  try {
    found = walk(roots, seeds, targets, { createGraph, retainGraph });
  } finally {
    if (!createGraph) seeds.forEach((seed, i) => seed === given[i] || seed.dispose());
  }
  const unused = allowUnused ? -1 : found.indexOf(null);
  if (unused >= 0) {
    throw new TypeError(
      `Cannot compute grad() as the outputs do not depend on input ${unused}: give { allowUnused: true } to get null`,
    );
  }
  return found;
}

function checkNode(kind: string, t: Tensor, i: number): void {
  if (t.node === null) {
    throw new TypeError(`Cannot compute grad() as ${kind} ${i} does not require a gradient`);
  }
}
