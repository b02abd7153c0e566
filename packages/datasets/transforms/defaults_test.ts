/** Omitted options have the documented defaults. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { Device, fromTypedArray, Generator, ReferenceBackend, tensor } from "@troodon/core";
import { Image } from "../image.ts";
import * as imaging from "../imaging/mod.ts";
import * as datasets from "../mod.ts";
import { NdArray } from "../nd_array.ts";
import type { Transform } from "./transform.ts";

const image = new Image(
  22,
  18,
  3,
  Uint8Array.from({ length: 22 * 18 * 3 }, (_, i) => (i * 37 + (i >> 4)) % 151 + 40),
);

const large = new Image(44, 42, 1, Uint8Array.from({ length: 44 * 42 }, (_, i) => (i * 37) % 251));

type Options = Readonly<Record<string, unknown>>;
type Draw = (generator: Generator) => unknown;

const of = (transform: Transform<Image, unknown>): Draw => (generator) => transform.apply(image, generator);

/** Calls without options, with the defaults given explicitly, and with one option changed. */
const POSITIONAL: Readonly<Record<string, readonly [none: Draw, same: Draw, other: Draw]>> = {
  ...Object.fromEntries(
    ([
      ...[
        "RandomHorizontalFlip",
        "RandomVerticalFlip",
        "RandomInvert",
        "RandomAutocontrast",
        "RandomEqualize",
      ],
    ] as const).map((name) => {
      const Kind = datasets[name as "RandomInvert"];
      return [name, [of(new Kind()), of(new Kind(0.5)), of(new Kind(0.9))]];
    }),
  ),
  RandomGrayscale: [
    of(new datasets.RandomGrayscale()),
    of(new datasets.RandomGrayscale(0.1)),
    of(new datasets.RandomGrayscale(0.2)),
  ],
  ...Object.fromEntries(
    (["RandomPosterize", "RandomSolarize", "RandomAdjustSharpness"] as const).map((name) => {
      const Kind = datasets[name];
      return [name, [of(new Kind(2)), of(new Kind(2, 0.5)), of(new Kind(2, 0.9))]];
    }),
  ),
  RandomApply: (() => {
    const parts = [new datasets.RandomInvert(1)];
    const make = (...p: number[]) => of(new datasets.RandomApply(parts, ...p));
    return [make(), make(0.5), make(0.9)] as const;
  })(),
  TenCrop: [
    of(new datasets.TenCrop(5)),
    of(new datasets.TenCrop(5, false)),
    of(new datasets.TenCrop(5, true)),
  ],
  Pad: [
    of(new datasets.Pad(2)),
    of(new datasets.Pad(2, 0, "constant")),
    of(new datasets.Pad(2, 1, "constant")),
  ],
  crop: (() => {
    const rectangle = { top: -2, left: 3, height: 9, width: 30 };
    const make = (...fill: number[]): Draw => () => imaging.crop(image, rectangle, ...fill);
    return [make(), make(0), make(1)] as const;
  })(),
};

/** Transforms by their options, with the defaults and a different value for each option. */
const NAMED: Readonly<
  Record<string, readonly [(options?: Options) => Draw, defaults: Options, others: Options]>
> = {
  affine: [
    (options) => () => imaging.affine(image, options),
    { angle: 0, translate: [0, 0], scale: 1, shear: [0, 0] },
    { angle: 20, translate: [1, 0], scale: 2, shear: [9, 0] },
  ],
  "affine that turns": [
    (options) => () => imaging.affine(image, { angle: 9, ...options }),
    { interpolation: "nearest", fill: 0 },
    { interpolation: "bilinear", fill: 1 },
  ],
  rotate: [
    (options) => () => imaging.rotate(image, 30, options),
    { interpolation: "nearest", fill: 0, expand: false },
    { interpolation: "bilinear", fill: 1, expand: true },
  ],
  elastic: [
    (options) => () => {
      const random = new Generator(1), draw = () => random.random() - 0.5;
      const [dx, dy] = [0, 1].map(() => Array.from({ length: 22 * 18 }, draw)) as [number[], number[]];
      return imaging.elastic(image, { dx, dy }, options);
    },
    { interpolation: "bilinear", fill: 0 },
    { interpolation: "nearest", fill: 1 },
  ],
  perspective: [
    (options) => () => {
      const from = [[0, 0], [21, 0], [21, 17], [0, 17]] as const,
        to = [[3, 2], [19, 1], [20, 15], [1, 16]] as const;
      return imaging.perspective(image, { from, to }, options);
    },
    { interpolation: "nearest", fill: 0 },
    { interpolation: "bilinear", fill: 1 },
  ],
  Grayscale: [(options) => of(new datasets.Grayscale(options)), { channels: 1 }, { channels: 3 }],
  RandomCrop: [
    (options) => of(new datasets.RandomCrop([30, 12], { padIfNeeded: true, ...options })),
    { padding: 0, fill: 0, paddingMode: "constant" },
    { padding: 1, fill: 1, paddingMode: "edge" },
  ],
  RandomAffine: [
    (options) => of(new datasets.RandomAffine(10, options)),
    { translate: [0, 0], scale: [1, 1], shear: 0, interpolation: "nearest", fill: 0 },
    { translate: [0.1, 0], scale: [1, 2], shear: 3, interpolation: "bilinear", fill: 1 },
  ],
  "RandomAffine with two numbers to shear by": [
    (options) => of(new datasets.RandomAffine(10, { shear: [-9, 9], ...options })),
    { shear: [-9, 9, 0, 0] },
    { shear: [-9, 9, 0, 1] },
  ],
  RandomRotation: [
    (options) => of(new datasets.RandomRotation(10, options)),
    { interpolation: "nearest", fill: 0, expand: false },
    { interpolation: "bilinear", fill: 1, expand: true },
  ],
  RandomPerspective: [
    (options) => of(new datasets.RandomPerspective(options)),
    { p: 0.5, distortionScale: 0.5, interpolation: "bilinear", fill: 0 },
    { p: 0.9, distortionScale: 0.6, interpolation: "nearest", fill: 1 },
  ],
  ElasticTransform: [
    (options) => {
      const elastic = new datasets.ElasticTransform(options);
      return (generator) => elastic.apply(large, generator);
    },
    { alpha: 50, sigma: 5, interpolation: "bilinear", fill: 0 },
    { alpha: 99, sigma: 2, interpolation: "nearest", fill: 1 },
  ],
  RandAugment: [
    (options) => of(new datasets.RandAugment(options)),
    { numOps: 2, magnitude: 9, numMagnitudeBins: 31 },
    { numOps: 3, magnitude: 18, numMagnitudeBins: 11 },
  ],
  TrivialAugmentWide: [
    (options) => of(new datasets.TrivialAugmentWide(options)),
    { numMagnitudeBins: 31 },
    { numMagnitudeBins: 62 },
  ],
  RandomErasing: [
    (options) => {
      const ones = new NdArray(new Float32Array(3 * 20 * 20).fill(2), [3, 20, 20]);
      const erasing = new datasets.RandomErasing(options);
      return (generator) => erasing.apply(ones, generator);
    },
    { p: 0.5, scale: [0.02, 0.33], ratio: [0.3, 3.3], value: 0 },
    { p: 0.9, scale: [0.02, 0.66], ratio: [0.6, 3.3], value: 1 },
  ],
  ...Object.fromEntries(
    (["MixUp", "CutMix"] as const).map((name) => {
      const make = (options: Options = {}): Draw => (generator) => {
        const device = new Device(new ReferenceBackend());
        const data = Float32Array.from({ length: 3 * 64 }, (_, i) => i);
        const batch = {
          image: fromTypedArray(data, [3, 1, 8, 8], { device }),
          label: tensor([0, 1, 2], { device, dtype: "int32" }),
        };
        using mixed = new datasets[name]({ numClasses: 3, ...options }).apply(batch, generator);
        return [mixed.image.tolist(), mixed.label.tolist()];
      };
      return [name, [make, { alpha: 1 }, { alpha: 2 }]];
    }),
  ),
};

const SEEDS = Array.from({ length: 16 }, (_, seed) => seed);
const drawn = (draw: Draw): unknown[] => SEEDS.map((seed) => draw(new Generator(seed)));

for (const [name, [none, same, other]] of Object.entries(POSITIONAL)) {
  Deno.test(`${name} without options is what it is by default`, () => {
    const found = drawn(none);
    assertEquals(found, drawn(same));
    assertNotEquals(found, drawn(other));
  });
}

for (const [name, [make, defaults, others]] of Object.entries(NAMED)) {
  Deno.test(`${name} without options is what it is by default`, () => {
    const found = drawn(make());
    assertEquals(found, drawn(make(defaults)));
    for (const [option, value] of Object.entries(others)) {
      assertNotEquals(found, drawn(make({ [option]: value })), option);
    }
  });
}

Deno.test("affine() draws images that are larger than what small ones share", () => {
  const wide = new Image(150, 120, 1, new Uint8Array(150 * 120).fill(7));
  assertEquals(imaging.affine(wide).data, wide.data);
});
