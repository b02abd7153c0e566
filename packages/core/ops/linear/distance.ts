/** Lengths, angles and distances of vectors. */
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import { broadcastShapes, normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { reduceOver, type ReduceParams, reduction, unreduced } from "../reduction/reduction.ts";
import { norm } from "../reduction/statistics.ts";
import { upload } from "../base/upload.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode normalize}. */
export interface NormalizeOptions {
  /** Exponent of the norm; 2 by default. */
  readonly p?: number;
  /** Axis of the vectors; 1 by default. */
  readonly dim?: number;
  /** Shortest length to divide by; 1e-12 by default. */
  readonly eps?: number;
}
const NORMALIZE_OPTIONS: OptionKeys<NormalizeOptions> = { p: true, dim: true, eps: true };

/** `x` with its vectors along `dim` brought to length 1: `x / max(norm(x), eps)`. */
export function normalize(x: Tensor, options?: NormalizeOptions): Tensor {
  checkCall("normalize", arguments, "x.");
  const { p = 2, dim = 1, eps = 1e-12 } = readOptions("normalize()", options, NORMALIZE_OPTIONS);
  return accumulated([x], (x) => {
    const divisor = norm(x, p, dim, { keepdim: true }).clamp({ min: eps });
    return x.div(divisor);
  }, "normalize");
}

/** Options of {@linkcode cosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** Axis of the vectors; 1 by default. */
  readonly dim?: number;
  /** Shortest length to divide by; 1e-8 by default. */
  readonly eps?: number;
}
const COSINE_SIMILARITY_OPTIONS: OptionKeys<CosineSimilarityOptions> = { dim: true, eps: true };

/** The cosine of the angle between vectors along `dim`, which is gone from the result. Shapes broadcast. */
export function cosineSimilarity(
  a: Tensor,
  b: Tensor,
  options?: CosineSimilarityOptions,
): Tensor {
  checkCall("cosineSimilarity", arguments, "xx.");
  const { dim = 1, eps = 1e-8 } = readOptions("cosineSimilarity()", options, COSINE_SIMILARITY_OPTIONS);
  const axis = normalizeAxis("cosineSimilarity", dim, Math.max(a.ndim, b.ndim)) - Math.max(a.ndim, b.ndim);
  const extent = broadcastShapes("cosineSimilarity", a.shape, b.shape).at(axis)!;
  return accumulated([a, b], (x, y) => {
    // Broadcast single elements along the axis first: the norm must count them once for each element.
    const [a, b] = [x, y].map((t) => alongOf(t, axis, extent)) as [Tensor, Tensor];
    const left = normalize(a, { dim: axis, eps });
    const right = normalize(b, { dim: axis, eps });
    const products = left.mul(right);
    return products.sum(axis);
  }, "cosineSimilarity");
}

/** Expands `x` to the extent given for an axis that is counted from the last. */
function alongOf(x: Tensor, axis: number, extent: number): Tensor {
  if (x.shape.at(axis) === extent) return x;
  const whole = x.ndim < -axis ? x.reshape([...new Array<number>(-axis - x.ndim).fill(1), ...x.shape]) : x;
  return whole.expand(whole.shape.with(axis, extent));
}

/** Options of {@linkcode pairwiseDistance}. */
export interface PairwiseDistanceOptions {
  /** Exponent of the norm; 2 by default. */
  readonly p?: number;
  /** Added to each difference; 1e-6 by default. */
  readonly eps?: number;
  /** Keep the last axis, with extent 1. */
  readonly keepdim?: boolean;
}
const PAIRWISE_DISTANCE_OPTIONS: OptionKeys<PairwiseDistanceOptions> = { p: true, eps: true, keepdim: true };

/** The `p`-norm of `a - b + eps` along the last axis, as PyTorch has it. */
export function pairwiseDistance(
  a: Tensor,
  b: Tensor,
  options?: PairwiseDistanceOptions,
): Tensor {
  checkCall("pairwiseDistance", arguments, "xx.");
  const { p = 2, eps = 1e-6, keepdim = false } = readOptions(
    "pairwiseDistance()",
    options,
    PAIRWISE_DISTANCE_OPTIONS,
  );
  return accumulated([a, b], (a, b) => {
    const moved = a.sub(b).add(eps);
    return norm(moved, p, -1, { keepdim });
  }, "pairwiseDistance");
}

/** The largest absolute value, with the whole slope for each of those that are as large. */
const CHEBYSHEV: KernelOp<ReduceParams> = reduction({
  name: "cdist",
  op: "max",
  body: e.abs(e.input(0)),
  kind: "float",
  saves: { inputs: [0], outputs: [0] },
  accumulates: true,
  vjp(g, saved) {
    const x = saved.input(0), y = unreduced(saved.output(0), saved);
    return x.sign().maskedFill(x.abs().ne(y), 0).mul(unreduced(g, saved));
  },
});

/** The norms along the last axis as distances have them. */
function lengths(differences: Tensor, p: number): Tensor {
  return p === Infinity ? reduceOver(CHEBYSHEV, differences, -1, {}) : norm(differences, p, -1);
}

/** Options of {@linkcode cdist}. */
export interface CdistOptions {
  /** Exponent of the norm; 2 by default. */
  readonly p?: number;
}
const CDIST_OPTIONS: OptionKeys<CdistOptions> = { p: true };

/** Distances of all rows of `a` `[..., m, k]` from all rows of `b` `[..., n, k]`: `[..., m, n]`. */
export function cdist(a: Tensor, b: Tensor, options?: CdistOptions): Tensor {
  checkCall("cdist", arguments, "xx.");
  const { p = 2 } = readOptions("cdist()", options, CDIST_OPTIONS);
  if (!(p >= 0)) throw new RangeError(`Cannot apply cdist() as p must be at least 0: current p is ${p}`);
  if (a.ndim < 2 || b.ndim < 2 || a.shape.at(-1) !== b.shape.at(-1)) {
    throw new RangeError(
      `Cannot apply cdist() as shapes must be [..., m, k] and [..., n, k]: ` +
        `current shapes are ${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  return accumulated([a, b], (a, b) => {
    const rows = a.unsqueeze(-2);
    const columns = b.unsqueeze(-3);
    return lengths(rows.sub(columns), p);
  }, "cdist");
}

/** The `p`-norm of `a - b` over all elements, a scalar; shapes broadcast. */
export function dist(a: Tensor, b: Tensor, p = 2): Tensor {
  checkCall("dist", arguments, "xxD");
  return accumulated([a, b], (a, b) => norm(a.sub(b), p), "dist");
}

/**
 * The `p`-norms of the differences of all pairs of rows of `x` `[n, k]`: the upper triangle of {@linkcode cdist} of `x`
 * with itself, row by row, `[n * (n - 1) / 2]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, pdist, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(pdist(tensor([[0, 0], [3, 4], [0, 1]], { device }), 1).tolist(), [7, 1, 6]);
 * ```
 */
export function pdist(x: Tensor, p = 2): Tensor {
  checkCall("pdist", arguments, "xD");
  if (x.ndim !== 2 || !(p >= 0)) {
    throw new RangeError(
      `Cannot apply pdist() as the shape must be [n, k], and p at least 0: current shape is ${
        showShape(x.shape)
      }, p is ${p}`,
    );
  }
  const n = x.shape[0]!, first: number[] = [], second: number[] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) first.push(i) && second.push(j);
  return accumulated([x], (x) => {
    const rows = (at: number[]) => x.indexSelect(0, upload(x, Int32Array.from(at), [at.length], "int32"));
    return lengths(rows(first).sub(rows(second)), p);
  }, "pdist");
}
