/** A tensor taken apart along an axis, as one node of the graph. */
import type { CompositeOp } from "../../op.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { cat, stack } from "./cat.ts";

interface PiecesParams {
  readonly axis: number;
  /** In how many pieces. */
  readonly count: number;
}

const CHUNKS: CompositeOp<PiecesParams> = {
  kind: "composite",
  views: true,
  name: "chunk",
  gradName: "split",
  infer: ([x], { axis, count }) => {
    const extent = x!.shape[axis] ?? NaN;
    if (extent % count !== 0) {
      throw new RangeError(
        `Cannot apply chunk() as ${count} must divide the extent of axis ${axis}: current shape is ${
          showShape(x!.shape)
        }`,
      );
    }
    const spec = { shape: x!.shape.with(axis, extent / count), dtype: x!.dtype };
    return Array.from({ length: count }, () => spec);
  },
  composite([x], { axis, count }) {
    const extent = x!.shape[axis]! / count;
    return Array.from({ length: count }, (_, i) => x!.narrow(axis, i * extent, extent));
  },
  // One copy in place of a padded one for each piece, and their sum.
  vjp: (g, { params }) => [() => cat(g, params.axis)],
};

const SPLIT: CompositeOp<{ readonly axis: number; readonly extents: readonly number[] }> = {
  kind: "composite",
  views: true,
  name: "split",
  infer: ([x], { axis, extents }) =>
    extents.map((extent) => ({ shape: x!.shape.with(axis, extent), dtype: x!.dtype })),
  composite([x], { axis, extents }) {
    let start = 0;
    return extents.map((extent) => {
      const piece = x!.narrow(axis, start, extent);
      start += extent;
      return piece;
    });
  },
  vjp: (g, { params }) => [() => cat(g, params.axis)],
};

const SLICES: CompositeOp<PiecesParams> = {
  kind: "composite",
  views: true,
  name: "unbind",
  infer: ([x], { axis, count }) => {
    const spec = { shape: x!.shape.toSpliced(axis, 1), dtype: x!.dtype };
    return Array.from({ length: count }, () => spec);
  },
  composite: ([x], { axis, count }) => Array.from({ length: count }, (_, i) => x!.select(axis, i)),
  vjp: (g, { params }) => [() => stack(g, params.axis)],
};

/** `count` views of equal extent along `axis`, which `count` divides. */
export function chunksOf(x: Tensor, count: number, axis: number): readonly Tensor[] {
  return x.applyAll(CHUNKS, { axis, count });
}

/** Views of such extents along `axis`, which are all of it. */
export function piecesOf(x: Tensor, extents: readonly number[], axis: number): readonly Tensor[] {
  return x.applyAll(SPLIT, { axis, extents });
}

/** Views at each position of `axis`, without that axis. */
export function slicesOf(x: Tensor, axis: number): readonly Tensor[] {
  return x.applyAll(SLICES, { axis, count: x.shape[axis]! });
}
