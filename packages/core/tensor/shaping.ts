/** Tensors cut, turned and laid out otherwise, as methods. */
import * as diagonals from "../ops/shape/diagonal.ts";
import type { DiagEmbedOptions, FillDiagonalOptions } from "../ops/shape/diagonal.ts";
import * as expand from "../ops/shape/expand.ts";
import * as flip from "../ops/shape/flip.ts";
import * as permute from "../ops/shape/permute.ts";
import * as repeats from "../ops/indexing/repeat_interleave.ts";
import type { RepeatInterleaveOptions } from "../ops/indexing/repeat_interleave.ts";
import * as reshape from "../ops/shape/reshape.ts";
import * as slice from "../ops/shape/slice.ts";
import * as split from "../ops/shape/split.ts";
import type { Sections } from "../ops/shape/split.ts";
import * as parts from "../ops/shape/view_scatter.ts";
import type { DiagonalScatterOptions, SliceScatterOptions } from "../ops/shape/view_scatter.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { MovementTensor } from "./movement.ts";

/** A tensor that can be cut, turned and laid out otherwise; see {@linkcode Tensor}. */
export abstract class ShapingTensor extends MovementTensor {
  /** Matrices transposed: a view with the last two axes exchanged, of which there must be two at least. */
  get mT(): Tensor {
    return permute.adjoint(this as unknown as Tensor);
  }

  /** Matrices transposed, as {@linkcode adjoint} gives them: numbers are real. */
  get mH(): Tensor {
    return permute.adjoint(this as unknown as Tensor);
  }

  /** See {@linkcode ravel}. */
  ravel(this: Tensor): Tensor {
    return reshape.ravel(this);
  }

  /** See {@linkcode viewAs}. */
  viewAs(this: Tensor, other: Tensor): Tensor {
    return reshape.viewAs(this, other);
  }

  /** See {@linkcode reshapeAs}. */
  reshapeAs(this: Tensor, other: Tensor): Tensor {
    return reshape.reshapeAs(this, other);
  }

  /** See {@linkcode sumToSize}. */
  sumToSize(this: Tensor, shape: Shape): Tensor {
    return expand.sumToSize(this, shape);
  }

  /** See {@linkcode repeatInterleave}. */
  repeatInterleave(
    this: Tensor,
    repeats_: Tensor | number | readonly number[],
    dim?: number,
    options: RepeatInterleaveOptions = {},
  ): Tensor {
    return repeats.repeatInterleave(this, repeats_, dim, options);
  }

  /** See {@linkcode moveaxis}. */
  moveaxis(
    this: Tensor,
    source: number | readonly number[],
    destination: number | readonly number[],
  ): Tensor {
    return permute.moveaxis(this, source, destination);
  }

  /** See {@linkcode swapaxes}. */
  swapaxes(this: Tensor, axis0: number, axis1: number): Tensor {
    return permute.swapaxes(this, axis0, axis1);
  }

  /** See {@linkcode swapdims}. */
  swapdims(this: Tensor, dim0: number, dim1: number): Tensor {
    return permute.swapdims(this, dim0, dim1);
  }

  /** See {@linkcode adjoint}. */
  adjoint(this: Tensor): Tensor {
    return permute.adjoint(this);
  }

  /** See {@linkcode fliplr}. */
  fliplr(this: Tensor): Tensor {
    return flip.fliplr(this);
  }

  /** See {@linkcode flipud}. */
  flipud(this: Tensor): Tensor {
    return flip.flipud(this);
  }

  /** See {@linkcode rot90}. */
  rot90(this: Tensor, k?: number, dims?: readonly number[]): Tensor {
    return flip.rot90(this, k, dims);
  }

  /** See {@linkcode tensorSplit}. */
  tensorSplit(this: Tensor, sections: Sections, dim = 0): Tensor[] {
    return split.tensorSplit(this, sections, dim);
  }

  /** See {@linkcode hsplit}. */
  hsplit(this: Tensor, sections: Sections): Tensor[] {
    return split.hsplit(this, sections);
  }

  /** See {@linkcode vsplit}. */
  vsplit(this: Tensor, sections: Sections): Tensor[] {
    return split.vsplit(this, sections);
  }

  /** See {@linkcode dsplit}. */
  dsplit(this: Tensor, sections: Sections): Tensor[] {
    return split.dsplit(this, sections);
  }

  /** See {@linkcode narrowCopy}. */
  narrowCopy(this: Tensor, dim: number, start: number, length: number): Tensor {
    return slice.narrowCopy(this, dim, start, length);
  }

  /** See {@linkcode sliceScatter}. */
  sliceScatter(this: Tensor, source: Tensor, options: SliceScatterOptions = {}): Tensor {
    return parts.sliceScatter(this, source, options);
  }

  /** See {@linkcode selectScatter}. */
  selectScatter(this: Tensor, source: Tensor, dim: number, index: number): Tensor {
    return parts.selectScatter(this, source, dim, index);
  }

  /** See {@linkcode diagonalScatter}. */
  diagonalScatter(this: Tensor, source: Tensor, options: DiagonalScatterOptions = {}): Tensor {
    return parts.diagonalScatter(this, source, options);
  }

  /** See {@linkcode diagflat}. */
  diagflat(this: Tensor, offset = 0): Tensor {
    return diagonals.diagflat(this, offset);
  }

  /** See {@linkcode diagEmbed}. */
  diagEmbed(this: Tensor, options: DiagEmbedOptions = {}): Tensor {
    return diagonals.diagEmbed(this, options);
  }

  /** See {@linkcode fillDiagonal_}. */
  fillDiagonal_(this: Tensor, value: number, options: FillDiagonalOptions = {}): Tensor {
    return diagonals.fillDiagonal_(this, value, options);
  }
}
