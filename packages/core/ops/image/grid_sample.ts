/** Images sampled at positions that a tensor names. */
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import { showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { type GridSampleMode, type GridSamplePadding, type GridTaps, tapsOf } from "./grid_taps.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode gridSample}. */
export interface GridSampleOptions {
  /** "bilinear" by default, which is trilinear for volumes; "bicubic" is for images alone. */
  readonly mode?: GridSampleMode;
  /** Padding for samples outside of the input; "zeros" by default. */
  readonly paddingMode?: GridSamplePadding;
  /** Whether -1 and 1 are the centers of the outermost elements, rather than their outer edges; false by default. */
  readonly alignCorners?: boolean;
}
const GRID_SAMPLE_OPTIONS: OptionKeys<GridSampleOptions> = {
  mode: true,
  paddingMode: true,
  alignCorners: true,
};

const MODES: readonly string[] = ["bilinear", "nearest", "bicubic"] satisfies GridSampleMode[];
const PADDINGS: readonly string[] = ["zeros", "border", "reflection"] satisfies GridSamplePadding[];

/** A position in what is before and one along another axis to a position in both; -1 if either is. */
const JOINED: ElementwiseOp = elementwise({
  name: "gridSample",
  kind: "integral",
  expr: e.where(
    e.less(e.min(e.input(0), e.input(1)), 0),
    -1,
    e.add(e.mul(e.input(0), e.scalar(0)), e.input(1)),
  ),
});
const PLACE: ElementwiseOp = elementwise({
  name: "gridSample",
  kind: "integral",
  expr: e.max(e.input(0), 0),
});

/** The op that weighs an input element for a sample; 0 outside of the input, whatever the element. */
const SHARE: ElementwiseOp = elementwise({
  name: "gridSample",
  kind: "float",
  expr: e.where(e.less(e.input(2), 0), 0, e.mul(e.input(0), e.input(1))),
});
const FOUND: ElementwiseOp = elementwise({
  name: "gridSample",
  kind: "float",
  expr: e.where(e.less(e.input(1), 0), 0, e.input(0)),
});

function checkOperands(
  x: Tensor,
  grid: Tensor,
  { mode = "bilinear", paddingMode = "zeros" }: GridSampleOptions,
): void {
  const axes = x.ndim - 2;
  if (!MODES.includes(mode) || !PADDINGS.includes(paddingMode) || (mode === "bicubic" && axes !== 2)) {
    throw new RangeError(
      `Cannot apply gridSample() as mode must be ${
        MODES.join(", ")
      }, the last for images alone, and paddingMode ` +
        `${PADDINGS.join(", ")}: current mode is "${mode}" for ${axes} axes, paddingMode is "${paddingMode}"`,
    );
  }
  const fits = (axes === 2 || axes === 3) && grid.ndim === x.ndim && grid.shape[0] === x.shape[0] &&
    grid.shape.at(-1) === axes && x.shape.slice(2).every((n) => n > 0);
  if (!fits) {
    throw new RangeError(
      `Cannot apply gridSample() as shapes must be [n, c, h, w] and [n, h', w', 2], or [n, c, d, h, w] and ` +
        `[n, d', h', w', 3], and no image empty: current shapes are ${showShape(x.shape)} and ${
          showShape(grid.shape)
        }`,
    );
  }
  if (!isFloating(x.dtype) || x.dtype !== grid.dtype) {
    throw new TypeError(
      `Cannot apply gridSample() as input and grid must be floating and of one dtype: current dtypes are ` +
        `${x.dtype} and ${grid.dtype}`,
    );
  }
}

/** Taps along an axis put behind those of the axes before it: all pairs. */
function crossed(before: GridTaps | null, along: GridTaps, extent: number): GridTaps {
  if (before === null) return along;
  const pairs = (a: Tensor, b: Tensor, join: (a: Tensor, b: Tensor) => Tensor) =>
    join(a.unsqueeze(2), b.unsqueeze(1)).flatten(1, 2);
  return {
    positions: pairs(before.positions, along.positions, (a, b) => a.apply(JOINED, { scalars: [extent] }, b)),
    weights: before.weights && along.weights && pairs(before.weights, along.weights, (a, b) => a.mul(b)),
  };
}

/**
 * `x` sampled where `grid` says, such as {@linkcode affineGrid} makes it: `output[n, c, i, j]` is the value of channel
 * c at the position `grid[n, i, j]`, x first, where -1 and 1 are the edges of the image.
 *
 * @param x `[n, c, h, w]`, or `[n, c, d, h, w]`.
 * @param grid `[n, h', w', 2]`, or `[n, d', h', w', 3]`.
 * @returns `[n, c, h', w']`, or `[n, c, d', h', w']`.
 * @throws {RangeError} If the shapes do not fit, or there is no such mode.
 * @throws {TypeError} If the dtypes are not one floating type.
 *
 * @example The middle of an image, and a place outside
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, gridSample, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[[[1, 2], [3, 6]]]], { device }), grid = tensor([[[[0, 0], [5, 0]]]], { device });
 * assertEquals(gridSample(x, grid).tolist(), [[[[3, 0]]]]);
 * ```
 */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  checkCall("gridSample", arguments, "xx.");
  options = readOptions("gridSample()", options, GRID_SAMPLE_OPTIONS);
  checkOperands(x, grid, options);
  const { mode = "bilinear", paddingMode = "zeros", alignCorners = false } = options;
  const [n, c, ...extents] = x.shape as [number, number, ...number[]], places = grid.shape.slice(1, -1);
  const count = sizeOf(places);
  return accumulated([x, grid], (x, grid) => {
    const at = grid.reshape([n, count, extents.length]);
    const taps = extents.reduce((before: GridTaps | null, extent, axis) => {
      const own = at.select(2, extents.length - 1 - axis);
      return crossed(before, tapsOf(own, extent, mode, paddingMode, alignCorners), extent);
    }, null)!;
    const width = taps.positions.shape[1]!, positions = taps.positions.reshape([n, 1, width * count]);
    const index = positions.apply(PLACE, NO_SCALARS).expand([n, c, width * count]);
    const values = x.reshape([n, c, sizeOf(extents)]).gather(2, index).reshape([n, c, width, count]);
    const where = taps.positions.unsqueeze(1);
    const shares = taps.weights
      ? values.apply(SHARE, NO_SCALARS, taps.weights.unsqueeze(1), where)
      : values.apply(FOUND, NO_SCALARS, where);
    return shares.sum(2).reshape([n, c, ...places]);
  }, "gridSample");
}
