/** Limits on gradients, between `backward` and the step of an optimizer. */
import { noGrad } from "@troodon/autograd";
import { type Body, stack, type Tensor, tidySync, zeros } from "@troodon/core";
import {
  body,
  checkCall,
  expr as e,
  isHalf,
  type OptionKeys,
  promoteSpecs,
  readOptions,
  Updates,
} from "@troodon/core/kernel";
import { listTensors } from "./list_tensors.ts";

const [X, FACTOR, LIMIT] = [e.input(0), e.input(1), e.scalar(0)], LOW = e.neg(LIMIT);
const SCALE: Body = body(e.mul(X, FACTOR));
/** NaN compares false, and so stays. */
const LIMITED: Body = body(e.where(e.less(X, LOW), LOW, e.where(e.less(LIMIT, X), LIMIT, X)));

/** Options of {@linkcode clipGradNorm}. */
export interface ClipGradNormOptions {
  /** The p of the norm, which may be Infinity; 2 by default. */
  readonly normType?: number;
  /** Throws if the norm is NaN or infinite, for which it has to be read back; false by default. */
  readonly errorIfNonfinite?: boolean;
}
const CLIP_GRAD_NORM_OPTIONS: OptionKeys<ClipGradNormOptions> = { normType: true, errorIfNonfinite: true };

function gradientsOf(parameters: readonly Tensor[]): Tensor[] {
  return parameters.flatMap(({ grad }) => grad === null ? [] : [grad]);
}

/**
 * The norm of several tensors, as if they were one vector; 0 if there are none. A tensor without axes, which is not read back.
 *
 * @throws {RangeError} If `normType` is not above 0.
 */
export function getTotalNorm(tensors: Iterable<Tensor>, normType = 2): Tensor {
  checkCall("getTotalNorm", arguments, "iD");
  using _ = noGrad();
  return tidySync(() => {
    const list = listTensors("getTotalNorm", tensors);
    return rounded(wideNorm(list, normType), list);
  });
}

/** {@linkcode getTotalNorm}, in float32 where tensors are of 16 bits. */
function wideNorm(tensors: readonly Tensor[], normType: number): Tensor {
  if (!(normType > 0)) {
    throw new RangeError(
      `Cannot take the norm of gradients as normType must be above 0: current normType is ${normType}`,
    );
  }
  const norms = tensors.map((t) => t.norm(normType, undefined, isHalf(t.dtype) ? { dtype: "float32" } : {}));
  return norms.length === 0 ? zeros([]) : stack(norms).norm(normType);
}

/** A norm in the type that the tensors meet in. */
const rounded = (norm: Tensor, tensors: readonly Tensor[]): Tensor =>
  tensors.some((t) => isHalf(t.dtype)) ? norm.to(promoteSpecs(tensors)) : norm;

/**
 * Scales all gradients by one factor, `maxNorm / (norm + 1e-6)`, if the norm of all together is larger than `maxNorm`
 * (Pascanu, Mikolov and Bengio 2013, https://arxiv.org/abs/1211.5063). Nothing is read back from the device.
 *
 * @returns The norm as it was before.
 * @throws {RangeError} If `maxNorm` is negative or `normType` not above 0; or, if asked for, if the norm is not finite,
 * when the gradients stay as they are.
 *
 * @example To length 1
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { clipGradNorm } from "@troodon/nn";
 *
 * const device = new Device(new ReferenceBackend());
 * const weight = tensor([1, 1], { device });
 * weight.grad = tensor([3, 4], { device });
 * assertEquals(clipGradNorm([weight], 1).item(), 5);
 * assertAlmostEquals(weight.grad.norm().item(), 1, 1e-6);
 * ```
 */
export function clipGradNorm(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options?: ClipGradNormOptions,
): Tensor {
  checkCall("clipGradNorm", arguments, "id.");
  const { normType = 2, errorIfNonfinite = false } = readOptions(
    "clipGradNorm()",
    options,
    CLIP_GRAD_NORM_OPTIONS,
  );
  checkMaxNorm(maxNorm);
  using _ = noGrad();
  return tidySync(() => {
    const all = listTensors("clipGradNorm", parameters);
    const gradients = gradientsOf(all);
    if (gradients.length === 0 && all.length > 0) return all[0]!.newZeros([]);
    const norm = wideNorm(gradients, normType);
    if (errorIfNonfinite && !Number.isFinite(norm.item())) {
      throw new RangeError(
        `Cannot clip gradients as their norm must be finite: current norm is ${norm.item()}`,
      );
    }
    scale(gradients, maxNorm, norm);
    return rounded(norm, gradients);
  });
}

/** Scales gradients whose norm is `norm` to `maxNorm`, if that is less. */
function scale(gradients: readonly Tensor[], maxNorm: number, norm: Tensor): void {
  const factor = norm.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
  using updates = new Updates();
  for (const gradient of gradients) {
    if (gradient.isContiguous()) updates.add(SCALE, [gradient, factor.expand(gradient.shape)]);
    else gradient.mul_(factor);
  }
}

/**
 * Scales all gradients by `maxNorm / (totalNorm + 1e-6)` where that is less than 1: {@linkcode clipGradNorm} with a norm
 * that is known, as of more gradients than these, by {@linkcode getTotalNorm}.
 *
 * @throws {RangeError} If `maxNorm` is negative.
 */
export function clipGradsWithNorm(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  totalNorm: Tensor,
): void {
  checkCall("clipGradsWithNorm", arguments, "idx");
  checkMaxNorm(maxNorm);
  using _ = noGrad();
  tidySync(() => scale(gradientsOf(listTensors("clipGradsWithNorm", parameters)), maxNorm, totalNorm));
}

function checkMaxNorm(maxNorm: number): void {
  if (maxNorm >= 0) return;
  throw new RangeError(
    `Cannot clip gradients as maxNorm must not be negative: current maxNorm is ${maxNorm}`,
  );
}

/**
 * Limits every element of all gradients to [-clipValue, clipValue].
 *
 * @throws {RangeError} If `clipValue` is negative.
 *
 * @example At most 2
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { clipGradValue } from "@troodon/nn";
 *
 * const device = new Device(new ReferenceBackend());
 * const weight = tensor([1, 1, 1], { device });
 * weight.grad = tensor([-3, 1, 4], { device });
 * clipGradValue(weight, 2);
 * assertEquals(weight.grad.tolist(), [-2, 1, 2]);
 * ```
 */
export function clipGradValue(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  checkCall("clipGradValue", arguments, "id");
  if (!(clipValue >= 0)) {
    throw new RangeError(
      `Cannot clip gradients as clipValue must not be negative: current clipValue is ${clipValue}`,
    );
  }
  using _ = noGrad();
  using updates = new Updates();
  for (const gradient of gradientsOf(listTensors("clipGradValue", parameters))) {
    if (gradient.isContiguous()) updates.add(LIMITED, [gradient], [clipValue]);
    else gradient.clamp_({ min: -clipValue, max: clipValue });
  }
}
