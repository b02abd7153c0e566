/** Defaults of random transforms, which match torchvision's, and the effect of each option. */
import { assert, assertEquals } from "@std/assert";
import { Generator } from "@troodon/core";
import { Image } from "../image.ts";
import { ElasticTransform } from "./elastic_transform.ts";
import { NdArray } from "../nd_array.ts";
import { RandAugment, TrivialAugmentWide } from "./rand_augment.ts";
import { RandomCrop, RandomResizedCrop, TenCrop } from "./crops.ts";
import { Pad } from "./pad.ts";
import { RandomApply } from "./random_choice.ts";
import { ColorJitter, GaussianBlur } from "./random_color.ts";
import { RandomErasing } from "./random_erasing.ts";
import { RandomAdjustSharpness, RandomGrayscale, RandomHorizontalFlip } from "./random_functions.ts";
import { RandomAffine, RandomPerspective, RandomRotation } from "./random_warps.ts";
import { Resize } from "./resize.ts";

type Drawn = { apply(image: Image, generator: Generator): { readonly data: ArrayLike<number> } };

const image = new Image(
  26,
  22,
  3,
  Uint8Array.from({ length: 26 * 22 * 3 }, (_, i) => (i * 37 + (i >> 4)) % 251),
);
const field = new NdArray(Float32Array.from({ length: 3 * 12 * 14 }, (_, i) => i % 17 + 1), [3, 12, 14]);
const erasing = (options: ConstructorParameters<typeof RandomErasing>[0]): Drawn => ({
  apply: (_, generator) => new RandomErasing(options).apply(field, generator),
});

/** Returns the results of `transform` on the image for several seeds. */
const drawn = (transform: Drawn): number[][] =>
  [1, 2, 3, 4, 5, 6].map((seed) => Array.from(transform.apply(image, new Generator(seed)).data));

/**
 * Each row: the transform without options, with its defaults given explicitly, and with each option alone.
 */
const OPTIONS: Readonly<
  Record<string, readonly [usual: () => Drawn, said: Drawn, others: readonly Drawn[]]>
> = {
  RandomCrop: [() => new RandomCrop(8), new RandomCrop(8, { padding: 0, fill: 0, paddingMode: "constant" }), [
    new RandomCrop(8, { padding: 5 }),
  ]],
  "RandomCrop with padding": [
    () => new RandomCrop(20, { padding: 9 }),
    new RandomCrop(20, { padding: 9, fill: 0 }),
    [
      new RandomCrop(20, { padding: 9, fill: 7 }),
      new RandomCrop(20, { padding: 9, paddingMode: "edge" }),
    ],
  ],
  RandomResizedCrop: [
    () => new RandomResizedCrop(8),
    new RandomResizedCrop(8, { scale: [0.08, 1], ratio: [3 / 4, 4 / 3], interpolation: "bilinear" }),
    [
      new RandomResizedCrop(8, { scale: [0.5, 1] }),
      new RandomResizedCrop(8, { ratio: [1, 4 / 3] }),
      new RandomResizedCrop(8, { interpolation: "nearest" }),
    ],
  ],
  RandomErasing: [() => erasing({}), erasing({ p: 0.5, scale: [0.02, 0.33], ratio: [0.3, 3.3], value: 0 }), [
    erasing({ p: 1 }),
    erasing({ scale: [0.3, 0.33] }),
    erasing({ ratio: [1, 3.3] }),
    erasing({ value: [1, 2, 3] }),
    erasing({ value: "random" }),
  ]],
  RandomRotation: [
    () => new RandomRotation(20),
    new RandomRotation([-20, 20], { interpolation: "nearest", fill: 0, expand: false }),
    [
      new RandomRotation([0, 20]),
      new RandomRotation(20, { interpolation: "bilinear" }),
      new RandomRotation(20, { fill: 9 }),
      new RandomRotation(20, { expand: true }),
      new RandomRotation(20, { center: [0, 0] }),
    ],
  ],
  RandomAffine: [
    () => new RandomAffine(20),
    new RandomAffine([-20, 20], { interpolation: "nearest", fill: 0 }),
    [
      new RandomAffine(20, { translate: [0.3, 0] }),
      new RandomAffine(20, { scale: [0.7, 0.9] }),
      new RandomAffine(20, { shear: 10 }),
      new RandomAffine(20, { center: [0, 0] }),
      new RandomAffine(20, { interpolation: "bilinear" }),
      new RandomAffine(20, { fill: 9 }),
    ],
  ],
  RandomPerspective: [
    () => new RandomPerspective(),
    new RandomPerspective({ p: 0.5, distortionScale: 0.5, interpolation: "bilinear", fill: 0 }),
    [
      new RandomPerspective({ p: 1 }),
      new RandomPerspective({ distortionScale: 0.9 }),
      new RandomPerspective({ interpolation: "nearest" }),
      new RandomPerspective({ fill: 9 }),
    ],
  ],
  ElasticTransform: [
    () => new ElasticTransform({ sigma: 2 }),
    new ElasticTransform({ alpha: 50, sigma: [2, 2], interpolation: "bilinear", fill: 0 }),
    [
      new ElasticTransform({ sigma: 2, alpha: [50, 20] }),
      new ElasticTransform({ sigma: [2, 1] }),
      new ElasticTransform({ sigma: 2, interpolation: "nearest" }),
      new ElasticTransform({ sigma: 2, fill: 9 }),
    ],
  ],
  "ElasticTransform by default": [
    () => ({ apply: (_, g) => new ElasticTransform().apply(new Resize(44).apply(image), g) }),
    { apply: (_, g) => new ElasticTransform({ alpha: 50, sigma: 5 }).apply(new Resize(44).apply(image), g) },
    [{ apply: (_, g) => new ElasticTransform({ sigma: 4 }).apply(new Resize(44).apply(image), g) }],
  ],
  ColorJitter: [
    () => new ColorJitter({}),
    new ColorJitter({ brightness: 0, contrast: 0, saturation: 0, hue: 0 }),
    [
      new ColorJitter({ brightness: 0.4 }),
      new ColorJitter({ contrast: 0.4 }),
      new ColorJitter({ saturation: 0.4 }),
      new ColorJitter({ hue: 0.2 }),
    ],
  ],
  GaussianBlur: [() => new GaussianBlur(5), new GaussianBlur([5, 5], { sigma: [0.1, 2] }), [
    new GaussianBlur(5, { sigma: [1, 2] }),
    new GaussianBlur([5, 3]),
    new GaussianBlur(5, { sigma: 1 }),
  ]],
  RandAugment: [
    () => new RandAugment(),
    new RandAugment({ numOps: 2, magnitude: 9, numMagnitudeBins: 31, interpolation: "nearest" }),
    [
      new RandAugment({ numOps: 3 }),
      new RandAugment({ magnitude: 29 }),
      new RandAugment({ numMagnitudeBins: 12 }),
      new RandAugment({ interpolation: "bilinear" }),
      new RandAugment({ fill: 9 }),
    ],
  ],
  TrivialAugmentWide: [
    () => new TrivialAugmentWide(),
    new TrivialAugmentWide({ numMagnitudeBins: 31, interpolation: "nearest" }),
    [
      new TrivialAugmentWide({ numMagnitudeBins: 12 }),
      new TrivialAugmentWide({ interpolation: "bilinear" }),
      new TrivialAugmentWide({ fill: 9 }),
    ],
  ],
  RandomHorizontalFlip: [() => new RandomHorizontalFlip(), new RandomHorizontalFlip(0.5), [
    new RandomHorizontalFlip(1),
  ]],
  RandomGrayscale: [() => new RandomGrayscale(), new RandomGrayscale(0.1), [new RandomGrayscale(0.9)]],
  RandomAdjustSharpness: [() => new RandomAdjustSharpness(2), new RandomAdjustSharpness(2, 0.5), [
    new RandomAdjustSharpness(0),
    new RandomAdjustSharpness(2, 1),
  ]],
  RandomApply: [() => new RandomApply([new Pad(2)]), new RandomApply([new Pad(2)], 0.5), [
    new RandomApply([new Pad(2)], 1),
  ]],
};

for (const [name, [usual, said, others]] of Object.entries(OPTIONS)) {
  Deno.test(`${name}: defaults are what they are said to be, and each option alone matters`, () => {
    const expected = drawn(usual());
    assertEquals(drawn(said), expected);
    others.forEach((other, i) => {
      assert(
        drawn(other).some((data, seed) => String(data) !== String(expected[seed])),
        `number ${i} changes nothing`,
      );
    });
  });
}

Deno.test("TenCrop() mirrors from top to bottom if asked to", () => {
  const grid = new Image(3, 3, 1, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
  const corners = (vertical?: boolean) => new TenCrop(1, vertical).apply(grid).map(({ data }) => data[0]);
  assertEquals(corners(false), corners());
  assertEquals(corners(true), [1, 3, 7, 9, 5, 7, 9, 1, 3, 5]);
});

Deno.test("RandomPerspective() without distortion leaves the image as it is, and RandAugment() without operations", () => {
  for (
    const transform of [new RandomPerspective({ p: 1, distortionScale: 0 }), new RandAugment({ numOps: 0 })]
  ) {
    assertEquals(drawn(transform), drawn(new RandomHorizontalFlip(0)));
  }
});
