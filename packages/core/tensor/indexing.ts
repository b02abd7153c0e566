/** Parts picked and overwritten by indices, as methods. */
import * as at from "../ops/indexing/at.ts";
import type { Index } from "../ops/indexing/index.ts";
import * as put from "../ops/indexing/index_put.ts";
import type { IndexPutOptions } from "../ops/indexing/index_put.ts";
import * as assignment from "../ops/indexing/set.ts";
import * as masked from "../ops/masked_fill.ts";
import type { Tensor } from "../tensor.ts";
import { MovementTensor } from "./movement.ts";

/** A tensor whose parts are picked and overwritten by indices; see {@linkcode Tensor}. */
export abstract class IndexingTensor extends MovementTensor {
  /** See {@linkcode at}. */
  at(this: Tensor, ...indices: Index[]): Tensor {
    return at.at(this, ...indices);
  }

  /** See {@linkcode set}. */
  set(this: Tensor, indices: Index | readonly Index[], value: Tensor | number): Tensor {
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
}
