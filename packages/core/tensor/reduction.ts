/** Reductions, running results and order as methods. */
import type { ClosenessOptions } from "../ops/pointwise/closeness.ts";
import * as closeness from "../ops/pointwise/closeness.ts";
import * as running from "../ops/reduction/cummax.ts";
import type { ValuesAndIndices } from "../ops/reduction/extreme.ts";
import * as extreme from "../ops/reduction/extreme.ts";
import type { MeanOptions, SumOptions } from "../ops/reduction/reduce.ts";
import * as reduce from "../ops/reduction/reduce.ts";
import type { Dims, ReduceOptions } from "../ops/reduction/reduction.ts";
import * as scan from "../ops/reduction/scan.ts";
import type { SortOptions, TopkOptions } from "../ops/reduction/sort.ts";
import * as sort from "../ops/reduction/sort.ts";
import type { SpreadOptions } from "../ops/reduction/statistics.ts";
import * as statistics from "../ops/reduction/statistics.ts";
import type { Tensor } from "../tensor.ts";
import { SpecialTensor } from "./special.ts";

/** A tensor with reductions, running results and order; see {@linkcode Tensor}. */
export abstract class ReductionTensor extends SpecialTensor {
  /** See {@linkcode sum}. */
  sum(this: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
    return reduce.sum(this, dim, options);
  }

  /** See {@linkcode mean}. */
  mean(this: Tensor, dim?: Dims, options: MeanOptions = {}): Tensor {
    return reduce.mean(this, dim, options);
  }

  /** See {@linkcode prod}. */
  prod(this: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
    return reduce.prod(this, dim, options);
  }

  /** See {@linkcode amax}. */
  amax(this: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
    return reduce.amax(this, dim, options);
  }

  /** See {@linkcode amin}. */
  amin(this: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
    return reduce.amin(this, dim, options);
  }

  /** See {@linkcode all}. */
  all(this: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
    return reduce.all(this, dim, options);
  }

  /** See {@linkcode any}. */
  any(this: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
    return reduce.any(this, dim, options);
  }

  /** See {@linkcode countNonzero}. */
  countNonzero(this: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
    return reduce.countNonzero(this, dim, options);
  }

  /** See {@linkcode isclose}. */
  isclose(this: Tensor, y: Tensor, options: ClosenessOptions = {}): Tensor {
    return closeness.isclose(this, y, options);
  }

  /** See {@linkcode allclose}. */
  allclose(this: Tensor, y: Tensor, options: ClosenessOptions = {}): boolean {
    return closeness.allclose(this, y, options);
  }

  /** See {@linkcode equal}. */
  equal(this: Tensor, y: Tensor): boolean {
    return closeness.equal(this, y);
  }

  /** See {@linkcode argmax}. */
  argmax(this: Tensor, dim?: number, options: ReduceOptions = {}): Tensor {
    return extreme.argmax(this, dim, options);
  }

  /** See {@linkcode argmin}. */
  argmin(this: Tensor, dim?: number, options: ReduceOptions = {}): Tensor {
    return extreme.argmin(this, dim, options);
  }

  /** See {@linkcode max}. */
  max(this: Tensor): Tensor;
  /** See {@linkcode max}. */
  max(this: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
  max(this: Tensor, dim?: number, options: ReduceOptions = {}): Tensor | ValuesAndIndices {
    return dim === undefined ? extreme.max(this) : extreme.max(this, dim, options);
  }

  /** See {@linkcode min}. */
  min(this: Tensor): Tensor;
  /** See {@linkcode min}. */
  min(this: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
  min(this: Tensor, dim?: number, options: ReduceOptions = {}): Tensor | ValuesAndIndices {
    return dim === undefined ? extreme.min(this) : extreme.min(this, dim, options);
  }

  /** See {@linkcode variance}. */
  var(this: Tensor, dim?: Dims, options: SpreadOptions = {}): Tensor {
    return statistics.variance(this, dim, options);
  }

  /** See {@linkcode std}. */
  std(this: Tensor, dim?: Dims, options: SpreadOptions = {}): Tensor {
    return statistics.std(this, dim, options);
  }

  /** See {@linkcode norm}. */
  norm(this: Tensor, p = 2, dim?: Dims, options: statistics.VectorNormOptions = {}): Tensor {
    return statistics.norm(this, p, dim, options);
  }

  /** See {@linkcode logsumexp}. */
  logsumexp(this: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
    return statistics.logsumexp(this, dim, options);
  }

  /** See {@linkcode varMean}. */
  varMean(this: Tensor, dim?: Dims, options: SpreadOptions = {}): [variance: Tensor, mean: Tensor] {
    return statistics.varMean(this, dim, options);
  }

  /** See {@linkcode cumsum}. */
  cumsum(this: Tensor, dim: number): Tensor {
    return scan.cumsum(this, dim);
  }

  /** See {@linkcode cumprod}. */
  cumprod(this: Tensor, dim: number): Tensor {
    return scan.cumprod(this, dim);
  }

  /** See {@linkcode cummax}. */
  cummax(this: Tensor, dim: number): ValuesAndIndices {
    return running.cummax(this, dim);
  }

  /** See {@linkcode cummin}. */
  cummin(this: Tensor, dim: number): ValuesAndIndices {
    return running.cummin(this, dim);
  }

  /** See {@linkcode logcumsumexp}. */
  logcumsumexp(this: Tensor, dim: number): Tensor {
    return scan.logcumsumexp(this, dim);
  }

  /** See {@linkcode sort}. */
  sort(this: Tensor, dim = -1, options: SortOptions = {}): ValuesAndIndices {
    return sort.sort(this, dim, options);
  }

  /** See {@linkcode msort}. */
  msort(this: Tensor): Tensor {
    return sort.msort(this);
  }

  /** See {@linkcode argsort}. */
  argsort(this: Tensor, dim = -1, options: SortOptions = {}): Tensor {
    return sort.argsort(this, dim, options);
  }

  /** See {@linkcode topk}. */
  topk(this: Tensor, k: number, dim = -1, options: TopkOptions = {}): ValuesAndIndices {
    return sort.topk(this, k, dim, options);
  }
}
