import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Generator } from "@troodon/core";
import { Image } from "../image.ts";
import { AugMix } from "./aug_mix.ts";
import { AutoAugment } from "./auto_augment.ts";
import { POLICIES } from "./auto_augment_policies.ts";
import { GaussianNoise } from "./gaussian_noise.ts";
import { JPEG } from "./jpeg.ts";
import { RandomChannelPermutation, RandomPhotometricDistort } from "./photometric.ts";
import { RandomZoomOut, ScaleJitter } from "./zoom.ts";

const image = new Image(24, 20, 3, Uint8Array.from({ length: 1440 }, (_, i) => (i * 37 + (i >> 4)) % 251));
const gray = new Image(100, 100, 1, new Uint8Array(10000).fill(128));

Deno.test("AutoAugment() draws each of the 25 pairs of each policy", () => {
  for (const [policy, pairs] of Object.entries(POLICIES)) {
    assertEquals(pairs.length, 25, policy);
    const steps = pairs.flat();
    assert(steps.every(([, p, m = 0]) => p >= 0 && p <= 1 && Number.isInteger(m) && m >= 0 && m < 10));
  }
  const results = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    results.add(new AutoAugment({ policy: "svhn" }).apply(image, new Generator(seed)).data.join());
  }
  assert(results.size > 25);
  assertThrows(
    () => new AutoAugment({ policy: "mnist" as "svhn" }),
    TypeError,
    "one of imagenet, cifar10, svhn",
  );
});

Deno.test("AugMix() keeps what its operations keep, and takes more operations if told so", () => {
  const plain = new AugMix({ allOps: false, chainDepth: 1, mixtureWidth: 1, severity: 1 });
  // Magnitude 0 of shears, moves and turns is the image; the tables of a constant image are the identity or constant.
  for (let seed = 0; seed < 20; seed++) {
    const { data } = plain.apply(gray, new Generator(seed));
    assertEquals(new Set(data).size, 1);
    assert(data[0]! <= 128);
  }
  const drawn = (options: ConstructorParameters<typeof AugMix>[0]) =>
    [1, 2, 3, 4].map((seed) => String(new AugMix(options).apply(image, new Generator(seed)).data));
  assertEquals(drawn({ severity: 3, mixtureWidth: 3, chainDepth: -1, alpha: 1, allOps: true }), drawn({}));
  for (
    const other of [{ severity: 9 }, { mixtureWidth: 2 }, { chainDepth: 2 }, { alpha: 0.3 }, {
      allOps: false,
    }]
  ) {
    assert(drawn(other).join() !== drawn({}).join(), JSON.stringify(other));
  }
  assertThrows(() => new AugMix({ severity: 11 }), RangeError, "from 1 to 10");
  assertThrows(() => new AugMix({ mixtureWidth: 0 }), RangeError, "mixtureWidth must be");
  assertThrows(() => new AugMix({ chainDepth: 0 }), RangeError, "chainDepth must be");
});

Deno.test("GaussianNoise() adds noise of its mean and deviation, and leaves alpha", () => {
  const { data } = new GaussianNoise({ mean: 0.1, sigma: 0.05 }).apply(gray, new Generator(1));
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length);
  assertAlmostEquals(mean, 128 + 25, 1);
  assertAlmostEquals(deviation, 0.05 * 255, 0.5);
  const white = new Image(2, 1, 2, new Uint8Array([255, 9, 0, 8]));
  const clipped = new GaussianNoise({ mean: 0.5, sigma: 0 }).apply(white);
  assertEquals([...clipped.data], [255, 9, 127, 8]);
  assertEquals([...new GaussianNoise({ mean: 0.5, sigma: 0, clip: false }).apply(white).data], [
    126,
    9,
    127,
    8,
  ]);
  assertThrows(() => new GaussianNoise({ sigma: -1 }), RangeError, "must not be negative");
});

Deno.test("RandomChannelPermutation() and RandomPhotometricDistort() take each order, with alpha last", () => {
  const pixel = new Image(1, 1, 4, new Uint8Array([1, 2, 3, 9]));
  const still = new RandomPhotometricDistort({ p: 0 });
  const orders = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    orders.add(new RandomChannelPermutation().apply(pixel, new Generator(seed)).data.join());
    assert(still.apply(pixel, new Generator(seed)) === pixel);
  }
  assertEquals([...orders].sort(), ["1,2,3,9", "1,3,2,9", "2,1,3,9", "2,3,1,9", "3,1,2,9", "3,2,1,9"]);
  const brighter = new RandomPhotometricDistort({ brightness: [2, 2], contrast: [1, 1], p: 1 });
  assertEquals([...brighter.apply(new Image(1, 1, 1, new Uint8Array([60]))).data], [120]);
  assertThrows(() => new RandomPhotometricDistort({ hue: [0, 0.6] }), RangeError, "within [-0.5, 0.5]");
});

Deno.test("JPEG() leaves alpha, and takes qualities from 1 to 100", () => {
  const data = Uint8Array.from({ length: 400 }, (_, i) => (i * 37) % 251);
  const { data: after } = new JPEG(20).apply(new Image(10, 10, 4, data));
  assert(after.every((v, i) => i % 4 < 3 || v === data[i]) && after.some((v, i) => v !== data[i]));
  for (const quality of [0, 101, 50.5, [60, 50] as const]) {
    assertThrows(() => new JPEG(quality), RangeError, "integer from 1 to 100");
  }
});

Deno.test("ScaleJitter() keeps the ratio of the sides within a pixel", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { width, height } = new ScaleJitter([90, 30]).apply(image, new Generator(seed));
    assert(Math.abs(width * 20 - height * 24) <= 24 && width <= 72 && height <= 60, `${width}x${height}`);
  }
  assertThrows(() => new ScaleJitter([0, 3]), RangeError, "width must be");
});

Deno.test("RandomZoomOut() shows the whole image on a canvas of its color", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { width, height, data } = new RandomZoomOut({ p: 1, fill: 252 }).apply(image, new Generator(seed));
    assert(width >= 24 && width < 96 && height >= 20 && height < 80);
    assertEquals(data.filter((v) => v !== 252), image.data);
  }
  assertThrows(() => new RandomZoomOut({ sideRange: [0.5, 2] }), RangeError, "within [1,");
});
