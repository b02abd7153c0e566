/** The margin between classes that are right and those that are not. */
import * as e from "../../expr/expr.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { asIndices } from "../base/indices.ts";
import { NO_SCALARS } from "../base/elementwise.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";
import { POSITIVE } from "./margin_loss.ts";
import { checkReduction, LOSS_OPTIONS, type LossOptions, reduced } from "./loss.ts";
import { readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

// Targets, and targets minus the number of classes.
const CHECK: ElementCheck = elementCheck(
  "multilabelMarginLoss",
  e.max(e.less(e.input(0), -1), e.lessEqual(0, e.input(1))),
);

/**
 * The sum over right classes j and wrong classes i of `max(0, 1 - x[j] + x[i]) / c`.
 *
 * @param x `[n, c]`, or `[c]`.
 * @param target The right classes of each row, integers, of the shape of x; what follows -1 does not count.
 * @throws {RangeError} If the shapes do not fit, or the target holds no class; what the device alone can see is thrown when
 * something is read.
 * @throws {TypeError} If the target is not of integers.
 */
export function multilabelMarginLoss(
  x: Tensor,
  target: Tensor,
  options?: LossOptions,
): Tensor {
  checkCall("multilabelMarginLoss", arguments, "xx.");
  const { reduction = "mean" } = readOptions("multilabelMarginLoss()", options, LOSS_OPTIONS);
  checkReduction("multilabelMarginLoss", reduction);
  if ((x.ndim !== 2 && x.ndim !== 1) || !sameShape(x.shape, target.shape)) {
    throw new RangeError(
      `Cannot apply multilabelMarginLoss() as both shapes must be [n, c] or [c]: current shapes are ` +
        `${showShape(x.shape)} and ${showShape(target.shape)}`,
    );
  }
  return accumulated([x], (x) => {
    const single = x.ndim === 1, classes = asIndices("multilabelMarginLoss", "target", target);
    CHECK(classes, classes.sub(x.shape.at(-1)!));
    const rows = single ? x.unsqueeze(0) : x, labels = single ? classes.unsqueeze(0) : classes;
    const counted = labels.ge(0).to("int32").cumprod(1), safe = labels.mul(counted);
    const right = rows.newZeros(rows.shape, "int32").scatterAdd(1, safe, counted).gt(0);
    // [n, right, wrong]
    const short = rows.gather(1, safe).unsqueeze(2).sub(rows.unsqueeze(1)).neg().add(1).apply(
      POSITIVE,
      NO_SCALARS,
    );
    const counts = counted.ne(0).unsqueeze(2).logicalAnd(right.logicalNot().unsqueeze(1));
    const losses = short.maskedFill(counts.logicalNot(), 0).sum([1, 2]).div(rows.shape[1]!);
    return reduced(single ? losses.squeeze(0) : losses, reduction);
  }, "multilabelMarginLoss");
}
