/** Interpolation taps of a sample along one axis: element positions and their weights. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";

/** Interpolation mode: how values between elements are calculated. */
export type GridSampleMode = "bilinear" | "nearest" | "bicubic";

/** Padding mode for samples outside of the input: zeros, the border elements, or reflection. */
export type GridSamplePadding = "zeros" | "border" | "reflection";

/** Taps of all samples [n, taps, samples]. */
export interface GridTaps {
  /** Positions, int32; -1 where there is no element. */
  readonly positions: Tensor;
  /** Shares; null where there is one tap of weight 1. */
  readonly weights: Tensor | null;
}

// Scalars: the extent, and the least coordinate and the distance that reflections are made of.
const [X, EXTENT, LEAST, SPAN] = [e.input(0), e.scalar(0), e.scalar(1), e.scalar(2)];
const LAST = e.sub(EXTENT, 1);

/** From -1 to 1 to positions. */
const positionOf = (corners: boolean): e.Expr =>
  corners ? e.mul(e.mul(e.add(X, 1), 0.5), LAST) : e.mul(e.sub(e.mul(e.add(X, 1), EXTENT), 1), 0.5);

/** Brought inside; without a slope from the outermost positions on, and 0 if NaN. */
const clipped = (at: e.Expr): e.Expr => e.where(e.less(0, at), e.where(e.less(at, LAST), at, LAST), 0);

/** Folded at both ends, as often as it takes. */
function reflected(at: e.Expr): e.Expr {
  const from = e.sub(at, LEAST), distance = e.where(e.less(from, 0), e.neg(from), from);
  const flips = e.floor(e.div(distance, SPAN)), rest = e.sub(distance, e.mul(flips, SPAN));
  const odd = e.notEqual(e.sub(flips, e.mul(2, e.floor(e.mul(flips, 0.5)))), 0);
  return clipped(e.add(e.where(odd, e.sub(SPAN, rest), rest), LEAST));
}

const PADDED: Readonly<Record<GridSamplePadding, (at: e.Expr) => e.Expr>> = {
  zeros: (at) => at,
  border: clipped,
  reflection: reflected,
};

/** A position, or -1 outside. */
const inside = (at: e.Expr): e.Expr => e.where(e.mul(e.lessEqual(0, at), e.lessEqual(at, LAST)), at, -1);

// The number of the tap, and how far the sample is behind the element before it.
const TAP = e.coordinate(1), BASE = e.floor(X), REST = e.sub(X, BASE);

// Keys 1981, with a = -3/4 as OpenCV and PyTorch: by the distance of the tap, up to 1 and up to 2.
const SLOPE = -0.75;
const inner = (t: e.Expr): e.Expr => e.add(e.mul(e.mul(e.sub(e.mul(SLOPE + 2, t), SLOPE + 3), t), t), 1);
const outer = (t: e.Expr): e.Expr =>
  e.sub(e.mul(e.add(e.mul(e.sub(e.mul(SLOPE, t), 5 * SLOPE), t), 8 * SLOPE), t), 4 * SLOPE);
const ROUND = e.sub(TAP, 1);
const DISTANCE = e.where(e.less(TAP, 2), e.sub(REST, ROUND), e.sub(ROUND, REST));
const NEAR = e.equal(e.abs(e.sub(TAP, 1.5)), 0.5);

const op = (kind: "float" | "same", expr: e.Expr): ElementwiseOp =>
  elementwise({ name: "gridSample", kind, expr });

const byPadding = (
  make: (padded: (at: e.Expr) => e.Expr) => e.Expr,
): Readonly<Record<GridSamplePadding, ElementwiseOp>> => ({
  zeros: op("same", make(PADDED.zeros)),
  border: op("same", make(PADDED.border)),
  reflection: op("same", make(PADDED.reflection)),
});

/** Samples to coordinates, without corners aligned and with. */
const COORDINATES = [false, true].map((corners) => byPadding((padded) => padded(positionOf(corners))));
const NEAREST = op("same", inside(e.round(X)));
const LINEAR_POSITIONS = op("same", inside(e.add(BASE, TAP)));
const LINEAR_WEIGHTS = op("same", e.where(e.equal(TAP, 0), e.sub(1, REST), REST));
// A cubic's taps are brought inside one by one, and the sample not at all.
const CUBIC_POSITIONS = byPadding((padded) => inside(e.round(padded(e.add(BASE, ROUND)))));
const CUBIC_WEIGHTS = op("same", e.where(NEAR, inner(DISTANCE), outer(DISTANCE)));

/** The taps of samples `at` [n, samples], from -1 to 1, along an axis of `extent` elements. */
export function tapsOf(
  at: Tensor,
  extent: number,
  mode: GridSampleMode,
  padding: GridSamplePadding,
  corners: boolean,
): GridTaps {
  const scalars = [extent, corners ? 0 : -0.5, corners ? extent - 1 : extent];
  const [n, count] = at.shape as [number, number];
  // One element with aligned corners: there is nothing to reflect at.
  const folding = padding === "reflection" && scalars[2] === 0 ? "border" : padding;
  const own = COORDINATES[corners ? 1 : 0]![mode === "bicubic" ? "zeros" : folding];
  const found = at.apply(own, { scalars }).unsqueeze(1);
  const whole = (positions: Tensor) => positions.detach().to("int32");
  if (mode === "nearest") return { positions: whole(found.apply(NEAREST, { scalars })), weights: null };
  const spread = found.expand([n, mode === "bicubic" ? 4 : 2, count]);
  const [positions, weights] = mode === "bicubic"
    ? [CUBIC_POSITIONS[folding], CUBIC_WEIGHTS]
    : [LINEAR_POSITIONS, LINEAR_WEIGHTS];
  return {
    positions: whole(spread.apply(positions, { scalars })),
    weights: spread.apply(weights, { scalars }),
  };
}
