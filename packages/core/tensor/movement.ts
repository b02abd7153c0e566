/** Other looks at elements, parts and joins as methods. */
import * as asStrided from "../ops/shape/as_strided.ts";
import * as diagonals from "../ops/shape/diagonal.ts";
import * as expand from "../ops/shape/expand.ts";
import * as flip from "../ops/shape/flip.ts";
import type { PadOptions } from "../ops/shape/pad.ts";
import * as pad from "../ops/shape/pad.ts";
import * as permute from "../ops/shape/permute.ts";
import * as reshape from "../ops/shape/reshape.ts";
import * as slice from "../ops/shape/slice.ts";
import * as triangles from "../ops/shape/triangle.ts";
import type { WindowOptions } from "../ops/shape/unfold.ts";
import * as unfold from "../ops/shape/unfold.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { StatisticsTensor } from "./statistics.ts";

/** A tensor with other looks at its elements, parts of it and joins; see {@linkcode Tensor}. */
export abstract class MovementTensor extends StatisticsTensor {
  /** See {@linkcode reshape}. */
  reshape(this: Tensor, shape: Shape): Tensor {
    return reshape.reshape(this, shape);
  }

  /** See {@linkcode view}. */
  view(this: Tensor, shape: Shape): Tensor {
    return reshape.view(this, shape);
  }

  /** See {@linkcode asStrided}. */
  asStrided(this: Tensor, shape: Shape, strides: readonly number[], offset?: number): Tensor {
    return asStrided.asStrided(this, shape, strides, offset);
  }

  /** See {@linkcode asStridedScatter}. */
  asStridedScatter(
    this: Tensor,
    source: Tensor,
    shape: Shape,
    strides: readonly number[],
    offset?: number,
  ): Tensor {
    return asStrided.asStridedScatter(this, source, shape, strides, offset);
  }

  /** See {@linkcode flatten}. */
  flatten(this: Tensor, startDim = 0, endDim = -1): Tensor {
    return reshape.flatten(this, startDim, endDim);
  }

  /** See {@linkcode unflatten}. */
  unflatten(this: Tensor, dim: number, sizes: Shape): Tensor {
    return reshape.unflatten(this, dim, sizes);
  }

  /** See {@linkcode squeeze}. */
  squeeze(this: Tensor, dim?: number | readonly number[]): Tensor {
    return reshape.squeeze(this, dim);
  }

  /** See {@linkcode unsqueeze}. */
  unsqueeze(this: Tensor, dim: number): Tensor {
    return reshape.unsqueeze(this, dim);
  }

  /** See {@linkcode permute}. */
  permute(this: Tensor, dims: readonly number[]): Tensor {
    return permute.permute(this, dims);
  }

  /** See {@linkcode transpose}. */
  transpose(this: Tensor, dim0: number, dim1: number): Tensor {
    return permute.transpose(this, dim0, dim1);
  }

  /** See {@linkcode t}. */
  t(this: Tensor): Tensor {
    return permute.t(this);
  }

  /** See {@linkcode movedim}. */
  movedim(this: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
    return permute.movedim(this, source, destination);
  }

  /** See {@linkcode expand}. */
  expand(this: Tensor, shape: Shape): Tensor {
    return expand.expand(this, shape);
  }

  /** See {@linkcode expandAs}. */
  expandAs(this: Tensor, other: Tensor): Tensor {
    return expand.expandAs(this, other);
  }

  /** See {@linkcode broadcastTo}. */
  broadcastTo(this: Tensor, shape: Shape): Tensor {
    return expand.broadcastTo(this, shape);
  }

  /** See {@linkcode repeat}. */
  repeat(this: Tensor, repeats: readonly number[]): Tensor {
    return expand.repeat(this, repeats);
  }

  /** See {@linkcode tile}. */
  tile(this: Tensor, repeats: readonly number[]): Tensor {
    return expand.tile(this, repeats);
  }

  /** See {@linkcode select}. */
  select(this: Tensor, dim: number, index: number): Tensor {
    return slice.select(this, dim, index);
  }

  /** See {@linkcode narrow}. */
  narrow(this: Tensor, dim: number, start: number, length: number): Tensor {
    return slice.narrow(this, dim, start, length);
  }

  /** See {@linkcode slice}. */
  slice(this: Tensor, dim: number, start?: number, end?: number, step?: number): Tensor {
    return slice.slice(this, dim, start, end, step);
  }

  /** See {@linkcode split}. */
  split(this: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
    return slice.split(this, size, dim);
  }

  /** See {@linkcode unbind}. */
  unbind(this: Tensor, dim = 0): Tensor[] {
    return slice.unbind(this, dim);
  }

  /** See {@linkcode chunk}. */
  chunk(this: Tensor, chunks: number, dim = 0): Tensor[] {
    return slice.chunk(this, chunks, dim);
  }

  /** See {@linkcode flip}. */
  flip(this: Tensor, dims: number | readonly number[]): Tensor {
    return flip.flip(this, dims);
  }

  /** See {@linkcode roll}. */
  roll(this: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
    return flip.roll(this, shifts, dims);
  }

  /** See {@linkcode slidingWindow}. */
  unfold(this: Tensor, dim: number, size: number, step: number, options: WindowOptions = {}): Tensor {
    return unfold.slidingWindow(this, dim, size, step, options);
  }

  /** See {@linkcode overlapAdd}. */
  fold(this: Tensor, dim: number, length: number, step: number, options: WindowOptions = {}): Tensor {
    return unfold.overlapAdd(this, dim, length, step, options);
  }

  /** See {@linkcode pad}. */
  pad(this: Tensor, padding: readonly number[], options: PadOptions = {}): Tensor {
    return pad.pad(this, padding, options);
  }

  /** See {@linkcode diagonal}. */
  diagonal(this: Tensor, offset = 0, dim0 = 0, dim1 = 1): Tensor {
    return diagonals.diagonal(this, offset, dim0, dim1);
  }

  /** See {@linkcode diag}. */
  diag(this: Tensor, diagonal = 0): Tensor {
    return diagonals.diag(this, diagonal);
  }

  /** See {@linkcode tril}. */
  tril(this: Tensor, diagonal = 0): Tensor {
    return triangles.tril(this, diagonal);
  }

  /** See {@linkcode triu}. */
  triu(this: Tensor, diagonal = 0): Tensor {
    return triangles.triu(this, diagonal);
  }

  /** See {@linkcode tril_}. */
  tril_(this: Tensor, diagonal = 0): Tensor {
    return triangles.tril_(this, diagonal);
  }

  /** See {@linkcode triu_}. */
  triu_(this: Tensor, diagonal = 0): Tensor {
    return triangles.triu_(this, diagonal);
  }
}
