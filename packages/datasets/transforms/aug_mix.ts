import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Image } from "../image.ts";
import { checkWarp, type WarpOptions } from "../imaging/affine.ts";
import { AUG_MIX_STRENGTH, augment, type OperationName, PLAIN_OPERATIONS } from "./augment_operations.ts";
import { checkInteger } from "./check_range.ts";
import { checkAlpha, dirichlet } from "./draws.ts";
import type { Transform } from "./transform.ts";

/** Options of {@linkcode AugMix}. */
export interface AugMixOptions extends WarpOptions {
  /** Number of magnitudes to draw from, 1 to 10 (default 3). */
  readonly severity?: number;
  /** Number of chains of operations (default 3). */
  readonly mixtureWidth?: number;
  /** Number of operations in a chain (default -1: 1 to 3, drawn for each chain). */
  readonly chainDepth?: number;
  /** Parameter of the beta and Dirichlet distributions of the weights (default 1: uniform). */
  readonly alpha?: number;
  /** Includes brightness, color, contrast and sharpness (default true). */
  readonly allOps?: boolean;
}
const AUG_MIX_OPTIONS: OptionKeys<AugMixOptions> = {
  severity: true,
  mixtureWidth: true,
  chainDepth: true,
  alpha: true,
  allOps: true,
  interpolation: true,
  fill: true,
};

/** Number of magnitudes. */
const BINS = 10;

/** Operations on colors that `allOps` includes. */
const COLORS: ReadonlySet<OperationName> = /* @__PURE__ */ new Set<OperationName>([
  "Brightness",
  "Color",
  "Contrast",
  "Sharpness",
]);

/**
 * Mixes an image with results of random chains of operations (Hendrycks et al., "AugMix", 2019). Interpolation is
 * bilinear by default, and operations give the bytes of Pillow.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Generator } from "@troodon/core";
 * import { AugMix, Image } from "@troodon/datasets";
 *
 * const image = new Image(2, 2, 3, new Uint8Array(12).map((_, i) => 20 * i));
 * const augment = new AugMix({ severity: 5 });
 * assertEquals(augment.apply(image, new Generator(1)), augment.apply(image, new Generator(1)));
 * ```
 */
export class AugMix implements Transform<Image, Image> {
  readonly #severity: number;
  readonly #mixtureWidth: number;
  readonly #chainDepth: number;
  readonly #alpha: number;
  readonly #operations: readonly OperationName[];
  readonly #options: WarpOptions;

  /**
   * Sets the options of the chains.
   *
   * @throws {TypeError} If the interpolation is unknown.
   * @throws {RangeError} If `severity` is not an integer from 1 to 10, `mixtureWidth` is not a positive integer,
   * `chainDepth` is neither a positive nor a negative integer, or `alpha` is not positive.
   */
  constructor(options?: AugMixOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { severity = 3, mixtureWidth = 3, chainDepth = -1, alpha = 1, allOps = true, ...rest } =
      readOptions(
        new.target.name,
        options,
        AUG_MIX_OPTIONS,
      );
    if (checkInteger(new.target.name, "severity", severity, 1) > BINS) {
      throw new RangeError(
        `Cannot make AugMix as severity must be from 1 to ${BINS}: current one is ${severity}`,
      );
    }
    checkWarp(new.target.name, rest);
    this.#severity = severity;
    this.#mixtureWidth = checkInteger(new.target.name, "mixtureWidth", mixtureWidth, 1);
    this.#chainDepth = chainDepth < 0 ? -1 : checkInteger(new.target.name, "chainDepth", chainDepth, 1);
    this.#alpha = checkAlpha(new.target.name, alpha);
    this.#operations = PLAIN_OPERATIONS.filter((name) =>
      name !== "Identity" && (allOps || !COLORS.has(name))
    );
    this.#options = { interpolation: "bilinear", ...rest };
  }

  /** Returns the mixed image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const [kept, mixed] = dirichlet(2, this.#alpha, generator) as [number, number];
    const weights = dirichlet(this.#mixtureWidth, this.#alpha, generator);
    const sum = Float32Array.from(image.data, (v) => kept * v);
    for (const weight of weights) {
      const { data } = this.#chain(image, generator);
      for (let i = 0; i < sum.length; i++) sum[i]! += mixed * weight * data[i]!;
    }
    return new Image(
      image.width,
      image.height,
      image.channels,
      Uint8Array.from(sum, (v) => Math.min(255, v)),
    );
  }

  #chain(image: Image, generator: Generator): Image {
    const depth = this.#chainDepth > 0 ? this.#chainDepth : 1 + generator.integer(3);
    for (let i = 0; i < depth; i++) {
      const name = this.#operations[generator.integer(this.#operations.length)]!;
      const place = [generator.integer(this.#severity), BINS] as const;
      image = augment(image, name, place, AUG_MIX_STRENGTH, this.#options, generator);
    }
    return image;
  }
}
