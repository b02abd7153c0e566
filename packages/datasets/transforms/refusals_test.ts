/** Wrong arguments that transforms and functions refuse. */
import { assertEquals, assertThrows } from "@std/assert";
import { Image } from "../image.ts";
import * as imaging from "../imaging/mod.ts";
import type { Interpolation } from "../imaging/mod.ts";
import * as datasets from "../mod.ts";

const image = new Image(4, 3, 3, new Uint8Array(36));
const rectangle = { top: 0, left: 0, height: 2, width: 2 };
const unknown = "area" as Interpolation;

/** Calls by the beginning of their error message: RangeErrors, and TypeErrors for unknown words. */
const RANGES: Readonly<Record<string, readonly (() => unknown)[]>> = {
  "must be a finite number": [
    () => imaging.rotate(image, NaN),
    () => imaging.affine(image, { angle: Infinity }),
    () => imaging.affine(image, { scale: Infinity }),
  ],
  "must be 2 finite numbers": [
    () => imaging.affine(image, { translate: [NaN, 0] }),
    () => imaging.rotate(image, 3, { center: [0, NaN] }),
    () => new datasets.ElasticTransform({ alpha: [1, NaN] }),
    () => new datasets.RandomRotation(3, { center: [NaN, 1] }),
  ],
  "must be 8 finite numbers": [
    () =>
      imaging.perspective(image, {
        from: [[0, 0], [1, 0], [1, 1], [0, NaN]],
        to: [[0, 0], [1, 0], [1, 1], [0, 1]],
      }),
  ],
  "fill must be in [0, 255]": [
    () => imaging.rotate(image, 3, { fill: 300 }),
    () => imaging.affine(image, { fill: [0, 0, -1] }),
    () => imaging.crop(image, rectangle, NaN),
    () => new datasets.RandomRotation(3, { fill: 256 }),
    () => new datasets.RandomAffine(3, { fill: -1 }),
    () => new datasets.RandomPerspective({ fill: 300 }),
    () => new datasets.ElasticTransform({ fill: 300 }),
    () => new datasets.RandAugment({ fill: 300 }),
    () => new datasets.TrivialAugmentWide({ fill: 300 }),
  ],
  "must be of integers": [() => imaging.crop(image, { ...rectangle, top: 0.5 })],
  "must be finite and must not be negative": [
    () => imaging.adjustContrast(image, Infinity),
    () => new datasets.RandomAdjustSharpness(-1),
  ],
  "bits must be an integer": [() => new datasets.RandomPosterize(9)],
  "threshold must be a number": [() => new datasets.RandomSolarize(NaN)],
  "gamma and gain must be nonnegative": [() => imaging.adjustGamma(image, -1)],
  "must be a range of two": [
    () => new datasets.RandomErasing({ scale: [2, 1] }),
    () => new datasets.RandomErasing({ ratio: [0, 1] }),
    () => new datasets.RandomAffine(3, { shear: -4 }),
    () => new datasets.RandomAffine(3, { scale: [1, Infinity] }),
  ],
  "degrees must be": [() => new datasets.RandomRotation([0, Infinity])],
  "two numbers in [0, 1]": [() => new datasets.RandomAffine(3, { translate: [0, 2] })],
  "sigma must not be negative": [() => new datasets.ElasticTransform({ sigma: -3 })],
  "sigma must be a range": [() => new datasets.GaussianBlur(3, { sigma: [1, Infinity] })],
  "kernel sizes must be odd": [() => new datasets.GaussianBlur(4)],
  "numOps must be an integer": [() => new datasets.RandAugment({ numOps: 1.5 })],
  "channels must be 1 or 3": [() => new datasets.Grayscale({ channels: 2 as 1 })],
  "alpha must be positive and finite": [() => new datasets.CutMix({ alpha: Infinity })],
  "sizes must be one or two": [
    () => new datasets.CenterCrop([1] as unknown as [number, number]),
    () => new datasets.FiveCrop([1, 2, 3] as unknown as [number, number]),
  ],
  "maxSize must be an integer above size": [
    () => new datasets.Resize(3, { maxSize: 3 }),
    () => new datasets.Resize([3, 4], { maxSize: 9 }),
  ],
  "or null beside maxSize": [() => new datasets.Resize(null), () => new datasets.Resize([3, 0])],
  "both sides must keep a pixel": [
    () => imaging.resize(new Image(1, 99, 1, new Uint8Array(99)), null, { maxSize: 3 }),
  ],
  "must name each of 3 channels once": [() => imaging.permuteChannels(image, [0, 0, 1])],
};
const TYPES: Readonly<Record<string, readonly (() => unknown)[]>> = {
  "interpolation must be one of": [
    () => imaging.rotate(image, 3, { interpolation: unknown }),
    () => imaging.affine(image, { interpolation: "lanczos" as Interpolation }),
    () => imaging.resize(image, 3, { interpolation: unknown }),
    () => new datasets.Resize(3, unknown),
    () => new datasets.RandomPerspective({ interpolation: unknown }),
    () => new datasets.RandomResizedCrop(3, { interpolation: unknown }),
    () => new datasets.ElasticTransform({ interpolation: "bicubic" as "bilinear" }),
  ],
  "mode must be one of": [
    () => new datasets.Pad(1, 0, "wrap" as "edge"),
    () => new datasets.RandomCrop(2, { paddingMode: "wrap" as "edge" }),
  ],
  "value must be numbers": [() => new datasets.RandomErasing({ value: "noise" as "random" })],
  "takes a list of transforms": [
    () => new datasets.RandomApply(3 as unknown as []),
    () => new datasets.RandomOrder([3 as never]),
    () => new datasets.RandomChoice([3 as never]),
  ],
  "options are given by name": [
    () => new datasets.ColorJitter(0.5 as datasets.ColorJitterOptions),
    () => new datasets.RandomCrop(32, 4 as datasets.RandomCropOptions),
    () => new datasets.GaussianBlur(3, [5, 5] as datasets.GaussianBlurOptions),
  ],
};

for (const [kind, table] of [[RangeError, RANGES], [TypeError, TYPES]] as const) {
  for (const [message, calls] of Object.entries(table)) {
    Deno.test(`transforms refuse what is wrong: "${message}"`, () => {
      for (const call of calls) assertThrows(call, kind, message);
    });
  }
}

Deno.test("Pad() repeats the border for replicate as for edge", () => {
  const line = new Image(2, 1, 1, new Uint8Array([5, 9]));
  assertEquals([...new datasets.Pad([2, 0], 0, "replicate").apply(line).data], [5, 5, 5, 9, 9, 9]);
});

Deno.test("Resize() weighs colors by alpha", () => {
  const image = new Image(2, 1, 4, new Uint8Array([255, 0, 0, 255, 0, 0, 255, 0]));
  assertEquals([...new datasets.Resize([1, 1]).apply(image).data], [255, 0, 0, 128]);
});
