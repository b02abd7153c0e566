/** Elements taken from positions that tensors name, and put there, as methods. */
import * as gather from "../ops/indexing/gather.ts";
import * as along from "../ops/indexing/index_along.ts";
import type { IndexAddOptions, IndexReduction } from "../ops/indexing/index_along.ts";
import type { IndexPutOptions } from "../ops/indexing/index_put.ts";
import * as scatter from "../ops/indexing/scatter.ts";
import type { ScatterOptions } from "../ops/indexing/scatter.ts";
import * as reduce from "../ops/indexing/scatter_reduce.ts";
import type { ScatterReduceOptions, ScatterReduction } from "../ops/indexing/scatter_reduce.ts";
import * as take from "../ops/indexing/take.ts";
import type { Tensor } from "../tensor.ts";
import { ShapingTensor } from "./shaping.ts";

/** A tensor whose elements are taken from, and put to, positions that tensors name; see {@linkcode Tensor}. */
export abstract class PositionTensor extends ShapingTensor {
  /** See {@linkcode gather}. */
  gather(this: Tensor, dim: number, index: Tensor): Tensor {
    return gather.gather(this, dim, index);
  }

  /** See {@linkcode takeAlongDim}. */
  takeAlongDim(this: Tensor, index: Tensor, dim?: number): Tensor {
    return gather.takeAlongDim(this, index, dim);
  }

  /** See {@linkcode indexSelect}. */
  indexSelect(this: Tensor, dim: number, index: Tensor): Tensor {
    return gather.indexSelect(this, dim, index);
  }

  /** See {@linkcode scatter}. */
  scatter(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor | number,
    options: ScatterOptions = {},
  ): Tensor {
    return scatter.scatter(this, dim, index, source, options);
  }

  /** See {@linkcode scatter_}. */
  scatter_(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor | number,
    options: ScatterOptions = {},
  ): Tensor {
    return scatter.scatter_(this, dim, index, source, options);
  }

  /** See {@linkcode scatterAdd}. */
  scatterAdd(this: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
    return scatter.scatterAdd(this, dim, index, source);
  }

  /** See {@linkcode scatterAdd_}. */
  scatterAdd_(this: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
    return scatter.scatterAdd_(this, dim, index, source);
  }

  /** See {@linkcode scatterReduce}. */
  scatterReduce(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor | number,
    reduction: ScatterReduction,
    options: ScatterReduceOptions = {},
  ): Tensor {
    return reduce.scatterReduce(this, dim, index, source, reduction, options);
  }

  /** See {@linkcode scatterReduce_}. */
  scatterReduce_(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor | number,
    reduction: ScatterReduction,
    options: ScatterReduceOptions = {},
  ): Tensor {
    return reduce.scatterReduce_(this, dim, index, source, reduction, options);
  }

  /** See {@linkcode indexAdd}. */
  indexAdd(this: Tensor, dim: number, index: Tensor, source: Tensor, options: IndexAddOptions = {}): Tensor {
    return along.indexAdd(this, dim, index, source, options);
  }

  /** See {@linkcode indexAdd_}. */
  indexAdd_(this: Tensor, dim: number, index: Tensor, source: Tensor, options: IndexAddOptions = {}): Tensor {
    return along.indexAdd_(this, dim, index, source, options);
  }

  /** See {@linkcode indexCopy}. */
  indexCopy(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    return along.indexCopy(this, dim, index, source);
  }

  /** See {@linkcode indexCopy_}. */
  indexCopy_(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    return along.indexCopy_(this, dim, index, source);
  }

  /** See {@linkcode indexFill}. */
  indexFill(this: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
    return along.indexFill(this, dim, index, value);
  }

  /** See {@linkcode indexFill_}. */
  indexFill_(this: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
    return along.indexFill_(this, dim, index, value);
  }

  /** See {@linkcode indexReduce}. */
  indexReduce(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor,
    reduction: IndexReduction,
    options: ScatterReduceOptions = {},
  ): Tensor {
    return along.indexReduce(this, dim, index, source, reduction, options);
  }

  /** See {@linkcode indexReduce_}. */
  indexReduce_(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor,
    reduction: IndexReduction,
    options: ScatterReduceOptions = {},
  ): Tensor {
    return along.indexReduce_(this, dim, index, source, reduction, options);
  }

  /** See {@linkcode take}. */
  take(this: Tensor, index: Tensor): Tensor {
    return take.take(this, index);
  }

  /** See {@linkcode put}. */
  put(this: Tensor, index: Tensor, source: Tensor, options: IndexPutOptions = {}): Tensor {
    return take.put(this, index, source, options);
  }

  /** See {@linkcode put_}. */
  put_(this: Tensor, index: Tensor, source: Tensor, options: IndexPutOptions = {}): Tensor {
    return take.put_(this, index, source, options);
  }
}
