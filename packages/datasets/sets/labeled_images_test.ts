import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Generator } from "@troodon/core";
import { collate } from "../collate.ts";
import { type Collate, fetchBatch } from "../loader/fetch_batch.ts";
import { Image } from "../image.ts";
import { type ImageSample, LabeledImages } from "./labeled_images.ts";
import { NdArray } from "../nd_array.ts";
import { Subset } from "../combine/subset.ts";
import { Compose } from "../transforms/compose.ts";
import { CenterCrop, FiveCrop, RandomCrop } from "../transforms/crops.ts";
import { Grayscale } from "../transforms/grayscale.ts";
import { Lambda } from "../transforms/lambda.ts";
import { Normalize } from "../transforms/normalize.ts";
import { Pad } from "../transforms/pad.ts";
import { ToTensor } from "../transforms/to_tensor.ts";
import type { AnyTransform } from "../transforms/transform.ts";

const data = {
  images: Uint8Array.from({ length: 5 * 3 * 4 }, (_, i) => i * 37),
  labels: new Uint8Array([3, 1, 4, 1, 5]),
  height: 3,
  width: 4,
};
const samples = [4, 0, 0, 2];

Deno.test("LabeledImages.get() gives images and labels", () => {
  const dataset = new LabeledImages(data);
  assertEquals(dataset.length, 5);
  assertEquals(dataset.get(1), { image: new Image(4, 3, 1, data.images.subarray(12, 24)), label: 1 });
  assertEquals(new LabeledImages(data, { targetTransform: (x) => x % 2 }).get(2).label, 0);
  for (const index of [-1, 5, 0.5]) {
    assertThrows(() => dataset.get(index), RangeError, `current index is ${index}`);
  }
});

Deno.test("LabeledImages.getBatch() gives, bit for bit, what collating the samples gives", () => {
  const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
  const dataset = new LabeledImages(data, { transform, targetTransform: (label) => label + 10 });
  const batch = dataset.getBatch(samples);
  assertEquals(batch, collate(samples.map((i) => dataset.get(i))));
  assertEquals(batch.image.shape, [4, 1, 3, 4]);
  assertEquals([...batch.label.data], [15, 13, 13, 14]);
});

Deno.test("LabeledImages.getBatch() gives bytes without a transform", () => {
  const dataset = new LabeledImages(data);
  assertEquals(dataset.getBatch(samples), collate(samples.map((i) => dataset.get(i))));
  assertEquals(dataset.getBatch(samples).image.dtype, "uint8");
  assertThrows(() => dataset.getBatch([0, 5]), RangeError, "current index is 5");
});

Deno.test("LabeledImages.getBatch() changes each image by its own generator", () => {
  for (
    const first of [
      new RandomCrop([3, 4], { padding: 2 }),
      new RandomCrop([5, 3], { padding: 3, fill: [200] }),
      new RandomCrop(6, { padIfNeeded: true, fill: 9 }),
      new RandomCrop(4, { padding: 2, paddingMode: "edge" }),
      new Compose([new Pad(1), new RandomCrop(4)]),
    ]
  ) {
    const transform = new Compose([first, new ToTensor(), new Normalize([0.1307], [0.3081])]);
    const subset = new Subset(new LabeledImages(data, { transform }), [3, 1, 1, 1]);
    const plan = { number: 0, indices: [1, 0, 3, 2], positions: [4, 5, 6, 7] };
    const fetch = (make?: Collate<ImageSample<NdArray>, unknown>) =>
      fetchBatch(subset, plan, new Generator(6), make) as { readonly image: NdArray };
    const batch = fetch();
    assertEquals(batch, fetch(collate));
    const { data: pixels } = batch.image;
    const image = (i: number) => pixels.slice(i * pixels.length / 4, (i + 1) * pixels.length / 4);
    // The same image, but other samples of the subset.
    assertNotEquals(image(0), image(2));
  }
});

Deno.test("LabeledImages.getBatch() gives what any transform makes, and refuses several sizes", () => {
  const of = (...steps: [AnyTransform, ...AnyTransform[]]) =>
    new LabeledImages(data, { transform: new Compose(steps) });
  const erased = new Lambda(({ data, shape }: NdArray<Float32Array>) => new NdArray(data.with(0, 7), shape));
  const some = new Lambda((x: NdArray<Float32Array>) => x.data[0] === 0 ? x : erased.apply(x));
  for (
    const dataset of [
      of(new Pad(1)),
      of(new Grayscale({ channels: 3 }), new ToTensor()),
      of(new ToTensor(), erased, new Normalize([0.1], [0.2])),
      of(new ToTensor(), some),
      of(new FiveCrop(2)),
      of(new Lambda(({ width }: Image) => ({ width, half: width + 0.5 }))),
    ]
  ) assertEquals<unknown>(dataset.getBatch(samples), collate(samples.map((i) => dataset.get(i))));
  let size = 0;
  const growing = new Lambda((image: Image) => new CenterCrop(1 + size++).apply(image));
  const several = of(growing, new ToTensor());
  assertThrows(() => several.getBatch([0, 1]), RangeError, "current shapes are [1, 1, 1] and [1, 2, 2]");
});

Deno.test("LabeledImages refuses images and labels that do not match", () => {
  assertThrows(() => new LabeledImages({ ...data, height: 4 }), RangeError, "5x4x4");
});
