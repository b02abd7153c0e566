/** Parts picked and overwritten by indices, as methods. */
import type { BincountOptions } from "../ops/reduction/bincount.ts";
import * as bins from "../ops/reduction/bincount.ts";
import * as at from "../ops/indexing/at.ts";
import type { Index } from "../ops/indexing/index.ts";
import * as put from "../ops/indexing/index_put.ts";
import type { IndexPutOptions } from "../ops/indexing/index_put.ts";
import * as assignment from "../ops/indexing/set.ts";
import * as masked from "../ops/pointwise/masked_fill.ts";
import * as scattered from "../ops/indexing/masked_scatter.ts";
import * as known from "../ops/indexing/nonzero_static.ts";
import type { NonzeroStaticOptions } from "../ops/indexing/nonzero_static.ts";
import * as classes from "../ops/indexing/one_hot.ts";
import type { NonzeroOptions } from "../ops/indexing/search.ts";
import * as search from "../ops/indexing/search.ts";
import type {
  UniqueConsecutiveOptions,
  UniqueOptions,
  UniqueResult,
  UniqueTold,
} from "../ops/reduction/unique.ts";
import * as unique from "../ops/reduction/unique.ts";
import type { Tensor } from "../tensor.ts";
import { PositionTensor } from "./positions.ts";

/** A tensor whose parts are picked and overwritten by indices; see {@linkcode Tensor}. */
export abstract class IndexingTensor extends PositionTensor {
  /** See {@linkcode at}. */
  at(this: Tensor, ...indices: Index[]): Tensor {
    return at.at(this, ...indices);
  }

  /** See {@linkcode set}. */
  set(this: Tensor, indices: Index | readonly Index[], value: Tensor | number | boolean): Tensor {
    return assignment.set(this, indices, value);
  }

  /** See {@linkcode indexPut}. */
  indexPut(
    this: Tensor,
    indices: readonly (Tensor | null)[],
    values: Tensor | number,
    options: IndexPutOptions = {},
  ): Tensor {
    return put.indexPut(this, indices, values, options);
  }

  /** See {@linkcode indexPut_}. */
  indexPut_(
    this: Tensor,
    indices: readonly (Tensor | null)[],
    values: Tensor | number,
    options: IndexPutOptions = {},
  ): Tensor {
    return put.indexPut_(this, indices, values, options);
  }

  /** See {@linkcode maskedFill}. */
  maskedFill(this: Tensor, mask: Tensor, value: Tensor | number): Tensor {
    return masked.maskedFill(this, mask, value);
  }

  /** See {@linkcode maskedFill_}. */
  maskedFill_(this: Tensor, mask: Tensor, value: Tensor | number): Tensor {
    return masked.maskedFill_(this, mask, value);
  }

  /** See {@linkcode maskedSelect}. */
  maskedSelect(this: Tensor, mask: Tensor): Tensor {
    return search.maskedSelect(this, mask);
  }

  /** See {@linkcode maskedScatter}. */
  maskedScatter(this: Tensor, mask: Tensor, source: Tensor): Tensor {
    return scattered.maskedScatter(this, mask, source);
  }

  /** See {@linkcode maskedScatter_}. */
  maskedScatter_(this: Tensor, mask: Tensor, source: Tensor): Tensor {
    return scattered.maskedScatter_(this, mask, source);
  }

  /** See {@linkcode nonzero}. */
  nonzero(this: Tensor, options?: NonzeroOptions & { readonly asTuple?: false }): Tensor;
  /** See {@linkcode nonzero}. */
  nonzero(this: Tensor, options: NonzeroOptions & { readonly asTuple: true }): Tensor[];
  nonzero(this: Tensor, options: NonzeroOptions = {}): Tensor | Tensor[] {
    return search.nonzero(this, options);
  }

  /** See {@linkcode nonzeroStatic}. */
  nonzeroStatic(this: Tensor, size: number, options: NonzeroStaticOptions = {}): Tensor {
    return known.nonzeroStatic(this, size, options);
  }

  /** See {@linkcode argwhere}. */
  argwhere(this: Tensor): Tensor {
    return search.argwhere(this);
  }

  /** See {@linkcode unique}. */
  unique(this: Tensor, options: UniqueOptions & UniqueTold): UniqueResult;
  /** See {@linkcode unique}. */
  unique(this: Tensor, options?: UniqueOptions & { returnInverse?: false; returnCounts?: false }): Tensor;
  unique(this: Tensor, options: UniqueOptions = {}): Tensor | UniqueResult {
    return unique.unique(this, options);
  }

  /** See {@linkcode uniqueConsecutive}. */
  uniqueConsecutive(this: Tensor, options: UniqueConsecutiveOptions & UniqueTold): UniqueResult;
  /** See {@linkcode uniqueConsecutive}. */
  uniqueConsecutive(
    this: Tensor,
    options?: UniqueConsecutiveOptions & { returnInverse?: false; returnCounts?: false },
  ): Tensor;
  uniqueConsecutive(this: Tensor, options: UniqueConsecutiveOptions = {}): Tensor | UniqueResult {
    return unique.uniqueConsecutive(this, options);
  }

  /** See {@linkcode uniqueAll}. */
  uniqueAll(this: Tensor, dim?: number): UniqueResult {
    return unique.uniqueAll(this, dim);
  }

  /** See {@linkcode bincount}. */
  bincount(this: Tensor, options: BincountOptions = {}): Tensor {
    return bins.bincount(this, options);
  }

  /** See {@linkcode oneHot}. */
  oneHot(this: Tensor, numClasses?: number): Tensor {
    return classes.oneHot(this, numClasses);
  }
}
