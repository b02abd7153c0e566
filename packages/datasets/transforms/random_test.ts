import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Device, fromTypedArray, Generator, ReferenceBackend, tensor } from "@troodon/core";
import { Image } from "../image.ts";
import * as imaging from "../imaging/mod.ts";
import { LabeledImages } from "../sets/labeled_images.ts";
import { ElasticTransform } from "./elastic_transform.ts";
import { NdArray } from "../nd_array.ts";
import { RandAugment, TrivialAugmentWide } from "./rand_augment.ts";
import { AugMix } from "./aug_mix.ts";
import { AutoAugment } from "./auto_augment.ts";
import { Compose } from "./compose.ts";
import { CenterCrop, FiveCrop, RandomCrop, RandomResizedCrop, TenCrop } from "./crops.ts";
import { JPEG } from "./jpeg.ts";
import { Lambda } from "./lambda.ts";
import { CutMix, type ImageBatch, MixUp } from "./mix.ts";
import { RandomApply, RandomChoice, RandomOrder } from "./random_choice.ts";
import { ColorJitter, GaussianBlur } from "./random_color.ts";
import { GaussianNoise } from "./gaussian_noise.ts";
import { RandomChannelPermutation, RandomPhotometricDistort } from "./photometric.ts";
import { RandomErasing } from "./random_erasing.ts";
import {
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomEqualize,
  RandomGrayscale,
  RandomHorizontalFlip,
  RandomInvert,
  RandomPosterize,
  RandomSolarize,
  RandomVerticalFlip,
} from "./random_functions.ts";
import { RandomAffine, RandomPerspective, RandomRotation } from "./random_warps.ts";
import { ToTensor } from "./to_tensor.ts";
import { RandomZoomOut, ScaleJitter } from "./zoom.ts";
import type { Transform } from "./transform.ts";

/** Every pixel has another color, and no symmetry. */
const image = new Image(
  24,
  20,
  3,
  Uint8Array.from({ length: 24 * 20 * 3 }, (_, i) => (i * 37 + (i >> 4)) % 251),
);

const RANDOM: Readonly<Record<string, Transform<Image, Image>>> = {
  RandomCrop: new RandomCrop([10, 12], { padding: 3, paddingMode: "reflect" }),
  RandomResizedCrop: new RandomResizedCrop(9),
  RandomHorizontalFlip: new RandomHorizontalFlip(),
  RandomVerticalFlip: new RandomVerticalFlip(),
  RandomGrayscale: new RandomGrayscale(0.5),
  RandomInvert: new RandomInvert(),
  RandomPosterize: new RandomPosterize(2),
  RandomSolarize: new RandomSolarize(100),
  RandomAdjustSharpness: new RandomAdjustSharpness(2),
  RandomAutocontrast: new Compose([
    new Lambda((i: Image) => imaging.adjustContrast(i, 0.5)),
    new RandomAutocontrast(),
  ]),
  RandomEqualize: new RandomEqualize(),
  RandomRotation: new RandomRotation(30),
  RandomAffine: new RandomAffine(10, { translate: [0.1, 0.2], scale: [0.8, 1.2], shear: [-5, 5, -3, 3] }),
  RandomPerspective: new RandomPerspective({ p: 1 }),
  ElasticTransform: new ElasticTransform({ alpha: 20, sigma: 2 }),
  ColorJitter: new ColorJitter({ brightness: 0.4, contrast: [0.5, 2], saturation: 0.7, hue: 0.2 }),
  GaussianBlur: new GaussianBlur([5, 3]),
  RandAugment: new RandAugment({ magnitude: 15 }),
  TrivialAugmentWide: new TrivialAugmentWide(),
  AutoAugment: new AutoAugment(),
  AugMix: new AugMix(),
  GaussianNoise: new GaussianNoise(),
  JPEG: new JPEG([5, 60]),
  RandomPhotometricDistort: new RandomPhotometricDistort(),
  RandomChannelPermutation: new RandomChannelPermutation(),
  ScaleJitter: new ScaleJitter([20, 20], { scaleRange: [0.5, 1.5] }),
  RandomZoomOut: new RandomZoomOut({ fill: 3 }),
  RandomApply: new RandomApply([new RandomInvert(1)]),
  RandomChoice: new RandomChoice<Image, Image>([new RandomInvert(1), new RandomVerticalFlip(1)]),
  RandomOrder: new RandomOrder([new RandomCrop(12), new RandomInvert(), new RandomHorizontalFlip()]),
};

for (const [name, transform] of Object.entries(RANDOM)) {
  Deno.test(`${name} depends on the generator alone, on it indeed, and leaves its input`, () => {
    const before = image.data.slice();
    const results = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const result = transform.apply(image, new Generator(seed));
      assertEquals(transform.apply(image, new Generator(seed)), result);
      results.add(result.data.join());
    }
    assert(results.size > 1, "all seeds give the same");
    assertEquals(image.data, before);
  });
}

Deno.test("random transforms are applied as often as their probability says", () => {
  const generator = new Generator(3);
  let flipped = 0;
  for (let i = 0; i < 1000; i++) flipped += Number(new RandomInvert(0.3).apply(image, generator) !== image);
  assert(Math.abs(flipped - 300) < 60, `${flipped} of 1000`);
  assert(new RandomInvert(0).apply(image, generator) === image);
  assertThrows(() => new RandomInvert(1.1), RangeError, "current p is 1.1");
  const chosen = [0, 0, 0];
  const choice = new RandomChoice([0, 1, 2].map((k) => new Lambda(() => chosen[k]!++)), [1, 3, 0]);
  for (let i = 0; i < 1000; i++) choice.apply(0, generator);
  assert(Math.abs(chosen[0]! - 250) < 60 && chosen[2] === 0, chosen.join());
  assertThrows(() => new RandomChoice([new Lambda(() => 0)], [0]), RangeError, "as many nonnegative weights");
});

Deno.test("RandomCrop takes every place, and widens images that are too small", () => {
  const line = new Image(4, 1, 1, new Uint8Array([1, 2, 3, 4]));
  const crop = new RandomCrop([1, 2]);
  const seen = new Set<string>();
  for (let seed = 0; seed < 40; seed++) seen.add(crop.apply(line, new Generator(seed)).data.join());
  assertEquals([...seen].sort(), ["1,2", "2,3", "3,4"]);
  assertThrows(() => new RandomCrop(2).apply(line), RangeError, "2x2 pixels from an image of 4x1");
  const wide = new RandomCrop([1, 6], { padIfNeeded: true, fill: 9 }).apply(line, new Generator(1));
  assertEquals(wide.width, 6);
  assertThrows(() => new RandomCrop(0), RangeError, "positive integers");
});

Deno.test("RandomResizedCrop keeps to its ranges, and takes the middle where none fits", () => {
  const stripe = new Image(100, 2, 1, Uint8Array.from({ length: 200 }, (_, i) => i % 100));
  // No part of these ratios has the area: 2 x 2 pixels of the middle, 4/3 wide.
  const part = new RandomResizedCrop([2, 3], { scale: [1, 1], interpolation: "nearest" }).apply(stripe);
  assertEquals([...part.data.subarray(0, 3)], [48, 49, 50]);
  const whole = new RandomResizedCrop([20, 24], { scale: [1, 1], ratio: [1.2, 1.2] });
  assertEquals(whole.apply(image, new Generator(1)), image);
  assertThrows(() => new RandomResizedCrop(3, { scale: [1, 0.5] }), RangeError, "ranges of positive");
});

Deno.test("FiveCrop and TenCrop take corners and the middle", () => {
  const grid = new Image(3, 3, 1, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9]));
  assertEquals(new FiveCrop(1).apply(grid).map(({ data }) => data[0]), [1, 3, 7, 9, 5]);
  assertEquals(new TenCrop(1).apply(grid).map(({ data }) => data[0]), [1, 3, 7, 9, 5, 3, 1, 9, 7, 5]);
  assertEquals(new CenterCrop([1, 3]).apply(grid).data.join(), "4,5,6");
  assertThrows(() => new FiveCrop(4).apply(grid), RangeError, "4x4 pixels");
});

Deno.test("RandomErasing writes what it is told into one rectangle", () => {
  const ones = new NdArray(new Float32Array(2 * 20 * 20).fill(1), [2, 20, 20]);
  const erase = (value: number | readonly number[] | "random") =>
    new RandomErasing({ p: 1, scale: [0.1, 0.1], ratio: [1, 1], value }).apply(ones, new Generator(5)).data;
  const changed = (data: Float32Array, c: number) =>
    data.subarray(400 * c, 400 * (c + 1)).filter((x) => x !== 1);
  const two = erase([0, 7]);
  assertEquals(new Set(changed(two, 0)), new Set([0]));
  assertEquals(new Set(changed(two, 1)), new Set([7]));
  assertEquals(changed(two, 0).length, 36);
  assertEquals(new Set(changed(erase("random"), 0)).size, 36);
  assertEquals(ones.data.every((x) => x === 1), true);
  assertThrows(() => erase([1, 2, 3]), RangeError, "each of 2 channels");
});

Deno.test("random transforms refuse ranges that are none", () => {
  assertThrows(() => new RandomRotation(-1), RangeError, "current degrees is -1");
  assertThrows(() => new RandomAffine(1, { scale: [2, 1] }), RangeError, "scale is [2, 1]");
  assertThrows(() => new ColorJitter({ hue: 0.6 }), RangeError, "within [-0.5, 0.5]");
  assertThrows(() => new ColorJitter({ brightness: [-1, 1] }), RangeError, "brightness must be a range");
  assertThrows(() => new GaussianBlur(3, { sigma: 0 }), RangeError, "sigma must be a range");
  assertThrows(() => new RandAugment({ magnitude: 31 }), RangeError, "current magnitude is 31 of 31");
});

Deno.test("datasets hand the generator to their transforms", () => {
  const data = { images: image.data, labels: new Uint8Array(3), height: 20, width: 24 };
  const dataset = new LabeledImages(data, { transform: new Compose([new RandomCrop(8), new ToTensor()]) });
  assertEquals(dataset.get(1, new Generator(4)), dataset.get(1, new Generator(4)));
  assertNotEquals(dataset.get(1, new Generator(4)), dataset.get(1, new Generator(5)));
});

const device = new Device(new ReferenceBackend());

function batch(): ImageBatch {
  const image = Float32Array.from({ length: 3 * 2 * 8 * 10 }, (_, i) => Math.floor(i / 160));
  return {
    image: fromTypedArray(image, [3, 2, 8, 10], { device }),
    label: tensor([0, 1, 2], { device, dtype: "int32" }),
  };
}

Deno.test("MixUp blends neighbors and their labels by one share", () => {
  const before = device.memory.buffers;
  const { image, label } = batch();
  const mixUp = new MixUp({ numClasses: 3, alpha: 0.4 });
  using result = mixUp.apply({ image, label }, new Generator(2));
  const weights = result.label.tolist() as number[][];
  const share = weights[0]![0]!;
  assert(share > 0 && share < 1);
  const rest = 1 - share;
  [[share, 0, rest], [rest, share, 0], [0, rest, share]].forEach((row, i) =>
    row.forEach((w, j) => assert(Math.abs(w - weights[i]![j]!) < 1e-6))
  );
  const pixels = (result.image.tolist() as number[][][][]).map((i) => i[0]![0]![0]!);
  [2 * rest, share, 2 * share + rest].forEach((p, i) => assert(Math.abs(p - pixels[i]!) < 1e-6));
  // Weights of classes are mixed on.
  using again = mixUp.apply(result, new Generator(3));
  assertEquals(again.label.shape, [3, 3]);
  again[Symbol.dispose]();
  result[Symbol.dispose]();
  image.dispose();
  label.dispose();
  assertEquals(device.memory.buffers, before);
});

Deno.test("CutMix pastes a rectangle, and weighs labels by its area", () => {
  const { image, label } = batch();
  let cut = 0;
  for (let seed = 0; seed < 10; seed++) {
    using result = new CutMix({ numClasses: 3 }).apply({ image, label }, new Generator(seed));
    const pixels = result.image.tolist() as number[][][][];
    const second = pixels[1]!.flat(2);
    const pasted = second.filter((x) => x === 0).length / second.length;
    assert(second.every((x) => x === 0 || x === 1));
    const weights = (result.label.tolist() as number[][])[1]!;
    assert(Math.abs(weights[0]! - pasted) < 1e-6 && Math.abs(weights[1]! - (1 - pasted)) < 1e-6);
    cut += Number(pasted > 0);
  }
  assert(cut > 3);
  image.dispose();
  label.dispose();
});

Deno.test("MixUp and CutMix say what they need", () => {
  const { image, label } = batch();
  assertThrows(() => new MixUp().apply({ image, label }), TypeError, "numClasses must be given");
  using flat = image.reshape([3, 160]);
  assertThrows(() => new CutMix({ numClasses: 3 }).apply({ image: flat, label }), RangeError, "[3, 160]");
  using bytes = image.to("uint8");
  assertThrows(() => new MixUp({ numClasses: 3 }).apply({ image: bytes, label }), TypeError, "is uint8");
  assertThrows(() => new MixUp({ alpha: 0 }), RangeError, "current alpha is 0");
  image.dispose();
  label.dispose();
});
