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
import { beta, checkAlpha } from "./draws.ts";
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
  /** Number of classes; required if labels are classes. */
  readonly numClasses?: number;
  /** Both parameters of the beta distribution that shares are drawn from (default 1: uniform). */
  readonly alpha?: number;
}
const MIX_OPTIONS: OptionKeys<MixOptions> = { numClasses: true, alpha: true };

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
 * Returns the first and end position, around `center`, of a cut in a side of `n` pixels that keeps a share of about
 * `kept` of the area.
 */
export function cutOf(center: number, n: number, kept: number): readonly [first: number, end: number] {
  const half = Math.trunc(0.5 * Math.sqrt(1 - kept) * n);
  return [Math.max(0, center - half), Math.min(n, center + half)];
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
    const kept = beta(this.#alpha, generator);
    const [left, right] = cutOf(generator.integer(width), width, kept);
    const [top, bottom] = cutOf(generator.integer(height), height, kept);
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
