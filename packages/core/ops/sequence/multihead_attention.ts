/** Attention of several heads, each with its own projections. */
import { isFloating } from "../../dtype.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { scaledDotProductAttention } from "./attention.ts";
import { cat } from "../shape/cat.ts";
import { checkTypes } from "../base/check_types.ts";
import { dropout } from "../random/dropout.ts";
import { linear } from "../linear/linear.ts";
import { chunksOf } from "../shape/pieces.ts";
import { safeSoftmax, softmax } from "../normalization/softmax.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";
import { checkTensors } from "../../tensor/check_tensors.ts";

/** What {@linkcode multiHeadAttention} has learnt; e is the extent of the embedding. */
export interface MultiHeadAttentionWeights {
  /** Of query, key and value, one below the other: `[3 * e, e]`. Or one for each, where their extents differ. */
  readonly inProjWeight: Tensor | readonly [query: Tensor, key: Tensor, value: Tensor];
  /** `[3 * e]`, or nothing. */
  readonly inProjBias?: Tensor | null;
  /** `[e, e]` */
  readonly outProjWeight: Tensor;
  /** `[e]`, or nothing. */
  readonly outProjBias?: Tensor | null;
  /** A further key that every query sees, `[1, 1, e]`, or nothing; there is a `biasV` as well, or neither. */
  readonly biasK?: Tensor | null;
  /** The value of that key, `[1, 1, e]`, or nothing. */
  readonly biasV?: Tensor | null;
}

/** Which keys are seen. */
export interface AttentionMasks {
  /** bool: which keys a query does not see; floating: what is added to the scores. `[l, s]`, or `[n * heads, l, s]`. */
  readonly attnMask?: Tensor | null;
  /** bool: keys that nobody sees; floating: what is added to their scores. `[n, s]`, or `[s]`. */
  readonly keyPaddingMask?: Tensor | null;
  /** A query sees no key behind its own position; false by default. */
  readonly isCausal?: boolean;
}

/** Options of {@linkcode multiHeadAttention}. */
export interface MultiHeadAttentionOptions extends AttentionMasks {
  /** Tensors are `[n, l, e]` rather than `[l, n, e]`; false by default. */
  readonly batchFirst?: boolean;
  /** Whether there is a further key of zeros, whose value is 0; false by default. */
  readonly addZeroAttn?: boolean;
  /** Whether weights are a result; true by default. Without them less memory is needed. */
  readonly needWeights?: boolean;
  /** Whether the weights of all heads become one; true by default. */
  readonly averageAttnWeights?: boolean;
  /** Part of the weights that is left out; 0 by default. */
  readonly dropoutP?: number;
  /** Nothing is left out if false; true by default. */
  readonly training?: boolean;
}
const MULTI_HEAD_ATTENTION_OPTIONS: OptionKeys<MultiHeadAttentionOptions> = {
  batchFirst: true,
  addZeroAttn: true,
  needWeights: true,
  averageAttnWeights: true,
  dropoutP: true,
  training: true,
  attnMask: true,
  keyPaddingMask: true,
  isCausal: true,
};

/** Query, key and value projected, with as few products as there are different tensors. */
function projected(
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  { inProjWeight: w, inProjBias: b }: MultiHeadAttentionWeights,
): readonly Tensor[] {
  if ("dtype" in w && q === k && k === v) return chunksOf(linear(q, w, b), 3, q.ndim - 1);
  const weights = "dtype" in w ? chunksOf(w, 3, 0) : w, biases = b ? chunksOf(b, 3, 0) : [];
  return [q, k, v].map((x, i) => linear(x, weights[i]!, biases[i]));
}

/** All masks as one that is added to scores [n, heads, l, s], of which every query sees the last `more`; or null. */
function maskOf(
  { attnMask, keyPaddingMask, isCausal = false }: AttentionMasks,
  like: Tensor,
  [n, heads, l, s]: readonly [number, number, number, number],
  more: number,
): Tensor | null {
  const masks: Tensor[] = [];
  if (attnMask) masks.push(attnMask.ndim === 3 ? attnMask.reshape([n, heads, l, s]) : attnMask);
  if (keyPaddingMask) masks.push(keyPaddingMask.reshape([n, 1, 1, s]));
  for (const { dtype } of masks) {
    if (dtype === "bool" || isFloating(dtype)) continue;
    throw new TypeError(
      `Cannot apply multiHeadAttention() as masks must be bool or floating: current dtype is ${dtype}`,
    );
  }
  if (isCausal) masks.push(like.newOnes([l, s], "bool").triu(1));
  const added = masks.map((m) => m.dtype === "bool" ? like.newZeros([1]).maskedFill(m, -Infinity) : m);
  if (added.length === 0) return null;
  const mask = added.reduce((a, b) => a.add(b));
  return more === 0 ? mask : mask.pad([0, more]);
}

/** Keys or values [n, s, e] with what is learnt of them [1, 1, e] and with zeros behind. */
function extended(x: Tensor, learnt: Tensor | null | undefined, zeros: boolean): Tensor {
  const [n, , e] = x.shape, parts = [x];
  if (learnt) parts.push(learnt.expand([n!, 1, e!]));
  if (zeros) parts.push(x.newZeros([n!, 1, e!]));
  return parts.length === 1 ? x : cat(parts, 1);
}

/**
 * Attention of `numHeads` heads (Vaswani et al. 2017, arXiv:1706.03762): query, key and value are projected, each
 * head attends to its share of the embedding, and all of them together are projected again.
 *
 * @param query `[l, n, e]`, `[n, l, e]` with `batchFirst`, or `[l, e]`.
 * @param key `[s, n, k]`, laid out alike.
 * @param value `[s, n, v]`, laid out alike.
 * @param numHeads A divisor of e.
 * @returns What is attended to, in the shape of the query, and the weights `[n, l, s]`, `[n, heads, l, s]` without
 * averaging (both without n where the query has none), or null. A query that the masks show no key gets weights of 0.
 * @throws {RangeError} If the shapes do not fit.
 */
export function multiHeadAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  numHeads: number,
  weights: MultiHeadAttentionWeights,
  options: MultiHeadAttentionOptions = {},
): readonly [output: Tensor, weights: Tensor | null] {
  checkCall("multiHeadAttention", arguments, "xxxdo.");
  options = readOptions("multiHeadAttention()", options, MULTI_HEAD_ATTENTION_OPTIONS);
  const { batchFirst = false, needWeights = true, averageAttnWeights = true, training = true } = options;
  // Weights may be a layer, which has more than those.
  const { inProjWeight, inProjBias = null, outProjWeight, outProjBias = null, biasK = null, biasV = null } =
    weights;
  checkTensors("multiHeadAttention", [inProjWeight, outProjWeight].flat());
  const learnt = { inProjWeight, inProjBias, outProjWeight, outProjBias, biasK, biasV };
  const addZeroAttn = options.addZeroAttn ?? false;
  const dropoutP = training ? options.dropoutP ?? 0 : 0;
  const e = outProjWeight.shape[0]!, all = [query, key, value] as const, batch = batchFirst ? 0 : 1;
  const fits = query.ndim >= 2 && query.ndim <= 3 && all.every((t) => t.ndim === query.ndim) &&
    query.shape.at(-1) === e && Number.isInteger(e / numHeads) &&
    key.shape.slice(0, -1).every((n, i) => n === value.shape[i]) &&
    (query.ndim === 2 || key.shape[batch] === query.shape[batch]);
  if (!fits) {
    throw new RangeError(
      `Cannot apply multiHeadAttention() as shapes must be [l, n, e], [s, n, k], [s, n, v], with e a multiple of the ` +
        `number of heads: current shapes are ${
          all.map((t) => showShape(t.shape)).join(", ")
        }, e is ${e}, and there ` +
        `are ${numHeads} heads`,
    );
  }
  if (!biasK !== !biasV || [biasK, biasV].some((t) => t && !sameShape(t.shape, [1, 1, e]))) {
    throw new RangeError(
      `Cannot apply multiHeadAttention() as biasK and biasV must both have shape [1, 1, ${e}], or both be left out: ` +
        `current shapes are ${[biasK, biasV].map((t) => t ? showShape(t.shape) : "none").join(", ")}`,
    );
  }
  checkTypes(
    "multiHeadAttention",
    ...[...all, ...Object.values(learnt).flat()].flatMap((t) => t ? t.dtype : []),
  );
  return accumulated([query, key, value, learnt], (query, key, value, weights) => {
    const single = query.ndim === 2, all = [query, key, value], { biasK, biasV } = weights;
    // [n, length, ...], the same tensor for the same tensor.
    const turned = new Map(all.map((t) => [t, single ? t.unsqueeze(0) : batchFirst ? t : t.transpose(0, 1)]));
    const ready = all.map((t) => turned.get(t)!) as unknown as readonly [Tensor, Tensor, Tensor];
    const [n, l] = ready[0].shape as [number, number], s = ready[1].shape[1]!;
    const [queries, keys, values] = projected(ready, weights) as [Tensor, Tensor, Tensor];
    const heads = [queries, extended(keys, biasK, addZeroAttn), extended(values, biasV, addZeroAttn)];
    const [q, k, v] = heads.map((t) => t.unflatten(2, [numHeads, e / numHeads]).transpose(1, 2));
    const mask = maskOf(options, q!, [n, numHeads, l, s], k!.shape[2]! - s);
    let attended: Tensor, seen: Tensor | null = null;
    if (needWeights) {
      const scores = q!.mul(1 / Math.sqrt(e / numHeads)).matmul(k!.transpose(2, 3));
      seen = dropout(mask ? safeSoftmax(scores.add(mask)) : softmax(scores, -1), { p: dropoutP });
      attended = seen.matmul(v!);
      if (averageAttnWeights) seen = seen.mean(1);
      if (single) seen = seen.squeeze(0);
    } else attended = scaledDotProductAttention(q!, k!, v!, { attnMask: mask, dropoutP });
    const joined = attended.transpose(1, 2).reshape([n, l, e]);
    const output = linear(joined, weights.outProjWeight, weights.outProjBias);
    return [single ? output.squeeze(0) : batchFirst ? output : output.transpose(0, 1), seen];
  }, "multiHeadAttention");
}
