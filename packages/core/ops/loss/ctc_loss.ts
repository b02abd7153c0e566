/** The loss of sequences that are not aligned with their labels. */
import { derivative } from "../../expr/derivative.ts";
import * as e from "../../expr/expr.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { cat, stack } from "../shape/cat.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { ARANGE, FULL } from "../base/fill.ts";
import { asClasses } from "../base/indices.ts";
import { checkReduction, type LossOptions, reduced } from "./loss.ts";
import { slicesOf } from "../shape/pieces.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";
import { where } from "../indexing/select.ts";
import { logSoftmax } from "../normalization/softmax.ts";
import { upload } from "../base/upload.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode ctcLoss}. */
export interface CtcLossOptions extends LossOptions {
  /** The class that stands for no label; 0 by default. */
  readonly blank?: number;
  /** Whether losses that are infinite, as labels do not fit into their input, and their gradients are 0; false by default. */
  readonly zeroInfinity?: boolean;
}
const CTC_LOSS_OPTIONS: OptionKeys<CtcLossOptions> = { blank: true, reduction: true, zeroInfinity: true };

// The logarithm of nothing: finite, so that differences are numbers, and beyond the sum of any logarithms met.
const NOTHING = -1e30;
const [A, B, C, D, E, F] = [0, 1, 2, 3, 4, 5].map((i) => e.input(i)) as [
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
];

/** Labels [n, s] by their numbers [n, 1]: a scalar behind the last of each row. */
const LABELS: ElementwiseOp = elementwise({
  name: "ctcLabels",
  kind: "integral",
  expr: e.where(e.less(e.coordinate(1), B), A, e.scalar(0)),
});

/**
 * The slope of what is read of an input: scalar 1, which is NaN, where its length is negative, as it is given where the
 * labels do not fit into it. So the gradient of an infinite loss is NaN everywhere, as PyTorch has it.
 */
const unlessTooShort = (length: e.Expr, slope: e.Expr): e.Expr =>
  e.where(e.less(length, 0), e.scalar(1), slope);

/** The first step [n, l]: a path begins at the blank or at the label behind it; B the input's length. An empty input is read as no labels. */
const FIRST: ElementwiseOp = ((): ElementwiseOp => {
  const begins = e.less(e.coordinate(1), 2), isEmpty = e.equal(B, 0);
  return elementwise({
    name: "ctcLoss",
    kind: "float",
    expr: e.where(begins, e.where(isEmpty, e.where(e.less(e.coordinate(1), 1), 0, NOTHING), A), NOTHING),
    slopes: [e.where(begins, unlessTooShort(B, e.where(isEmpty, 0, 1)), 0)],
  });
})();

/**
 * A step: from the logarithms of the paths that end at each place, at the place before and at the one before that
 * (which F allows to be skipped from), to those with one element more; D its logarithm, E the input's length, and
 * scalar 0 the number of the step. Behind the end of an input all stays as it is.
 */
const STEP: ElementwiseOp = ((): ElementwiseOp => {
  const within = e.less(e.scalar(0), e.abs(E));
  const expr = e.where(
    within,
    e.add(e.logaddexp(e.logaddexp(A, B), e.where(F, C, NOTHING)), D),
    A,
  );
  const [a, b, c] = [0, 1, 2].map((i) => derivative(expr, i)) as [e.Expr, e.Expr, e.Expr];
  return elementwise({
    name: "ctcLoss",
    kind: "float",
    expr,
    slopes: [a, b, c, e.where(within, unlessTooShort(E, e.constant(1)), 0)],
  });
})();

/**
 * The loss of each sequence: paths end at the last label A or at the blank behind it, B; C labels, scalar 0 for
 * infinity, scalar 1 for its slope.
 */
const LAST: ElementwiseOp = ((): ElementwiseOp => {
  const likelihood = e.where(e.less(0, C), e.logaddexp(A, B), B), loss = e.neg(likelihood);
  const unlessInfinite = (finite: e.Expr, number: e.Expr) =>
    e.where(e.less(likelihood, NOTHING / 10), number, finite);
  return elementwise({
    name: "ctcLoss",
    kind: "float",
    expr: unlessInfinite(loss, e.scalar(0)),
    slopes: [0, 1].map((i) => unlessInfinite(derivative(loss, i), e.scalar(1))),
  });
})();

/**
 * Minus the log-probability that a sequence reads as its labels, whatever stretches and blanks there are between them:
 * connectionist temporal classification (Graves et al. 2006). The mean divides each loss by its number of labels
 * first.
 *
 * `logProbs` are normalized once more, which leaves log-probabilities as they are, so that the gradient is that of
 * scores; PyTorch's is the same.
 *
 * @param logProbs Of the classes: `[time, n, c]`, or `[time, c]`; float32 or float64.
 * @param targets Labels `[n, s]`, or those of all sequences one after another; or `[s]`.
 * @param inputLengths How much of each input counts: `[n]`.
 * @param targetLengths How many labels there are of each: `[n]`.
 * @returns One number, or `[n]` without reduction.
 * @throws {RangeError} If the shapes do not fit, or a length exceeds time or labels, as soon as the device sees it.
 * @throws {TypeError} If labels or lengths are not of integers.
 *
 * @example Two steps, of which one or both may be the label
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { ctcLoss, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const logProbs = tensor([[[0.5, 0.5]], [[0.5, 0.5]]], { device }).log();
 * const loss = ctcLoss(logProbs, tensor([[1]], { device, dtype: "int32" }), [2], [1]);
 * assertAlmostEquals(loss.item(), -Math.log(3 / 4), 1e-6);
 * ```
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Tensor | readonly number[],
  targetLengths: Tensor | readonly number[],
  options?: CtcLossOptions,
): Tensor {
  checkCall("ctcLoss", arguments, "xxvv.");
  const { blank = 0, reduction = "mean", zeroInfinity = false } = readOptions(
    "ctcLoss()",
    options,
    CTC_LOSS_OPTIONS,
  );
  checkReduction("ctcLoss", reduction);
  const single = logProbs.ndim === 2, [time] = logProbs.shape, classes = logProbs.shape.at(-1)!;
  const n = single ? 1 : logProbs.shape[1]!;
  checkShapes(logProbs, targets, [inputLengths, targetLengths], n);
  if (logProbs.dtype !== "float32" && logProbs.dtype !== "float64") {
    throw new TypeError(
      `Cannot apply ctcLoss() as log-probabilities must be float32 or float64: current dtype is ${logProbs.dtype}`,
    );
  }
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes) {
    throw new RangeError(
      `Cannot apply ctcLoss() as blank must be one of ${classes} classes: current blank is ${blank}`,
    );
  }
  return called("ctcLoss", [logProbs, targets], () => {
    const lengthsOf = (lengths: Tensor | readonly number[]) =>
      ("dtype" in lengths
        ? asClasses("ctcLoss", "lengths", lengths)
        : upload(logProbs, Int32Array.from(lengths), [lengths.length], "int32")).reshape([n, 1]);
    const steps = lengthsOf(inputLengths), counts = lengthsOf(targetLengths);
    checkLengths(steps, time!, null);
    checkLengths(counts, targets.shape.at(-1)!, targets.ndim === 1 && !single ? targets.numel() : null);
    const labels = asClasses("ctcLoss", "targets", targets);
    const rows = rowsOf(single ? labels.unsqueeze(0) : labels, counts, targetLengths)
      .apply(LABELS, { scalars: [blank] }, counts);

    // A blank before, between and behind the labels; a label may follow another one, not an equal one, at once.
    const s = rows.shape[1]!,
      blanks = rows.applyFresh(FULL, { shape: [n, s + 1], dtype: "int32", scalars: [blank] });
    const before = blanks.narrow(1, 0, s), last = blanks.narrow(1, s, 1);
    const places = cat([stack([before, rows], 2).reshape([n, 2 * s]), last], 1);
    const skips = places.narrow(1, Math.min(2, 2 * s + 1), Math.max(2 * s - 1, 0))
      .ne(places.narrow(1, 0, Math.max(2 * s - 1, 0)))
      .pad([Math.min(2, 2 * s + 1), 0]);

    const scores = logSoftmax(single ? logProbs.unsqueeze(1) : logProbs, 2);
    const each = slicesOf(
      scores.gather(2, places.unsqueeze(0).expand([time!, n, 2 * s + 1])).clamp({ min: NOTHING }),
      0,
    );
    // Between equal labels there must be a blank.
    const again = rows.narrow(1, Math.min(1, s), Math.max(s - 1, 0));
    const repeats = again.eq(rows.narrow(1, 0, Math.max(s - 1, 0))).logicalAnd(again.ne(blank));
    const needed = counts.add(repeats.sum(1, { keepdim: true, dtype: "int32" }));
    const lengths = where(needed.gt(steps), steps.neg(), steps);
    const infinite = zeroInfinity ? 0 : Infinity, slope = zeroInfinity ? 0 : NaN;
    let paths = each[0]!.apply(FIRST, { scalars: [0, slope] }, lengths);
    for (let t = 1; t < each.length; t++) {
      const wide = paths.pad([2, 0], { value: NOTHING });
      const [one, two] = [1, 0].map((start) => wide.narrow(1, start, 2 * s + 1));
      paths = paths.apply(STEP, { scalars: [t, slope] }, one!, two!, each[t]!, lengths, skips);
    }
    const end = counts.mul(2), label = paths.gather(1, end.sub(1).clamp({ min: 0 }));
    const losses = label.apply(LAST, { scalars: [infinite, slope] }, paths.gather(1, end), counts).reshape(
      single ? [] : [n],
    );
    if (reduction !== "mean") return reduced(losses, reduction);
    return losses.div(counts.reshape(losses.shape).clamp({ min: 1 })).mean();
  });
}

/** Labels one after another as rows [n, s]. */
function rowsOf(labels: Tensor, counts: Tensor, lengths: Tensor | readonly number[]): Tensor {
  if (labels.ndim === 2) return labels;
  const total = labels.numel(), n = counts.numel();
  // Where the lengths are known to the device alone, no row is longer than all of them.
  const s = "dtype" in lengths ? total : Math.max(0, ...lengths);
  if (total === 0 || s === 0) return labels.newZeros([n, 0]);
  const starts = counts.cumsum(0).sub(counts);
  const along = labels.applyFresh(ARANGE, { shape: [s], dtype: "int32", scalars: [0, 1] });
  const positions = starts.add(along).clamp({ max: total - 1 });
  return labels.indexSelect(0, positions.reshape([n * s])).reshape([n, s]);
}

function checkShapes(
  logProbs: Tensor,
  targets: Tensor,
  lengths: readonly (Tensor | readonly number[])[],
  n: number,
): void {
  const single = logProbs.ndim === 2,
    numel = (t: Tensor | readonly number[]) => "dtype" in t ? t.numel() : t.length;
  const fits = (single || logProbs.ndim === 3) && logProbs.shape[0] !== 0 &&
    (single ? targets.ndim === 1 : targets.ndim === 1 || (targets.ndim === 2 && targets.shape[0] === n)) &&
    lengths.every((t) => numel(t) === n);
  if (!fits) {
    throw new RangeError(
      `Cannot apply ctcLoss() as shapes must be [time, n, c], [n, s] or [labels], and there must be n lengths of each: ` +
        `current shapes are ${showShape(logProbs.shape)}, ${showShape(targets.shape)}, and there are ` +
        `${lengths.map(numel).join(" and ")} lengths`,
    );
  }
}

/** Lengths and their limits, or their sum and what it must be. */
const BEYOND: ElementCheck = elementCheck("ctcLoss", e.max(e.less(A, 0), e.less(B, A)));
const UNEQUAL: ElementCheck = elementCheck("ctcLoss", e.notEqual(A, B));

/** Refuses lengths [n, 1] beyond `most`, and such as do not add up to `total` unless that is null. */
function checkLengths(lengths: Tensor, most: number, total: number | null): void {
  BEYOND(lengths, lengths.newFull(lengths.shape, most));
  if (total !== null) UNEQUAL(lengths.sum(), lengths.newFull([], total));
}
