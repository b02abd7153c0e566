import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Generator, Image, LabeledImages } from "@troodon/troodon";
import type { ImageShape } from "./image_shape.ts";
import {
  givenNormalization,
  meanOf,
  normalizationOf,
  trainingTransformOf,
  transformOf,
} from "./normalization.ts";
import { UsageError } from "../flags/options.ts";

const SHAPE: ImageShape = { size: [7, 14], channels: 3, augment: false };

Deno.test("normalizationOf() is the mean and the deviation of all pixels, channel by channel", () => {
  const of = (bytes: number[], channels: 1 | 3 = 1) =>
    normalizationOf(
      new LabeledImages({
        images: new Uint8Array(bytes),
        labels: new Uint8Array(1),
        height: 1,
        width: bytes.length / channels,
        channels,
      }),
    );
  const { mean, std } = of([0, 255, 255, 255]);
  assertEquals(mean, 0.75);
  assertAlmostEquals(Number(std), Math.sqrt(3) / 4, 1e-4);
  assertEquals(of([9, 9]).std, 1);
  assertEquals(of([0, 255, 9, 255, 255, 9], 3), { mean: [0.5, 1, 0.0353], std: [0.5, 1, 1] });
  assertAlmostEquals(meanOf({ mean: [0.5, 1, 0], std: 1 }), 0.5);
});

Deno.test("givenNormalization() takes both flags, with one number or one for each channel", () => {
  assertEquals(givenNormalization({ mean: undefined, std: undefined }, 3), null);
  assertEquals(givenNormalization({ mean: 0.5, std: [1, 2, 3] }, 3), { mean: 0.5, std: [1, 2, 3] });
  for (const [mean, std] of [[0.5, undefined], [undefined, 1], [[1, 2], 1], [0, [1, 2, 3]]] as const) {
    assertThrows(() => givenNormalization({ mean, std }, 1), UsageError, "--");
  }
});

Deno.test("transformOf() scales images until they cover the size, and takes the middle", () => {
  // Columns of 0, 10, 20, ...: the middle fourteen of twenty.
  const wide = new Image(20, 7, 1, Uint8Array.from({ length: 140 }, (_, i) => 10 * (i % 20)));
  const { data, shape } = transformOf({ mean: [0, 0, 0], std: 1 / 255 }, SHAPE).apply(wide);
  assertEquals(shape, [3, 7, 14]);
  assertEquals(Math.round(data[0]!), 30);
  assertEquals(Math.round(data[13]!), 160);
  const large = transformOf({ mean: 0, std: 1 }, SHAPE).apply(new Image(56, 14, 1, new Uint8Array(56 * 14)));
  assertEquals(large.shape, [3, 7, 14]);
});

Deno.test("transformOf() leaves a margin of 32 in 256 out of the images with one", () => {
  const shape: ImageShape = { size: [7, 7], channels: 1, augment: true };
  const image = new Image(8, 8, 1, Uint8Array.from({ length: 64 }, (_, i) => i));
  const { data } = transformOf({ mean: 0, std: 1 / 255 }, shape).apply(image);
  const whole = Array.from(data, Math.round);
  assertEquals(whole.length, 49);
  assertEquals(whole[1]! - whole[0]!, 1);
  assertEquals(whole[7]! - whole[0]!, 8);
});

Deno.test("trainingTransformOf() shifts images, or takes random parts of those with a margin", () => {
  const image = new Image(14, 7, 1, Uint8Array.from({ length: 98 }, (_, i) => i));
  const results = (shape: ImageShape, shift: number) => {
    const transform = trainingTransformOf({ mean: 0, std: 1 }, shape, shift), generator = new Generator(1);
    return Array.from({ length: 8 }, () => transform.apply(image, generator));
  };
  for (const [augment, shift, different] of [[false, 0, false], [false, 2, true], [true, 0, true]] as const) {
    const found = results({ ...SHAPE, channels: 1, augment }, shift);
    assertEquals(found.every(({ shape }) => String(shape) === "1,7,14"), true);
    assertEquals(new Set(found.map(({ data }) => String(data))).size > 1, different);
  }
});
