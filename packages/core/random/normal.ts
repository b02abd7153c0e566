/** Normal draws with a mean and a standard deviation for each element. */
import { isHalf } from "../dtype.ts";
import * as e from "../expr/expr.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { promoteSpecs } from "../ops/base/elementwise.ts";
import { type ElementCheck, elementCheck } from "../ops/base/refuse.ts";
import { checkFloating } from "../ops/base/uniform.ts";
import { tidySync } from "../scope.ts";
import { broadcastShapes, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkCall } from "../tensor/check_call.ts";
import { RANDOM_OPTIONS, type RandomOptions } from "../tensor/tensor_options.ts";
import { randn } from "./draws.ts";

/** Options of {@linkcode normal}. */
export interface NormalOptions extends RandomOptions {
  /** Shape of the result, where mean and deviation are numbers. */
  readonly size?: Shape;
}
const NORMAL_OPTIONS: OptionKeys<NormalOptions> = { ...RANDOM_OPTIONS, size: true };

const NEGATIVE: ElementCheck = elementCheck("normal", e.sub(1, e.lessEqual(0, e.input(0))));

/**
 * Draws from normal distributions with the given means and standard deviations, which are broadcast. If both are
 * numbers, give `{ size }`. No gradient flows to them.
 *
 * @throws {RangeError} If a deviation is negative: immediately, or when a result is read.
 * @throws {TypeError} If tensors are not floating, or there is no size.
 *
 * @example A deviation for each element
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, normal, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(normal(5, tensor([0, 0], { device })).tolist(), [5, 5]);
 * assertEquals(normal(0, 1, { size: [2, 3], device }).shape, [2, 3]);
 * ```
 */
export function normal(mean: Tensor | number, std: Tensor | number = 1, options: NormalOptions = {}): Tensor {
  checkCall("normal", arguments, "nN.");
  const { size, ...given } = readOptions("normal()", options, NORMAL_OPTIONS);
  const tensors = [mean, std].filter((one) => typeof one !== "number");
  for (const { dtype } of tensors) checkFloating("normal", dtype);
  if (typeof std === "number") checkDeviation(std);
  else if (std.numel() > 0) NEGATIVE(std);
  if (tensors.length === 0 && size === undefined) {
    throw new TypeError(
      `Cannot apply normal() as the shape is not known: give { size } where mean and std are numbers`,
    );
  }
  const shape = tensors.reduce<Shape>((all, { shape }) => broadcastShapes("normal", all, shape), size ?? []);
  const [first] = tensors;
  const own = first ? { device: first.device, dtype: promoteSpecs(tensors) } : {};
  const { requiresGrad = false, dtype = "float32", ...rest } = { ...own, ...given };
  checkFloating("normal", dtype);
  const draws = tidySync(() => {
    const standard = randn(shape, { ...rest, dtype: isHalf(dtype) ? "float32" : dtype });
    return standard.mul(detached(std)).add(detached(mean)).to(dtype);
  });
  return requiresGrad ? draws.requiresGrad_() : draws;
}

const detached = (x: Tensor | number): Tensor | number => typeof x === "number" ? x : x.detach();

function checkDeviation(std: number): void {
  if (!(std >= 0)) {
    throw new RangeError(`Cannot apply normal() as std must not be negative: current std is ${std}`);
  }
}
