/** Attention, and positions as rotations. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operators, Results } from "../operator.ts";

/** [n, l, heads * e] as [n, heads, l, e]. */
function inHeads(call: Call, x: Tensor, heads: number | undefined): Tensor {
  if (x.ndim === 4) return x;
  const [n, length, width] = x.shape as [number, number, number],
    count = heads ?? call.refuse("it needs numbers of heads");
  return x.reshape([n, length, count, width / count]).transpose(1, 2);
}

/** Returns the mask to add to attention scores: 0 for true, minus infinity for false. */
function biasOf(mask: Tensor, like: Tensor): Tensor {
  if (mask.dtype !== "bool") return mask;
  const options = { dtype: like.dtype, device: like.device };
  return core.where(mask, core.zeros([], options), core.full([], -Infinity, options));
}

/** Returns a mask of the keys that a query sees, from the distance of each key before it; undefined if it sees all. */
function windowMask(call: Call, queries: number, keys: number): Tensor | undefined {
  const { attributes, device } = call, causal = attributes.flag("is_causal");
  const left = attributes.int("left_window_size", -1), right = attributes.int("right_window_size", -1);
  if (!causal && left < 0 && right < 0) return undefined;
  const options = { dtype: "int64", device } as const,
    column = core.arange(0, queries, 1, options).reshape([-1, 1]);
  const valid = call.optional(6), past = call.inputs[4]?.tensor.shape[2] ?? 0;
  const offset = valid === undefined
    ? column.add(past)
    : column.add(valid.reshape([-1, 1, 1, 1]).sub(queries));
  const behind = offset.sub(core.arange(0, keys, 1, options));
  const limits = [
    ...(causal ? [behind.ge(0)] : []),
    ...(left >= 0 ? [behind.le(left)] : []),
    ...(right >= 0 ? [behind.ge(-right)] : []),
  ];
  return limits.reduce((a, b) => core.logicalAnd(a, b));
}

/** All that is added to the scores, [n or 1, heads or 1, queries, keys]; undefined if nothing is. */
function scoreBias(call: Call, query: Tensor, keys: number): Tensor | undefined {
  const parts: Tensor[] = [], given = call.optional(3), valid = call.optional(6), { device } = call;
  if (given !== undefined) {
    const bias = biasOf(given, query), missing = keys - bias.shape.at(-1)!;
    parts.push(missing > 0 ? core.pad(bias, [0, missing], { value: -Infinity }) : bias);
  }
  const window = windowMask(call, query.shape[2]!, keys);
  if (window !== undefined) parts.push(biasOf(window, query));
  if (valid !== undefined) {
    const places = core.arange(0, keys, 1, { dtype: "int64", device });
    parts.push(biasOf(places.lt(valid.reshape([-1, 1, 1, 1])), query));
  }
  return parts.length === 0 ? undefined : parts.reduce((a, b) => a.add(b));
}

/** Softmax of rows, which is 0 all along a row of nothing but minus infinities. */
function weightsOf(scores: Tensor): Tensor {
  const hidden = core.amax(scores, -1, { keepdim: true }).eq(-Infinity);
  const weights = core.softmax(scores, -1);
  return core.where(hidden, core.zerosLike(weights), weights);
}

/** [n, heads, l, e] as [n, l, heads * e] where the inputs are such. */
function joinedHeads(y: Tensor, three: boolean): Tensor {
  return three ? y.transpose(1, 2).reshape([y.shape[0]!, y.shape[2]!, -1]) : y;
}

/** Returns true if the library's attention computes the node: it has no mask but the causal one, and returns no scores. */
function isPlain(call: Call): boolean {
  const { attributes, wanted } = call, masks = [3, 6].some((i) => call.has(i));
  const others = attributes.float("softcap", 0) > 0 || attributes.int("left_window_size", -1) >= 0 ||
    attributes.int("right_window_size", -1) >= 0;
  return !masks && !others && !wanted[3] && !(attributes.flag("is_causal") && call.has(4));
}

function attention(call: Call): Results {
  const { attributes, wanted } = call, three = call.input(0).ndim === 3;
  const query = inHeads(call, call.input(0), attributes.int("q_num_heads")),
    kvHeads = attributes.int("kv_num_heads");
  const joined = (past: Tensor | undefined, now: Tensor): Tensor =>
    past === undefined ? now : core.cat([past, now], 2);
  const key = joined(call.optional(4), inHeads(call, call.input(1), kvHeads));
  const value = joined(call.optional(5), inHeads(call, call.input(2), kvHeads));
  if (isPlain(call)) {
    const y = core.scaledDotProductAttention(query, key, value, {
      isCausal: attributes.flag("is_causal"),
      enableGqa: query.shape[1] !== key.shape[1],
      ...(attributes.has("scale") && { scale: attributes.float("scale", 1) }),
    });
    return [joinedHeads(y, three), wanted[1] ? key : undefined, wanted[2] ? value : undefined];
  }
  const times = query.shape[1]! / key.shape[1]!;
  const shared = (x: Tensor): Tensor => times === 1 ? x : x.repeatInterleave(times, 1);
  const scale = attributes.float("scale") ?? 1 / Math.sqrt(query.shape[3]!), root = Math.sqrt(scale);
  const raw = query.mul(root).matmul(shared(key).mul(root).transpose(-1, -2));
  const cap = attributes.float("softcap", 0), capped = cap > 0 ? raw.div(cap).tanh().mul(cap) : raw;
  const bias = scoreBias(call, query, key.shape[2]!), scores = bias === undefined ? capped : capped.add(bias);
  const weights = weightsOf(scores), y = weights.matmul(shared(value));
  const shown = [raw, capped, scores, weights][attributes.int("qk_matmul_output_mode", 0)];
  return [
    joinedHeads(y, three),
    wanted[1] ? key : undefined,
    wanted[2] ? value : undefined,
    wanted[3] ? shown : undefined,
  ];
}

function rotaryEmbedding(call: Call): Tensor {
  const given = call.input(0), ids = call.optional(3), { attributes } = call;
  const x = given.ndim === 4 ? given.transpose(1, 2) : given.reshape([
    given.shape[0]!,
    given.shape[1]!,
    attributes.int("num_heads") ?? call.refuse("it needs num_heads"),
    -1,
  ]);
  const width = attributes.int("rotary_embedding_dim", 0) || x.shape[3]!, half = width / 2;
  const cache = (i: number): Tensor => {
    const all = call.input(i);
    if (ids === undefined) return all.unsqueeze(2);
    return all.indexSelect(0, ids.reshape([-1])).reshape([...ids.shape, all.shape[1]!]).unsqueeze(2);
  };
  const cos = cache(1),
    sin = cache(2),
    turned = x.narrow(3, 0, width),
    rest = x.narrow(3, width, x.shape[3]! - width);
  const interleaved = attributes.flag("interleaved"),
    pairs = turned.reshape([...x.shape.slice(0, 3), half, 2]);
  const [a, b] = interleaved
    ? [pairs.select(-1, 0), pairs.select(-1, 1)]
    : [turned.narrow(3, 0, half), turned.narrow(3, half, half)];
  const real = cos.mul(a).sub(sin.mul(b)), imaginary = sin.mul(a).add(cos.mul(b));
  const rotated = interleaved
    ? core.stack([real, imaginary], -1).reshape([...x.shape.slice(0, 3), width])
    : core.cat([real, imaginary], 3);
  const y = rest.shape[3] === 0 ? rotated : core.cat([rotated, rest], 3);
  return given.ndim === 4 ? y.transpose(1, 2) : y.reshape(given.shape);
}

/** Attention, and positions as rotations. */
export const ATTENTION: Operators = { Attention: attention, RotaryEmbedding: rotaryEmbedding };
