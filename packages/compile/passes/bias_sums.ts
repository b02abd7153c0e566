/** Merges the weight and bias gradients of a linear layer into one kernel. */
import type { Conv2dWeightGradCall } from "@troodon/core";
import {
  body,
  expr,
  isContiguous,
  type LaunchProgram,
  type ProgramLaunch,
  type ProgramView,
  rowMajor,
} from "@troodon/core/kernel";
import { Draft, type Entry } from "./draft.ts";

/** Number of multiplications from which a product keeps the faster matrix-product kernel. */
const FEW = 2 ** 26;

/** Convolution with windows of one pixel, which equals a linear layer. */
export const PIXEL: Conv2dWeightGradCall = {
  kernel: "conv2dWeightGrad",
  window: { size: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] },
  groups: 1,
};
const ITSELF = body(expr.input(0));

/**
 * Computes `g.T @ x` and the row sums of `g` with one kernel: the weight gradient of convolutions, which has both
 * outputs. Sums are added in another order. Pays off for small products on devices with a high launch cost, such as
 * GPUs.
 */
export function joinBiasSums(program: LaunchProgram): LaunchProgram {
  const draft = new Draft(program);
  for (const product of draft.entries) {
    const sizes = weightGradOf(product.launch);
    if (sizes === null || sizes.rows * sizes.outputs * sizes.inputs > FEW) continue;
    const sum = draft.users(sizes.g.slot).find((user) => isSumOf(user.launch, sizes.g));
    if (sum !== undefined) join(draft, product, sum, sizes);
  }
  return draft.program;
}

/** Operands of a product that computes a weight gradient. */
interface WeightGrad {
  /** [rows, outputs] */
  readonly g: ProgramView;
  /** [rows, inputs] */
  readonly x: ProgramView;
  readonly rows: number;
  readonly outputs: number;
  readonly inputs: number;
}

/** Returns the operands of a plain product of a transposed and an untransposed matrix; null for other launches. */
function weightGradOf({ call, inputs: [a, x], outputs: [out] }: ProgramLaunch): WeightGrad | null {
  if (call.kernel !== "matmul" || call.epilogue || a!.shape.length !== 2 || out!.dtype !== "float32") {
    return null;
  }
  const [outputs, rows] = a!.shape as [number, number], inputs = x!.shape[1]!;
  const g: ProgramView = { ...a!, shape: [rows, outputs], strides: a!.strides.toReversed() };
  return [g, x!, out!].every(isContiguous) ? { g, x: x!, rows, outputs, inputs } : null;
}

/** Returns true if a launch is a plain sum of the rows of `g` into a contiguous result. */
function isSumOf({ call, inputs: [read], outputs: [out] }: ProgramLaunch, g: ProgramView): boolean {
  if (call.kernel !== "reduce" || call.op !== "sum" || call.body !== ITSELF || call.post) return false;
  if (call.axes.length !== 1 || call.axes[0] !== 0 || read!.shape.length !== 2) return false;
  return read!.offset === g.offset && read!.dtype === g.dtype && read!.shape[0] === g.shape[0] &&
    read!.shape[1] === g.shape[1] && isContiguous(read!) && isContiguous(out!) && out!.dtype === g.dtype;
}

function join(draft: Draft, product: Entry, sum: Entry, { g, x, rows, outputs, inputs }: WeightGrad): void {
  const [first, last] = product.at < sum.at ? [product, sum] : [sum, product];
  const [weight, bias] = [product.launch.outputs[0]!, sum.launch.outputs[0]!];
  const written = last === sum ? bias : weight, read = last === sum ? [g] : [g, x];
  // The merged launch runs at the earlier position: launches in between must not change its inputs or use its outputs.
  if (draft.isBetween(first.at, last.at, read, [written])) return;
  const seen = (view: ProgramView, shape: readonly number[]): ProgramView => (
    { ...view, shape, strides: rowMajor(shape) }
  );
  draft.remove(last);
  draft.replace(first, {
    call: PIXEL,
    inputs: [seen(g, [rows, outputs, 1, 1]), seen(x, [rows, inputs, 1, 1])],
    outputs: [seen(weight, [outputs, inputs, 1, 1]), seen(bias, [outputs])],
    live: [],
  });
}
