/** Reductions, running results and order as methods. */
import type { ValuesAndIndices } from "../ops/extreme.ts";
import * as extreme from "../ops/extreme.ts";
import type { SumOptions } from "../ops/reduce.ts";
import * as reduce from "../ops/reduce.ts";
import type { Dims, ReduceOptions } from "../ops/reduction.ts";
import * as scan from "../ops/scan.ts";
import type { Tensor } from "../tensor.ts";
import { ElementwiseTensor } from "./elementwise.ts";

/** A tensor with reductions, running results and order; see {@linkcode Tensor}. */
export abstract class ReductionTensor extends ElementwiseTensor {
  /** See {@linkcode sum}. */
  sum(this: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
    return reduce.sum(this, dim, options);
  }

  /** See {@linkcode mean}. */
  mean(this: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
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

  /** See {@linkcode cumsum}. */
  cumsum(this: Tensor, dim: number): Tensor {
    return scan.cumsum(this, dim);
  }

  /** See {@linkcode cumprod}. */
  cumprod(this: Tensor, dim: number): Tensor {
    return scan.cumprod(this, dim);
  }

  /** See {@linkcode logcumsumexp}. */
  logcumsumexp(this: Tensor, dim: number): Tensor {
    return scan.logcumsumexp(this, dim);
  }
}
