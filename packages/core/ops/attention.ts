/** Attention by scaled products. */
import * as e from "../expr/expr.ts";
import { tidySync } from "../scope.ts";
import { showShape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { dropout } from "./dropout.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "./elementwise.ts";
import { matmul } from "./matmul.ts";
import { softmax } from "./softmax.ts";

/** [batch, queries, keys] with what lies ahead of a query at -Infinity. */
const CAUSAL: ElementwiseOp = elementwise({
  name: "causalMask",
  kind: "float",
  expr: e.where(e.less(e.coordinate(1), e.coordinate(2)), -Infinity, e.input(0)),
});

/** Options of {@linkcode scaledDotProductAttention}. */
export interface AttentionOptions {
  /** bool: which keys a query sees; floating: what is added to the scores. Broadcasts to `[..., l, s]`. */
  readonly attnMask?: Tensor | null;
  /** Part of the weights that is left out; 0 by default. */
  readonly dropoutP?: number;
  /** A query sees no key behind its own position. */
  readonly isCausal?: boolean;
  /** Factor of the scores; `1 / sqrt(e)` by default. */
  readonly scale?: number;
}

/**
 * `softmax(query @ key.T * scale + mask) @ value` (Vaswani et al. 2017, arXiv:1706.03762).
 *
 * @param query `[..., l, e]`
 * @param key `[..., s, e]`
 * @param value `[..., s, v]`
 * @returns `[..., l, v]`
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { attnMask = null, dropoutP = 0, isCausal = false, scale }: AttentionOptions = {},
): Tensor {
  if (query.ndim < 2 || key.ndim < 2 || query.shape.at(-1) !== key.shape.at(-1)) {
    throw new RangeError(
      `Cannot apply scaledDotProductAttention() as shapes must be [..., l, e], [..., s, e], [..., s, v]: ` +
        `current shapes are ${[query, key, value].map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  const factor = scale ?? 1 / Math.sqrt(query.shape.at(-1)!);
  return tidySync(() => {
    let scores = matmul(query.mul(factor), key.transpose(-2, -1));
    if (isCausal) {
      const [l, s] = scores.shape.slice(-2), batch = sizeOf(scores.shape.slice(0, -2));
      const flat = scores.reshape([batch, l!, s!]);
      scores = flat.apply(CAUSAL, NO_SCALARS).reshape(scores.shape);
    }
    if (attnMask) {
      scores = attnMask.dtype === "bool"
        ? scores.maskedFill(attnMask.logicalNot(), -Infinity)
        : scores.add(attnMask);
    }
    const weights = softmax(scores, -1);
    return matmul(dropoutP === 0 ? weights : dropout(weights, { p: dropoutP }), value);
  });
}
