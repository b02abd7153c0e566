/** Refusing elements that an op has no result for. */
import type { Refusal } from "../../backend/refusal.ts";
import { computeType } from "../../dtype.ts";
import { body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import type { Tensor } from "../../tensor.ts";
import { promoteSpecs } from "./elementwise.ts";

const REFUSE: KernelOp<{ readonly refusal: Refusal }> = {
  kind: "kernel",
  name: "refuse",
  differentiable: false,
  infer: ([found]) => [found!],
  kernel: (_inputs, _outputs, { refusal }) => ({ kernel: "gather", axis: 0, refusal }),
};

const POSITIVE = body(e.less(0, e.input(0)));

/** Refuses calls with some elements, as soon as the device sees them: at once, or when something is read. */
export interface ElementCheck {
  /** Throws, now or later, if there are such elements; all inputs have one shape. */
  (...inputs: readonly [Tensor, ...Tensor[]]): void;
}

/**
 * A check that costs two small kernels and waits for nothing: 1 is looked up in a list of one element where `bad` is
 * not 0 for some element.
 */
export function elementCheck(refusal: Refusal, bad: e.Expr): ElementCheck {
  const found: KernelOp = {
    kind: "kernel",
    name: refusal,
    differentiable: false,
    infer: () => [{ shape: [], dtype: "int32" }],
    kernel: (inputs) => ({
      kernel: "reduce",
      op: "max",
      body: any,
      // Nothing to bring together is -Infinity.
      post: POSITIVE,
      compute: computeType(promoteSpecs(inputs)),
      scalars: [],
      shape: inputs[0]!.shape,
      axes: inputs[0]!.shape.map((_, i) => i),
    }),
  };
  const any = body(bad);
  return (first, ...rest) =>
    tidySync(() => {
      const one = first.apply(found, undefined, ...rest).reshape([1]);
      one.apply(REFUSE, { refusal }, one);
    }, false);
}
