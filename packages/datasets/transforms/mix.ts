/** Batches mixed with themselves, on the device where they are. */
import {
  arange,
  defaultGenerator,
  type Generator,
  isFloating,
  oneHot,
  roll,
  type Tensor,
  tidySync,
  where,
} from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { disposable } from "../collate.ts";
import type { Transform } from "./transform.ts";

/** A batch of images with their classes, or with the weights of all classes. */
export interface ImageBatch {
  /** `[n, channels, height, width]`, floating. */
  readonly image: Tensor;
  /** `[n]` classes, or `[n, classes]` weights, floating. */
  readonly label: Tensor;
}

/** Options of {@linkcode MixUp} and {@linkcode CutMix}. */
export interface MixOptions {
  /** How many classes there are; needed where labels are classes. */
  readonly numClasses?: number;
  /** Both parameters of the beta distribution that shares are drawn from (default 1: uniform). */
  readonly alpha?: number;
}
const MIX_OPTIONS: OptionKeys<MixOptions> = { numClasses: true, alpha: true };

/** A number of the gamma distribution (Marsaglia and Tsang, "A simple method", 2000). */
function gamma(shape: number, generator: Generator): number {
  if (shape < 1) return gamma(shape + 1, generator) * (1 - generator.random()) ** (1 / shape);
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = generator.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - generator.random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function checkAlpha(name: string, alpha: number): number {
  if (alpha > 0) return alpha;
  throw new RangeError(`Cannot make a ${name} as alpha must be positive: current alpha is ${alpha}`);
}

function beta(alpha: number, generator: Generator): number {
  const a = gamma(alpha, generator), b = gamma(alpha, generator);
  return a / (a + b);
}

/** Labels as weights of classes. */
function weightsOf(label: Tensor, numClasses: number | undefined): Tensor {
  if (label.ndim === 2 && isFloating(label.dtype)) return label;
  if (numClasses === undefined) {
    throw new TypeError("Cannot mix a batch as its labels are classes: numClasses must be given");
  }
  return oneHot(label, numClasses).to("float32");
}

/** `share` of a batch, and the rest from its neighbor one place on. */
function mixed(x: Tensor, share: number): Tensor {
  return x.mul(share).add(roll(x, 1, 0).mul(1 - share));
}

function checkImages(name: string, image: Tensor): void {
  if (image.ndim !== 4) {
    throw new RangeError(
      `Cannot apply ${name} as images must be [n, channels, height, width]: current shape is [${
        image.shape.join(", ")
      }]`,
    );
  }
  if (!isFloating(image.dtype)) {
    throw new TypeError(`Cannot apply ${name} as images must be floating: current dtype is ${image.dtype}`);
  }
}

/**
 * Blends every image of a batch, and its label, with the one before it (Zhang et al., "mixup", 2017). Labels become
 * weights of classes, `[n, classes]`, which `crossEntropy` takes.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { Device, Generator, ReferenceBackend, tensor } from "@troodon/core";
 * import { MixUp } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const batch = { image: tensor([[[[0]]], [[[1]]]], { device }), label: tensor([0, 1], { device, dtype: "int32" }) };
 * using result = new MixUp({ numClasses: 2 }).apply(batch, new Generator(1));
 * assertEquals(result.label.shape, [2, 2]);
 * const [first] = await result.label.dataAsync(), [pixel] = await result.image.dataAsync();
 * assert(Math.abs(pixel! - (1 - first!)) < 1e-6);
 * ```
 */
export class MixUp implements Transform<ImageBatch, ImageBatch & Disposable> {
  readonly #alpha: number;
  readonly #numClasses: number | undefined;

  /**
   * Chooses the distribution.
   *
   * @throws {RangeError} If `alpha` is not positive.
   */
  constructor(options?: MixOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { alpha = 1, numClasses } = readOptions(new.target.name, options, MIX_OPTIONS);
    this.#alpha = checkAlpha("MixUp", alpha);
    this.#numClasses = numClasses;
  }

  /**
   * A new batch; the given one stays.
   *
   * @throws {RangeError} If images have not four axes.
   * @throws {TypeError} If images are not floating, or labels are classes and `numClasses` is not given.
   */
  apply({ image, label }: ImageBatch, generator: Generator = defaultGenerator()): ImageBatch & Disposable {
    checkImages("MixUp", image);
    const share = beta(this.#alpha, generator);
    return disposable({
      image: tidySync(() => mixed(image, share)),
      label: tidySync(() => mixed(weightsOf(label, this.#numClasses), share)),
    });
  }
}

/**
 * Pastes a rectangle of the image before it into every image of a batch, and blends the labels by the areas (Yun et
 * al., "CutMix", 2019).
 */
export class CutMix implements Transform<ImageBatch, ImageBatch & Disposable> {
  readonly #alpha: number;
  readonly #numClasses: number | undefined;

  /**
   * Chooses the distribution.
   *
   * @throws {RangeError} If `alpha` is not positive.
   */
  constructor(options?: MixOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { alpha = 1, numClasses } = readOptions(new.target.name, options, MIX_OPTIONS);
    this.#alpha = checkAlpha("CutMix", alpha);
    this.#numClasses = numClasses;
  }

  /**
   * A new batch; the given one stays.
   *
   * @throws {RangeError} If images have not four axes.
   * @throws {TypeError} If images are not floating, or labels are classes and `numClasses` is not given.
   */
  apply({ image, label }: ImageBatch, generator: Generator = defaultGenerator()): ImageBatch & Disposable {
    checkImages("CutMix", image);
    const [, , height, width] = image.shape as [number, number, number, number];
    const half = 0.5 * Math.sqrt(1 - beta(this.#alpha, generator));
    const x = generator.integer(width), y = generator.integer(height);
    const bound = (at: number, n: number): number => Math.min(n, Math.max(0, at));
    const left = bound(Math.trunc(x - half * width), width),
      right = bound(Math.trunc(x + half * width), width);
    const top = bound(Math.trunc(y - half * height), height);
    const bottom = bound(Math.trunc(y + half * height), height);
    const share = 1 - (right - left) * (bottom - top) / (width * height);
    return disposable({
      image: tidySync(() => {
        const { device } = image;
        const within = (n: number, from: number, to: number): Tensor => {
          const at = arange(0, n, 1, { device, dtype: "int32" });
          return at.ge(from).logicalAnd(at.lt(to));
        };
        const box = within(height, top, bottom).unsqueeze(1).logicalAnd(within(width, left, right));
        return where(box, roll(image, 1, 0), image);
      }),
      label: tidySync(() => mixed(weightsOf(label, this.#numClasses), share)),
    });
  }
}
