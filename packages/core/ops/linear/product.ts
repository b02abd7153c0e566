/** The op of products of matrices, which takes either operand as it lies or turned. */
import type { MatmulCall } from "../../backend/kernel_call.ts";
import { type Body, body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { Layout } from "../../layout.ts";
import type { KernelOp, Saves, Wants } from "../../op.ts";
import type { Tensor } from "../../tensor.ts";

const SCALED: Body = body(e.mul(e.input(0), e.scalar(0)));

/** The scaled product of matrices [..., l, s] of so many axes, without what lies right of the diagonal. */
function causalOf(rank: number): Body {
  const ahead = e.less(e.coordinate(rank - 2), e.coordinate(rank - 1));
  return body(e.where(ahead, -Infinity, e.mul(e.input(0), e.scalar(0))));
}

const SUM: Body = body(e.add(e.input(0), e.input(1)));

/** Which of the operands are multiplied as their transposes are. */
export interface ProductParams {
  /** Whether the first one is. */
  readonly left: boolean;
  /** Whether the second one is. */
  readonly right: boolean;
  /** Factor applied to the product in the same kernel; 1 by default. */
  readonly scale?: number;
  /**
   * Causal masking: elements right of the diagonal become -Infinity; false by default. The gradient of the result must be 0 there,
   * as that of a softmax is, and nothing stands for it in the gradients of the operands.
   */
  readonly causal?: boolean;
}

/** Both as they are. */
export const PLAIN: ProductParams = { left: false, right: false };

/** The matrices of `x` turned, or as they are; either way without a tensor of their own. */
function turned(x: Layout, turn: boolean): Layout {
  const { shape, strides, offset } = x;
  if (!turn) return x;
  const rank = shape.length, swapped = [...shape], steps = [...strides];
  swapped[rank - 2] = shape[rank - 1]!;
  swapped[rank - 1] = shape[rank - 2]!;
  steps[rank - 2] = strides[rank - 1]!;
  steps[rank - 1] = strides[rank - 2]!;
  return { shape: swapped, strides: steps, offset };
}

/** [..., m, k] by [..., k, n], of one rank and equal leading axes; either may be the transpose of what is given. */
function product(name: string): KernelOp<ProductParams> {
  const op: KernelOp<ProductParams> = {
    kind: "kernel",
    name,
    infer(inputs, { left, right }) {
      const a = inputs[0]!, shape = [...a.shape], rank = shape.length;
      if (left) shape[rank - 2] = a.shape[rank - 1]!;
      shape[rank - 1] = inputs[1]!.shape[rank - (right ? 2 : 1)]!;
      return [{ shape, dtype: a.dtype }];
    },
    kernel([a], _outputs, { scale, causal }) {
      if (scale === undefined && !causal) return PRODUCT;
      const epilogue = causal ? causalOf(a!.shape.length) : SCALED;
      return { kernel: "matmul", epilogue, scalars: [scale ?? 1] };
    },
    arrange: (inputs, { left, right }) => ({
      inputs: [turned(inputs[0]!, left), turned(inputs[1]!, right)],
      output: null,
    }),
    saves: crosswise,
    vjp([g], saved) {
      const { left, right, scale } = saved.params, rest = scale === undefined ? {} : { scale };
      return [
        () =>
          left
            ? saved.input(1).apply(op, { ...rest, left: right, right: true }, g!)
            : g!.apply(op, { ...rest, left: false, right: !right }, saved.input(1)),
        () =>
          right
            ? g!.apply(op, { ...rest, left: true, right: left }, saved.input(0))
            : saved.input(0).apply(op, { ...rest, left: !left, right: false }, g!),
      ];
    },
  };
  return op;
}

/** The call without anything done to the product. */
export const PRODUCT: MatmulCall = { kernel: "matmul", scalars: [] };
/** The call that adds another input to the product. */
export const PRODUCT_AND_SUM: MatmulCall = { kernel: "matmul", epilogue: SUM, scalars: [] };

const NEITHER: Saves = {},
  FIRST: Saves = { inputs: [0] },
  SECOND: Saves = { inputs: [1] },
  BOTH: Saves = { inputs: [0, 1] };

/** The inputs a matrix product saves for its gradient: each operand only if the other one needs a gradient. */
export function crosswise(_params: unknown, wants: Wants): Saves {
  return wants.needs(0) ? (wants.needs(1) ? BOTH : SECOND) : wants.needs(1) ? FIRST : NEITHER;
}

/** Of two matrices. */
export const MM: KernelOp<ProductParams> = product("mm");
/** Of as many matrices on either side. */
export const BMM: KernelOp<ProductParams> = product("bmm");

/** {@linkcode mm} of matrices that fit, either of which may be the transpose of what is given. */
export function mmTurned(a: Tensor, b: Tensor, turn: ProductParams): Tensor {
  return a.apply(MM, turn, b);
}
