/** Background of images: dark digits on a light background, or light ones on a dark background as in MNIST. */
import { Image, LabeledImages, type LabeledImagesData } from "@troodon/troodon";
import type { ThreeWay } from "../flags/options.ts";
import { meanOf, type Normalization } from "./normalization.ts";

/** Help text of `--invert`. */
export const INVERT_HELP =
  "Turn black and white over: auto, gray images of a light ground; --invert all images, --no-invert none";

/** Pixels of images of one size. */
type Pixels = Required<Pick<LabeledImagesData, "images" | "width" | "height" | "channels">>;

/** Maximum number of images whose borders are examined. */
const MOST = 1000;

/** Returns the mean value of the border pixels of images, from 0 to 1. */
export function borderMean({ images, width, height, channels }: Pixels): number {
  const row = width * channels, size = row * height, count = images.length / size;
  const step = Math.max(1, Math.ceil(count / MOST));
  let sum = 0, pixels = 0;
  const add = (start: number, end: number): void => {
    for (let i = start; i < end; i++) sum += images[i]!;
    pixels += end - start;
  };
  for (let image = 0; image < count; image += step) {
    const start = image * size;
    add(start, start + row);
    if (height > 1) add(start + size - row, start + size);
    for (let y = 1; y < height - 1; y++) {
      const left = start + y * row;
      add(left, left + channels);
      if (width > 1) add(left + row - channels, left + row);
    }
  }
  return sum / pixels / 255;
}

/** Returns images with black and white swapped. */
export function inverted({ images, labels, width, height, channels }: LabeledImages): LabeledImages {
  return new LabeledImages({ images: images.map((byte) => 255 - byte), labels, width, height, channels });
}

/** Clearly light or dark background. */
export type Ground = "light" | "dark";

/** Returns the background of images for the mean of their borders; null if it is neither light nor dark. */
export function groundOf(mean: number): Ground | null {
  return mean >= 0.75 ? "light" : mean <= 0.25 ? "dark" : null;
}

/** Returns true if training images are to be inverted, and prints that if the program decided it. */
export function mustInvert(images: LabeledImages, invert: ThreeWay): boolean {
  if (invert !== "auto") return invert === "on";
  const mean = images.channels === 1 && images.length > 0 ? borderMean(images) : 0;
  if (groundOf(mean) !== "light") return false;
  console.error(
    `Inverting the images: their ground is light (mean of the borders ${
      mean.toFixed(2)
    }); --no-invert leaves them`,
  );
  return true;
}

const turnedOver = ({ width, height, channels, data }: Image): Image =>
  new Image(width, height, channels, data.map((byte) => 255 - byte));

/** Image prepared for a network, and a message about its background; null if there is none. */
export interface Grounded {
  /** The image. */
  readonly image: Image;
  /** The message. */
  readonly said: string | null;
}

/** Inverts an image as `invert` says; with "auto", inverts a gray image whose background differs from `theirs`. */
export function onGround(image: Image, theirs: Ground | null, invert: ThreeWay): Grounded {
  const differs = differenceOf(image, theirs);
  if (invert === "auto" && image.channels === 1 && differs !== null) {
    return { image: turnedOver(image), said: `inverted, as ${differs}; --no-invert leaves it` };
  }
  const given = invert === "on" ? turnedOver(image) : image, hint = differenceOf(given, theirs);
  const advice = `try it ${invert === "on" ? "without" : "with"} --invert`;
  return { image: given, said: hint && `${hint}: ${advice}` };
}

function differenceOf(image: Image, theirs: Ground | null): string | null {
  const own = groundOf(borderMean({ ...sizesOf(image), images: image.data }));
  if (own === null || theirs === null || own === theirs) return null;
  return `its ground is ${own}, that of the training images is ${theirs}`;
}

const sizesOf = ({ width, height, channels }: Image) => ({ width, height, channels });

/** Returns the background of training images from the mean of their borders, or of all pixels in older runs. */
export function groundOfRun(border: number | null, normalization: Normalization): Ground | null {
  if (border !== null) return groundOf(border);
  const mean = meanOf(normalization);
  return mean <= 0.35 ? "dark" : mean >= 0.65 ? "light" : null;
}
