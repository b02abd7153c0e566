/** Attention by scaled products. */
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { checkTypes } from "../base/check_types.ts";
import { dropout } from "../random/dropout.ts";
import { matmul, scaledMatmul } from "../linear/matmul.ts";
import { safeSoftmax, softmax } from "../normalization/softmax.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

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
  /** Whether key and value may have fewer heads than the query, each shared by several of its heads; false by default. */
  readonly enableGqa?: boolean;
}
const ATTENTION_OPTIONS: OptionKeys<AttentionOptions> = {
  attnMask: true,
  dropoutP: true,
  scale: true,
  enableGqa: true,
  isCausal: true,
};

/** How many heads of the query share one of key and value; 1 where there are no groups. */
function groupSize(query: Tensor, key: Tensor, value: Tensor): number {
  const [own, keys, values] = [query, key, value].map((t) => t.shape.at(-3));
  const fits = own !== undefined && keys !== undefined && keys === values && own % keys === 0;
  if (fits) return own / keys;
  throw new RangeError(
    `Cannot apply scaledDotProductAttention() as with enableGqa the heads of key and value must be equally many and ` +
      `divide those of the query, in [..., heads, l, e]: current shapes are ${shapesOf(query, key, value)}`,
  );
}

const shapesOf = (...tensors: readonly Tensor[]): string => tensors.map((t) => showShape(t.shape)).join(", ");

/** `product(a, b)` where each matrix of `b` stands for `size` neighboring ones of `a`. */
function grouped(a: Tensor, b: Tensor, size: number, product: (a: Tensor, b: Tensor) => Tensor): Tensor {
  if (size === 1) return product(a, b);
  const heads = a.shape.at(-3)! / size;
  return product(a.unflatten(-3, [heads, size]), b.unsqueeze(-3)).flatten(-4, -3);
}

/**
 * `softmax(query @ key.T * scale + mask) @ value` (Vaswani et al. 2017, arXiv:1706.03762). A query that the mask shows
 * no key gets 0.
 *
 * @param query `[..., l, e]`
 * @param key `[..., s, e]`
 * @param value `[..., s, v]`
 * @returns `[..., l, v]`
 * @throws {RangeError} If the shapes do not fit.
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options?: AttentionOptions,
): Tensor {
  checkCall("scaledDotProductAttention", arguments, "xxx.");
  const { attnMask = null, dropoutP = 0, isCausal = false, scale, enableGqa = false } = readOptions(
    "scaledDotProductAttention()",
    options,
    ATTENTION_OPTIONS,
  );
  if (query.ndim < 2 || key.ndim < 2 || query.shape.at(-1) !== key.shape.at(-1)) {
    throw new RangeError(
      `Cannot apply scaledDotProductAttention() as shapes must be [..., l, e], [..., s, e], [..., s, v]: ` +
        `current shapes are ${shapesOf(query, key, value)}`,
    );
  }
  const factor = scale ?? 1 / Math.sqrt(query.shape.at(-1)!);
  const group = enableGqa ? groupSize(query, key, value) : 1;
  checkTypes("scaledDotProductAttention", query.dtype, key.dtype, value.dtype);
  return accumulated([query, key, value], (query, key, value) => {
    let scores = grouped(query, key.transpose(-2, -1), group, (q, k) => scaledMatmul(q, k, factor, isCausal));
    if (attnMask) {
      scores = attnMask.dtype === "bool"
        ? scores.maskedFill(attnMask.logicalNot(), -Infinity)
        : scores.add(attnMask);
    }
    const weights = attnMask ? safeSoftmax(scores) : softmax(scores, -1);
    return grouped(dropoutP === 0 ? weights : dropout(weights, { p: dropoutP }), value, group, matmul);
  }, "scaledDotProductAttention");
}
