import { assert, assertEquals, assertThrows } from "@std/assert";
import { Generator } from "@troodon/core";
import { BoundingBoxes } from "../boxes/bounding_boxes.ts";
import { Image } from "../image.ts";
import { Mask } from "../mask.ts";
import { CenterCrop, RandomCrop, RandomResizedCrop } from "./crops.ts";
import { ElasticTransform } from "./elastic_transform.ts";
import { Lambda } from "./lambda.ts";
import { Pad } from "./pad.ts";
import { RandomPhotometricDistort } from "./photometric.ts";
import { RandomApply } from "./random_choice.ts";
import { ColorJitter } from "./random_color.ts";
import { RandomHorizontalFlip, RandomVerticalFlip } from "./random_functions.ts";
import { RandomAffine, RandomPerspective, RandomRotation } from "./random_warps.ts";
import { Resize } from "./resize.ts";
import type { ColorTransform, MovingTransform } from "./transform.ts";
import { TransformSample } from "./transform_sample.ts";
import { RandomZoomOut, ScaleJitter } from "./zoom.ts";

/** A bright rectangle, the mask of its pixels, and the box around them. */
function sample() {
  const [width, height] = [48, 40],
    inside = (i: number) => i % width >= 12 && i % width < 30 && i >= 10 * width && i < 26 * width;
  const data = Uint8Array.from({ length: width * height }, (_, i) => inside(i) ? 200 : 0);
  return {
    image: new Image(width, height, 1, data),
    masks: [new Mask(width, height, data.map((v) => v && 7))],
    boxes: new BoundingBoxes([[12, 10, 30, 26]], { canvasSize: [height, width] }),
    label: 3,
  };
}

/** The smallest box around the samples above `least`; null if there are none. */
function boxAround({ width, height, data }: Image, least: number): readonly number[] | null {
  const places = [...data.keys()].filter((i) => data[i]! > least);
  if (places.length === 0) return null;
  const xs = places.map((i) => i % width), ys = places.map((i) => Math.floor(i / width));
  assert(Math.max(...ys) < height);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
}

const MOVING: Readonly<Record<string, MovingTransform>> = {
  RandomHorizontalFlip: new RandomHorizontalFlip(),
  RandomVerticalFlip: new RandomVerticalFlip(),
  CenterCrop: new CenterCrop([30, 60]),
  RandomCrop: new RandomCrop(36, { padding: 4 }),
  RandomResizedCrop: new RandomResizedCrop(40, { scale: [0.5, 1] }),
  Resize: new Resize(70),
  Pad: new Pad([3, 0, 2, 5]),
  RandomRotation: new RandomRotation(40, { interpolation: "bilinear" }),
  "RandomRotation that grows": new RandomRotation(180, { expand: true }),
  RandomAffine: new RandomAffine(20, { translate: [0.1, 0.1], scale: [0.8, 1.2], shear: 10 }),
  RandomPerspective: new RandomPerspective({ p: 1 }),
  ElasticTransform: new ElasticTransform({ alpha: 30, sigma: 4 }),
  ScaleJitter: new ScaleJitter([50, 50], { scaleRange: [0.8, 1.5] }),
  RandomZoomOut: new RandomZoomOut({ p: 1, sideRange: [1, 2] }),
};

for (const [name, step] of Object.entries(MOVING)) {
  Deno.test(`TransformSample() moves image, masks and boxes together: ${name}`, () => {
    const given = sample(), transform = new TransformSample([step]);
    for (let seed = 0; seed < 12; seed++) {
      const { image, masks: [mask], boxes, label } = transform.apply(given, new Generator(seed));
      assertEquals(label, 3);
      assertEquals(image, step.apply(given.image, new Generator(seed)));
      assertEquals([mask!.width, mask!.height, boxes.canvasSize], [image.width, image.height, [
        image.height,
        image.width,
      ]]);
      assert(mask instanceof Mask && new Set(mask.data).isSubsetOf(new Set([0, 7])));
      const around = boxAround(mask, 0), [box] = boxes.rows();
      if (around === null) continue;
      // Pixels round borders, displacements are inverted by approximation.
      const tolerance = name === "ElasticTransform" ? 4 : 1.5;
      around.forEach((v, k) =>
        assert(Math.abs(v - box![k]!) <= tolerance, `${seed}: ${around} beside ${box}`)
      );
    }
  });
}

Deno.test("TransformSample() changes the colors of images alone", () => {
  const given = sample();
  const steps: ColorTransform[] = [
    new ColorJitter({ brightness: [0.5, 0.5] }),
    new RandomPhotometricDistort({ p: 1, brightness: [0.5, 0.5] }),
  ];
  for (const step of steps) {
    const { image, masks, boxes } = new TransformSample([step]).apply(given, new Generator(1));
    assert(image.data.some((v, i) => v !== given.image.data[i]));
    assert(masks[0] === given.masks[0] && boxes === given.boxes);
  }
});

Deno.test("TransformSample() goes into RandomApply, and takes samples without images", () => {
  const flip = new TransformSample([new RandomHorizontalFlip(1)]);
  const given = { boxes: sample().boxes };
  assertEquals(new RandomApply([flip], 0).apply(given), given);
  assertEquals(flip.apply(given).boxes.rows(), [[18, 10, 36, 26]]);
  assertEquals(flip.apply({ label: 2 }), { label: 2 });
});

Deno.test("TransformSample() refuses steps and samples whose boxes cannot follow", () => {
  const lambda = new Lambda((image: Image) => image) as unknown as ColorTransform;
  assertThrows(() => new TransformSample([lambda]), TypeError, "cannot follow Lambda");
  const mirrored = new TransformSample([new Pad(3, 0, "reflect")]);
  assertThrows(() => mirrored.apply(sample()), TypeError, 'current mode is "reflect"');
  const flip = new TransformSample([new RandomHorizontalFlip(1)]);
  const other = { ...sample(), image: new Image(2, 2, 1, new Uint8Array(4)) };
  assertThrows(() => flip.apply(other), RangeError, "2x2 and 48x40");
});
