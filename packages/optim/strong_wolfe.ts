/** A line search whose result fulfils the strong Wolfe conditions. */
import type { Tensor } from "@troodon/core";

/** What is known of a step of length `t` along a direction. */
export interface LinePoint {
  readonly t: number;
  readonly loss: number;
  /** Of the loss along the direction. */
  readonly slope: number;
  /** Of the loss by all parameters. */
  readonly gradient: Tensor;
}

/** What {@linkcode strongWolfe} finds. */
export interface LineSearchResult {
  readonly point: LinePoint;
  /** How often the loss was asked for. */
  readonly evaluations: number;
}

const ENOUGH_DESCENT = 1e-4;
const ENOUGH_FLATTENING = 0.9;
const MAX_TRIES = 25;
const SMALLEST_CHANGE = 1e-9;

/**
 * Looks for a step that lowers the loss, `f(t) <= f(0) + 1e-4 t f'(0)`, to where the slope is small, `|f'(t)| <= 0.9 |f'(0)|`
 * (Nocedal and Wright 2006, algorithms 3.5 and 3.6, by cubic interpolation as in minFunc and PyTorch).
 *
 * @param first The first step tried.
 * @param reach How far the fastest parameter goes with t = 1: brackets in which none goes farther than 1e-9 are not searched.
 */
export function strongWolfe(
  evaluate: (t: number) => LinePoint,
  start: LinePoint,
  first: number,
  reach: number,
): LineSearchResult {
  let tries = 0;
  const result = (point: LinePoint): LineSearchResult => ({ point, evaluations: tries + 1 });
  // Not `>`, so that a loss of NaN is too high.
  const isTooHigh = ({ t, loss }: LinePoint): boolean =>
    !(loss <= start.loss + ENOUGH_DESCENT * t * start.slope);
  const isFlat = ({ slope }: LinePoint): boolean => Math.abs(slope) <= -ENOUGH_FLATTENING * start.slope;

  // Lengthen the step until there is a minimum between two of them.
  let before = start, point = evaluate(first);
  while (tries < MAX_TRIES) {
    if (isTooHigh(point) || (tries > 1 && point.loss >= before.loss)) break;
    if (isFlat(point)) return result(point);
    if (point.slope >= 0) break;
    const bounds = [point.t + 0.01 * (point.t - before.t), point.t * 10] as const;
    const t = cubicMinimum(before, point, bounds);
    before = point;
    point = evaluate(t);
    tries++;
  }
  if (tries === MAX_TRIES) before = start;
  let [low, high] = point.loss < before.loss ? [point, before] : [before, point];

  // Narrow the bracket.
  let wasAtEdge = false;
  while (tries < MAX_TRIES && Math.abs(high.t - low.t) * reach >= SMALLEST_CHANGE) {
    const [left, right] = [Math.min(low.t, high.t), Math.max(low.t, high.t)];
    let t = cubicMinimum(low, high, [left, right]);
    const margin = 0.1 * (right - left);
    const isAtEdge = Math.min(right - t, t - left) < margin;
    if (isAtEdge && (wasAtEdge || t >= right || t <= left)) {
      t = right - t < t - left ? right - margin : left + margin;
      wasAtEdge = false;
    } else wasAtEdge = isAtEdge;
    point = evaluate(t);
    tries++;
    if (isTooHigh(point) || point.loss >= low.loss) {
      [low, high] = point.loss < low.loss ? [point, low] : [low, point];
    } else {
      if (isFlat(point)) return result(point);
      if (point.slope * (high.t - low.t) >= 0) high = low;
      low = point;
    }
  }
  return result(low);
}

/** Where the cubic through two points with their slopes is lowest; the middle of the bounds if it is nowhere. */
function cubicMinimum(a: LinePoint, b: LinePoint, [min, max]: readonly [number, number]): number {
  const [p, q] = a.t <= b.t ? [a, b] : [b, a];
  const u = p.slope + q.slope - 3 * (p.loss - q.loss) / (p.t - q.t);
  const w = Math.sqrt(u * u - p.slope * q.slope);
  const t = q.t - (q.t - p.t) * ((q.slope + w - u) / (q.slope - p.slope + 2 * w));
  return Number.isNaN(t) ? (min + max) / 2 : Math.min(Math.max(t, min), max);
}
