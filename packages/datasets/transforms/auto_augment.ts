import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { checkWarp, type WarpOptions } from "../imaging/affine.ts";
import { checkChoice } from "../imaging/common.ts";
import { augment, USUAL_STRENGTH } from "./augment_operations.ts";
import { type AutoAugmentPolicy, POLICIES } from "./auto_augment_policies.ts";
import type { Transform } from "./transform.ts";

/** Options of {@linkcode AutoAugment}. */
export interface AutoAugmentOptions extends WarpOptions {
  /** Dataset that the policy was learned on (default `"imagenet"`). */
  readonly policy?: AutoAugmentPolicy;
}
const AUTO_AUGMENT_OPTIONS: OptionKeys<AutoAugmentOptions> = {
  policy: true,
  interpolation: true,
  fill: true,
};

/** Number of magnitudes of the learned policies. */
const BINS = 10;

/**
 * Applies two random operations of a learned policy, each with a probability (Cubuk et al., "AutoAugment", 2018).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Generator } from "@troodon/core";
 * import { AutoAugment, Image } from "@troodon/datasets";
 *
 * const image = new Image(2, 2, 3, new Uint8Array(12).map((_, i) => 20 * i));
 * const augment = new AutoAugment({ policy: "cifar10" });
 * assertEquals(augment.apply(image, new Generator(1)), augment.apply(image, new Generator(1)));
 * ```
 */
export class AutoAugment implements Transform<Image, Image> {
  readonly #policy: AutoAugmentPolicy;
  readonly #options: WarpOptions;

  /**
   * Sets the policy.
   *
   * @throws {TypeError} If the policy or the interpolation is unknown.
   * @throws {RangeError} If a fill is not in [0, 255].
   */
  constructor(options?: AutoAugmentOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { policy = "imagenet", ...rest } = readOptions(new.target.name, options, AUTO_AUGMENT_OPTIONS);
    checkChoice(new.target.name, "policy", policy, Object.keys(POLICIES));
    checkWarp(new.target.name, rest);
    this.#policy = policy;
    this.#options = rest;
  }

  /** The augmented image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const policies = POLICIES[this.#policy];
    for (const [name, p, magnitude = 0] of policies[generator.integer(policies.length)]!) {
      if (generator.random() >= p) continue;
      image = augment(image, name, [magnitude, BINS], USUAL_STRENGTH, this.#options, generator);
    }
    return image;
  }
}
