/** How many elements lie in each of several ranges. */
import { named, type TwoResults } from "../../named_results.ts";
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";
import { searchsorted } from "../indexing/searchsorted.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, LOW, HIGH] = [e.input(0), e.input(1), e.input(2)], BINS = e.scalar(0);

const widened = (by: number, bound: e.Expr): ElementwiseOp => ({
  ...elementwise({
    name: "histogram",
    kind: "same",
    expr: e.where(e.equal(e.input(0), e.input(1)), e.add(bound, by), bound),
  }),
  differentiable: false,
});
/** The bounds 0 and 1, moved apart where they are equal. */
const LOWER: ElementwiseOp = widened(-1, e.input(0)), UPPER: ElementwiseOp = widened(1, e.input(1));
/**
 * The bounds 0 and 1, moved apart by half as much: used for the bin edges of `torch.histogram`, unlike
 * `torch.histc`.
 */
const LOWER_EDGE: ElementwiseOp = widened(-0.5, e.input(0)),
  UPPER_EDGE: ElementwiseOp = widened(0.5, e.input(1));

/** The number of the bin, of as many bins as scalar 0, that an element belongs to; the last has its upper bound, too. */
const PLACE: ElementwiseOp = elementwise({
  name: "histc",
  kind: "same",
  expr: e.max(e.min(e.floor(e.div(e.mul(e.sub(X, LOW), BINS), e.sub(HIGH, LOW))), e.sub(BINS, 1)), 0),
});
const WITHIN: ElementwiseOp = elementwise({
  name: "histc",
  kind: "bool",
  expr: e.mul(e.lessEqual(LOW, X), e.lessEqual(X, HIGH)),
});

// The edges of scalar 0 bins between inputs 0 and 1, from the nearer end: the last is exactly the upper bound.
const step = e.div(e.sub(e.input(1), e.input(0)), BINS), place = e.coordinate(0);
const EDGES: ElementwiseOp = elementwise({
  name: "histogram",
  kind: "same",
  expr: e.where(
    e.less(e.mul(2, place), e.add(BINS, 1)),
    e.add(e.input(0), e.mul(step, place)),
    e.sub(e.input(1), e.mul(step, e.sub(BINS, place))),
  ),
});

const isFinite = (x: e.Expr): e.Expr => e.less(e.abs(x), Infinity);
const finite = (op: "histc" | "histogram"): ElementCheck =>
  elementCheck(op, e.sub(1, e.mul(isFinite(e.input(0)), isFinite(e.input(1)))));
const FINITE = { histc: finite("histc"), histogram: finite("histogram") } as const;

/** Bounds of a range: the numbers given, or else the extremes of the elements, on the device. */
function boundsOf(
  op: "histc" | "histogram",
  x: Tensor,
  range: readonly [number, number] | null,
  lower = LOWER,
  upper = UPPER,
): readonly [Tensor, Tensor] {
  const number = (value: number) => x.newEmpty([]).fill_(value);
  const [low, high] = range !== null
    ? [number(range[0]), number(range[1])]
    : x.numel() === 0
    ? [number(0), number(1)]
    : [x.amin(), x.amax()];
  if (range === null) FINITE[op](low, high);
  return [low.apply(lower, NO_SCALARS, high), low.apply(upper, NO_SCALARS, high)];
}

function checkBins(op: string, x: Tensor, bins: number, range: readonly [number, number]): void {
  if (!isFloating(x.dtype)) {
    throw new TypeError(`Cannot apply ${op}() as the dtype must be floating: current dtype is ${x.dtype}`);
  }
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(
      `Cannot apply ${op}() as the number of bins must be an integer from 1 on: current number is ${bins}`,
    );
  }
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new RangeError(
      `Cannot apply ${op}() as the range must be two finite numbers in order: current range is ${low} to ${high}`,
    );
  }
}

/** Options of {@linkcode histc}. */
export interface HistcOptions {
  /** How many bins of equal width there are; 100 by default. */
  readonly bins?: number;
  /** Lower edge of the first bin; 0 by default. If `max` equals it, the range is that of the elements. */
  readonly min?: number;
  /** Upper edge of the last bin; 0 by default. */
  readonly max?: number;
}
const HISTC_OPTIONS: OptionKeys<HistcOptions> = { bins: true, min: true, max: true };

/**
 * How many elements lie in each of `bins` ranges of equal width, in the dtype of `x`; what lies outside does not count.
 * It has no gradient.
 *
 * @throws {RangeError} If no range is given and an element is not finite: immediately, or when a result is
 * read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, histc, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(histc(tensor([1, 2, 1, 4], { device }), { bins: 4, min: 0, max: 4 }).tolist(), [0, 2, 1, 1]);
 * ```
 */
export function histc(x: Tensor, options?: HistcOptions): Tensor {
  checkCall("histc", arguments, "x.");
  const { bins = 100, min = 0, max = 0 } = readOptions("histc()", options, HISTC_OPTIONS);
  checkBins("histc", x, bins, [min, max]);
  return accumulated([x], (x) => {
    const line = x.detach().reshape([-1]);
    const [low, high] = boundsOf("histc", line, min === max ? null : [min, max]);
    const within = line.apply(WITHIN, NO_SCALARS, low, high);
    const at = line.apply(PLACE, { scalars: [bins] }, low, high).maskedFill(within.logicalNot(), 0).to(
      "int32",
    );
    return x.newEmpty([bins]).zero_().scatterAdd_(0, at, within.to(x.dtype));
  }, "histc");
}

/** Options of {@linkcode histogram}. */
export interface HistogramOptions {
  /** Lower edge of the first bin and upper edge of the last, if `bins` is a number; the extremes of the elements by default. */
  readonly range?: readonly [number, number];
  /** Weight of each element, of the shape of `x`; 1 by default. */
  readonly weight?: Tensor;
  /** Whether the integral over the range is 1 rather than the sum the number of elements; false by default. */
  readonly density?: boolean;
}
const HISTOGRAM_OPTIONS: OptionKeys<HistogramOptions> = { range: true, weight: true, density: true };

/** Result of {@linkcode histogram}: counts per bin, and the bin edges. */
export interface HistogramResult extends TwoResults {
  /** How many elements lie in each bin. */
  readonly hist: Tensor;
  /** Edges of the bins, ascending: one more than there are bins. */
  readonly binEdges: Tensor;
}

/**
 * How many elements lie in each of several ranges, and the edges of these; what lies outside does not count. It has no
 * gradient.
 *
 * @param bins How many ranges of equal width there are, or a vector of edges that ascend.
 * @throws {RangeError} If neither a range nor edges are given and an element is not finite: immediately, or
 * when a result is read.
 */
export function histogram(
  x: Tensor,
  bins: number | Tensor,
  options?: HistogramOptions,
): HistogramResult {
  checkCall("histogram", arguments, "xn.");
  const { range, weight, density = false } = readOptions("histogram()", options, HISTOGRAM_OPTIONS);
  checkBins("histogram", x, typeof bins === "number" ? bins : Math.max(1, bins.numel() - 1), range ?? [0, 0]);
  if (typeof bins !== "number") checkEdges(x, bins, range);
  if (weight !== undefined && (!sameShape(weight.shape, x.shape) || weight.dtype !== x.dtype)) {
    throw new RangeError(
      `Cannot apply histogram() as weights must have shape and dtype of the tensor: current shapes are ` +
        `${showShape(weight.shape)} and ${showShape(x.shape)}, dtypes ${weight.dtype} and ${x.dtype}`,
    );
  }
  const [hist, binEdges] = accumulated([x, bins, weight], (x, bins, weight) => {
    const line = x.detach().reshape([-1]);
    const edges = typeof bins === "number" ? edgesOf(line, bins, range ?? null) : bins.detach().clone();
    const count = edges.numel() - 1, low = edges.narrow(0, 0, 1), high = edges.narrow(0, count, 1);
    const within = line.apply(WITHIN, NO_SCALARS, low, high);
    const behind = searchsorted(edges, line, { right: true }).sub(1).clamp({ min: 0, max: count - 1 });
    const counted = within.to(x.dtype),
      weighed = weight ? counted.mul(weight.detach().reshape([-1])) : counted;
    const sums = x.newEmpty([count]).zero_().scatterAdd_(0, behind, weighed);
    if (!density) return [sums, edges];
    const widths = edges.narrow(0, 1, count).sub(edges.narrow(0, 0, count));
    return [sums.div(sums.sum()).div(widths), edges];
  }) as [Tensor, Tensor];
  return named({ hist, binEdges });
}

function edgesOf(x: Tensor, bins: number, range: readonly [number, number] | null): Tensor {
  const [low, high] = boundsOf("histogram", x, range, LOWER_EDGE, UPPER_EDGE);
  return low.expand([bins + 1]).apply(EDGES, { scalars: [bins] }, high);
}

function checkEdges(x: Tensor, edges: Tensor, range: readonly [number, number] | undefined): void {
  if (edges.ndim !== 1 || edges.numel() < 2 || edges.dtype !== x.dtype) {
    throw new RangeError(
      `Cannot apply histogram() as edges must be a vector of two or more, of the dtype of the tensor: ` +
        `current shape is ${showShape(edges.shape)}, dtypes are ${edges.dtype} and ${x.dtype}`,
    );
  }
  if (range !== undefined) {
    throw new TypeError(
      "Cannot apply histogram() as a range goes with a number of bins: current bins are edges",
    );
  }
}
