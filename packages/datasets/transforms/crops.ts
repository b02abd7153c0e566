/** Parts of images. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import type { Border, Fill, ResizeFilter } from "../imaging/common.ts";
import { roundHalfEven } from "../imaging/common.ts";
import { centerCrop, centerOf, crop, hflip, type Rectangle, vflip } from "../imaging/crop.ts";
import { cropping, type Extents, inTurn, type PixelMovement } from "../imaging/movement.ts";
import { Pad, type Padding, sidesOf } from "./pad.ts";
import { uniform } from "./random_choice.ts";
import { Resize } from "./resize.ts";
import type { MovingTransform, Transform } from "./transform.ts";

/** The size of a part: `[height, width]`, or one number for both. */
export type CropSize = number | readonly [height: number, width: number];

function sizeOf(size: CropSize): readonly [number, number] {
  const both = typeof size === "number" ? [size, size] as const : size;
  if (both.length === 2 && both.every((n) => Number.isInteger(n) && n > 0)) return both;
  throw new RangeError(`Cannot crop as sizes must be one or two positive integers: current size is ${size}`);
}

/**
 * The middle of an image; what is missing is 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CenterCrop, Image } from "@troodon/datasets";
 *
 * const image = new Image(3, 1, 1, new Uint8Array([1, 2, 3]));
 * assertEquals([...new CenterCrop(1).apply(image).data], [2]);
 * ```
 */
export class CenterCrop implements MovingTransform {
  readonly #size: readonly [number, number];

  /**
   * Chooses the size.
   *
   * @throws {RangeError} If it is not of positive integers.
   */
  constructor(size: CropSize) {
    checkSurplus(new.target.name, arguments, 1);
    this.#size = sizeOf(size);
  }

  /** The middle of `image`. */
  apply(image: Image): Image {
    return centerCrop(image, ...this.#size);
  }

  /** Returns the change of geometry. */
  move(size: Extents): PixelMovement {
    return cropping(centerOf(size, ...this.#size));
  }
}

/** Options of {@linkcode RandomCrop}. */
export interface RandomCropOptions {
  /** Pixels to add on the sides first (default none). */
  readonly padding?: Padding;
  /** Pads images that are too small (default false). */
  readonly padIfNeeded?: boolean;
  /** Color of the added pixels (default 0). */
  readonly fill?: Fill;
  /** Padding mode of the added pixels (default `"constant"`: the `fill`). */
  readonly paddingMode?: Border;
}
const RANDOM_CROP_OPTIONS: OptionKeys<RandomCropOptions> = {
  padding: true,
  padIfNeeded: true,
  fill: true,
  paddingMode: true,
};

/** A part of an image, at a random place. */
export class RandomCrop implements MovingTransform {
  readonly #size: readonly [number, number];
  readonly #options: RandomCropOptions;
  readonly #sides: ReturnType<typeof sidesOf>;

  /**
   * Chooses the size.
   *
   * @throws {RangeError} If it is not of positive integers, or padding or fill are none.
   */
  constructor(size: CropSize, options: RandomCropOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RANDOM_CROP_OPTIONS);
    const { padding = 0, fill, paddingMode } = options;
    this.#size = sizeOf(size);
    this.#options = options;
    this.#sides = sidesOf(padding);
    // It checks fill and mode.
    new Pad(0, fill, paddingMode);
  }

  /**
   * The part.
   *
   * @throws {RangeError} If the image is too small.
   */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return this.move(image, generator).draw(image);
  }

  /**
   * Draws the part to cut out.
   *
   * @throws {RangeError} If images of this size are too small.
   */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    const { fill = 0, paddingMode = "constant" } = this.#options;
    const [wider, higher] = this.#missing(size);
    if (paddingMode === "constant") {
      // A border of one color need not be made to be cut from.
      const [left, top, right, bottom] = this.#sides;
      const rows = size.height + top + bottom + 2 * higher, columns = size.width + left + right + 2 * wider;
      const place = this.#place(rows, columns, generator);
      return cropping({ ...place, top: place.top - top - higher, left: place.left - left - wider }, fill);
    }
    const bordered = new Pad(this.#sides, fill, paddingMode).move(size);
    const fitting = inTurn(bordered, new Pad([wider, higher], fill, paddingMode).move(bordered));
    return inTurn(fitting, cropping(this.#place(fitting.height, fitting.width, generator)));
  }

  /** Returns the columns and rows that a padded image lacks; 0 if small images are not padded. */
  #missing({ width, height }: Extents): readonly [columns: number, rows: number] {
    if (!this.#options.padIfNeeded) return [0, 0];
    const [left, top, right, bottom] = this.#sides, [rows, columns] = this.#size;
    return [Math.max(columns - width - left - right, 0), Math.max(rows - height - top - bottom, 0)];
  }

  /** A part of so many rows and columns. */
  #place(rows: number, columns: number, generator: Generator): Rectangle {
    const [height, width] = this.#size;
    if (columns < width || rows < height) {
      throw new RangeError(
        `Cannot crop ${width}x${height} pixels from an image of ${columns}x${rows}: ` +
          "{ padIfNeeded: true } widens it",
      );
    }
    const top = generator.integer(rows - height + 1);
    return { top, left: generator.integer(columns - width + 1), height, width };
  }
}

/** Options of {@linkcode RandomResizedCrop}. */
export interface RandomResizedCropOptions {
  /** The share of the image's area that is taken, from and to (default 0.08 to 1). */
  readonly scale?: readonly [number, number];
  /** Width by height of the part, from and to (default 3/4 to 4/3). */
  readonly ratio?: readonly [number, number];
  /** See {@linkcode Resize} (default `"bilinear"`). */
  readonly interpolation?: ResizeFilter;
}
const RANDOM_RESIZED_CROP_OPTIONS: OptionKeys<RandomResizedCropOptions> = {
  scale: true,
  ratio: true,
  interpolation: true,
};

/** A part of random size, shape and place, scaled to one size (Szegedy et al., 2014). */
export class RandomResizedCrop implements MovingTransform {
  readonly #resize: Resize;
  readonly #scale: readonly [number, number];
  readonly #ratio: readonly [number, number];

  /**
   * Chooses the size of the result.
   *
   * @throws {RangeError} If it is not of positive integers, or a range is not one of positive numbers.
   */
  constructor(size: CropSize, options: RandomResizedCropOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RANDOM_RESIZED_CROP_OPTIONS);
    const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3], interpolation = "bilinear" } = options;
    if (![scale, ratio].every(([low, high]) => low > 0 && low <= high)) {
      throw new RangeError(
        `Cannot crop as scale and ratio must be ranges of positive numbers: current ones are ${scale} and ${ratio}`,
      );
    }
    this.#resize = new Resize(sizeOf(size), interpolation);
    this.#scale = scale;
    this.#ratio = ratio;
  }

  /** The part, scaled. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return this.move(image, generator).draw(image);
  }

  /** Draws the part to cut out. */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    const part = cropping(this.#choose(size, generator));
    return inTurn(part, this.#resize.move(part));
  }

  #choose(image: Extents, generator: Generator): Rectangle {
    const [low, high] = this.#ratio;
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = image.width * image.height * uniform(generator, this.#scale);
      const aspect = Math.exp(uniform(generator, [Math.log(low), Math.log(high)]));
      const width = roundHalfEven(Math.sqrt(area * aspect)), height = roundHalfEven(Math.sqrt(area / aspect));
      if (width < 1 || height < 1 || width > image.width || height > image.height) continue;
      const top = generator.integer(image.height - height + 1);
      return { top, left: generator.integer(image.width - width + 1), height, width };
    }
    const own = image.width / image.height;
    const width = own > high ? roundHalfEven(image.height * high) : image.width;
    const height = own < low ? roundHalfEven(image.width / low) : image.height;
    const top = Math.floor((image.height - height) / 2), left = Math.floor((image.width - width) / 2);
    return { top, left, height, width };
  }
}

/** The four corners and the middle of an image. */
export class FiveCrop implements Transform<Image, Image[]> {
  readonly #size: readonly [number, number];

  /**
   * Chooses the size.
   *
   * @throws {RangeError} If it is not of positive integers.
   */
  constructor(size: CropSize) {
    checkSurplus(new.target.name, arguments, 1);
    this.#size = sizeOf(size);
  }

  /**
   * Top left, top right, bottom left, bottom right, middle.
   *
   * @throws {RangeError} If the image is too small.
   */
  apply(image: Image): Image[] {
    const [height, width] = this.#size;
    if (image.width < width || image.height < height) {
      throw new RangeError(
        `Cannot crop ${width}x${height} pixels from an image of ${image.width}x${image.height}`,
      );
    }
    const [bottom, right] = [image.height - height, image.width - width];
    const corners = [[0, 0], [0, right], [bottom, 0], [bottom, right]] as const;
    return [
      ...corners.map(([top, left]) => crop(image, { top, left, height, width })),
      centerCrop(image, height, width),
    ];
  }
}

/** Cuts out the parts of {@linkcode FiveCrop} from the image and from its mirror image. */
export class TenCrop implements Transform<Image, Image[]> {
  readonly #five: FiveCrop;
  readonly #mirror: (image: Image) => Image;

  /**
   * Chooses the size, and whether to mirror from top to bottom (default: from left to right).
   *
   * @throws {RangeError} If the size is not of positive integers.
   */
  constructor(size: CropSize, vertical = false) {
    checkSurplus(new.target.name, arguments, 2);
    this.#five = new FiveCrop(size);
    this.#mirror = vertical ? vflip : hflip;
  }

  /** Ten parts. */
  apply(image: Image): Image[] {
    return [...this.#five.apply(image), ...this.#five.apply(this.#mirror(image))];
  }
}
