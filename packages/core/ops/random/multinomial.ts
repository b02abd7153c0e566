/** Positions drawn with given probabilities. */
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { Generator } from "../../random/generator.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";
import { searchsorted } from "../indexing/searchsorted.ts";
import { topk } from "../reduction/sort.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode multinomial}. */
export interface MultinomialOptions {
  /** Whether a position may be drawn again; false by default. */
  readonly replacement?: boolean;
  /** Random number generator; that of the device by default. */
  readonly generator?: Generator;
}
const MULTINOMIAL_OPTIONS: OptionKeys<MultinomialOptions> = { replacement: true, generator: true };

// Weights by exponential numbers: the largest are as likely to be each as if drawn one after the other. 2^-32 stands for
// what the generator cannot draw.
const RACE: ElementwiseOp = elementwise({
  name: "multinomial",
  kind: "float",
  expr: e.div(e.input(0), e.max(e.neg(e.log(e.sub(1, e.random()))), 2 ** -32)),
});

/** Uniform below the last sum of a row. */
const BELOW: ElementwiseOp = elementwise({
  name: "multinomial",
  kind: "float",
  expr: e.mul(e.input(0), e.random()),
});

/** The least and the largest weight of rows, how many are above 0 and how many must be. */
const INVALID: ElementCheck = elementCheck(
  "multinomial",
  e.sub(
    1,
    e.mul(
      e.mul(e.lessEqual(0, e.input(0)), e.less(e.input(1), Infinity)),
      e.lessEqual(e.input(3), e.input(2)),
    ),
  ),
);

/** Refuses weights that are no weights, and rows of too few. */
function checkWeights(weights: Tensor, least: number): void {
  if (weights.numel() === 0) return;
  const some = weights.gt(0).to(weights.dtype).sum(-1);
  INVALID(weights.amin(-1), weights.amax(-1), some, some.newFull(some.shape, least));
}

/**
 * Positions drawn with probabilities in proportion to weights: `numSamples` of each row. Draws from the device's
 * generator.
 *
 * @param weights `[m]`, or `[n, m]`, floating; a row need not add up to 1.
 * @returns `[numSamples]`, or `[n, numSamples]`.
 * @throws {RangeError} If there are too few positions to draw without replacement, or weights are negative or not finite, as soon as the device sees them.
 * @throws {TypeError} If the weights are not floating.
 *
 * @example The only position there is
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, multinomial, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const weights = tensor([0, 3, 0], { device });
 * assertEquals(multinomial(weights, 2, { replacement: true }).tolist(), [1, 1]);
 * ```
 */
export function multinomial(weights: Tensor, numSamples: number, options: MultinomialOptions = {}): Tensor {
  checkCall("multinomial", arguments, "xd.");
  options = readOptions("multinomial()", options, MULTINOMIAL_OPTIONS);
  const { replacement = false, generator = weights.device.generator } = options;
  const m = weights.shape.at(-1) ?? 0;
  if (!isFloating(weights.dtype)) {
    throw new TypeError(
      `Cannot apply multinomial() as weights must be floating: current dtype is ${weights.dtype}`,
    );
  }
  const fits = (weights.ndim === 1 || weights.ndim === 2) && m > 0 && Number.isInteger(numSamples) &&
    numSamples > 0 && (replacement || numSamples <= m);
  if (!fits) {
    throw new RangeError(
      `Cannot apply multinomial() as weights must be [m] or [n, m], and numSamples at least 1, and at most m without ` +
        `replacement: current shape is ${showShape(weights.shape)}, numSamples is ${numSamples}`,
    );
  }
  return called("multinomial", [weights], () => {
    const plain = weights.detach(), wide = plain.dtype === "float64" ? plain : plain.to("float32");
    checkWeights(wide, replacement ? 1 : numSamples);
    if (!replacement) {
      const random = generator.reserve(wide.numel());
      return topk(wide.apply(RACE, { ...NO_SCALARS, random }), numSamples).indices;
    }
    const sums = wide.cumsum(-1), last = sums.narrow(-1, m - 1, 1);
    const totals = last.expand([...last.shape.slice(0, -1), numSamples]);
    const at = totals.apply(BELOW, { ...NO_SCALARS, random: generator.reserve(totals.numel()) });
    return searchsorted(sums, at, { right: true });
  });
}
