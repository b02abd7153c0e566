/** The operations of AutoAugment and its successors, with their magnitudes. */
import { defaultGenerator, type Generator } from "@troodon/core";
import type { Image } from "../image.ts";
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  adjustSharpness,
  affine,
  autocontrast,
  equalize,
  invert,
  posterize,
  rotate,
  solarize,
  type WarpOptions,
} from "../imaging/mod.ts";
import { roundHalfEven } from "../imaging/common.ts";
import { linspace } from "../imaging/linspace.ts";

/** The name of an operation, as in torchvision. */
export type OperationName =
  | "Identity"
  | "ShearX"
  | "ShearY"
  | "TranslateX"
  | "TranslateY"
  | "Rotate"
  | "Brightness"
  | "Color"
  | "Contrast"
  | "Sharpness"
  | "Posterize"
  | "Solarize"
  | "AutoContrast"
  | "Equalize"
  | "Invert";

/** Largest magnitudes of operations. */
export interface Strength {
  readonly shear: number;
  /** Translation in pixels, relative to the side of the image. */
  readonly move: (side: number) => number;
  readonly degrees: number;
  readonly color: number;
  /** Bits that posterizing keeps at the smallest and at the largest magnitude. */
  readonly bits: readonly [number, number];
}

const slope = (x: number): number => Math.atan(x) * 180 / Math.PI;
const corner = [0, 0] as const;

type Operation = (image: Image, magnitude: number, options: WarpOptions) => Image;

const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  Identity: (image) => image,
  ShearX: (image, x, o) => affine(image, { ...o, shear: [slope(x), 0], center: corner }),
  ShearY: (image, x, o) => affine(image, { ...o, shear: [0, slope(x)], center: corner }),
  TranslateX: (image, x, o) => affine(image, { ...o, translate: [Math.trunc(x), 0] }),
  TranslateY: (image, x, o) => affine(image, { ...o, translate: [0, Math.trunc(x)] }),
  Rotate: (image, x, o) => rotate(image, x, o),
  Brightness: (image, x) => adjustBrightness(image, 1 + x),
  Color: (image, x) => adjustSaturation(image, 1 + x),
  Contrast: (image, x) => adjustContrast(image, 1 + x),
  Sharpness: (image, x) => adjustSharpness(image, 1 + x),
  Posterize: (image, x) => posterize(image, x),
  Solarize: (image, x) => solarize(image, 255 * x),
  AutoContrast: autocontrast,
  Equalize: equalize,
  Invert: invert,
};

/** Operations with two directions, which are equally likely. */
export const SIGNED: ReadonlySet<OperationName> = /* @__PURE__ */ new Set<OperationName>([
  "ShearX",
  "ShearY",
  "TranslateX",
  "TranslateY",
  "Rotate",
  "Brightness",
  "Color",
  "Contrast",
  "Sharpness",
]);

/** Returns magnitude number `index` of `bins`, in float32 as in torchvision; 0 for operations without magnitudes. */
export function magnitudeOf(
  name: OperationName,
  [index, bins]: readonly [index: number, bins: number],
  strength: Strength,
  { width, height }: Pick<Image, "width" | "height">,
): number {
  const upTo = (most: number): number => linspace(0, most, bins)[index]!;
  switch (name) {
    case "ShearX":
    case "ShearY":
      return upTo(strength.shear);
    case "TranslateX":
      return upTo(strength.move(width));
    case "TranslateY":
      return upTo(strength.move(height));
    case "Rotate":
      return upTo(strength.degrees);
    case "Brightness":
    case "Color":
    case "Contrast":
    case "Sharpness":
      return upTo(strength.color);
    case "Posterize": {
      const [most, least] = strength.bits;
      return roundHalfEven(Math.fround(most - Math.fround(index / Math.fround((bins - 1) / (most - least)))));
    }
    case "Solarize":
      return linspace(1, 0, bins)[index]!;
    default:
      return 0;
  }
}

/** Applies an operation with a magnitude. */
export function applyOperation(
  image: Image,
  name: OperationName,
  magnitude: number,
  options: WarpOptions,
): Image {
  return OPERATIONS[name](image, magnitude, options);
}

/** Applies an operation with magnitude number `index` of `bins`, in a random direction where it has two. */
export function augment(
  image: Image,
  name: OperationName,
  place: readonly [index: number, bins: number],
  strength: Strength,
  options: WarpOptions,
  generator: Generator = defaultGenerator(),
): Image {
  const magnitude = magnitudeOf(name, place, strength, image);
  const sign = SIGNED.has(name) && generator.integer(2) === 1 ? -1 : 1;
  return applyOperation(image, name, sign * magnitude, options);
}

/** The operations of RandAugment and TrivialAugment, in torchvision's order. */
export const PLAIN_OPERATIONS: readonly OperationName[] = [
  "Identity",
  "ShearX",
  "ShearY",
  "TranslateX",
  "TranslateY",
  "Rotate",
  "Brightness",
  "Color",
  "Contrast",
  "Sharpness",
  "Posterize",
  "Solarize",
  "AutoContrast",
  "Equalize",
];

/** Magnitudes of AutoAugment and RandAugment. */
export const USUAL_STRENGTH: Strength = {
  shear: 0.3,
  move: (side) => 150 / 331 * side,
  degrees: 30,
  color: 0.9,
  bits: [8, 4],
};

/** Magnitudes of TrivialAugment with the wide augmentation space. */
export const WIDE_STRENGTH: Strength = {
  shear: 0.99,
  move: () => 32,
  degrees: 135,
  color: 0.99,
  bits: [8, 2],
};

/** Magnitudes of AugMix. */
export const AUG_MIX_STRENGTH: Strength = { ...USUAL_STRENGTH, move: (side) => side / 3, bits: [4, 0] };
