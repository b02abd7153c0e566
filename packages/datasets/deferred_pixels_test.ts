import { assertEquals, assertInstanceOf } from "@std/assert";
import { Device, type Expr, expr, ReferenceBackend } from "@troodon/core";
import { collate } from "./collate.ts";
import { DataLoader } from "./loader/data_loader.ts";
import { DeferredPixels } from "./deferred_pixels.ts";
import type { Channels, Image } from "./image.ts";
import { LabelledImages } from "./sets/labelled_images.ts";
import { NdArray } from "./nd_array.ts";
import { Subset } from "./combine/subset.ts";
import { Compose } from "./transforms/compose.ts";
import { RandomCrop } from "./transforms/crops.ts";
import { Lambda } from "./transforms/lambda.ts";
import { Normalize } from "./transforms/normalize.ts";
import { ToTensor } from "./transforms/to_tensor.ts";
import type { Transform } from "./transforms/transform.ts";

class CountingBackend extends ReferenceBackend {
  launches = 0;

  override launch(...args: Parameters<ReferenceBackend["launch"]>): void {
    this.launches++;
    super.launch(...args);
  }
}

/** Exact in any arithmetic: twice the byte, and `step` more in each channel. */
class Twice implements Transform<Image, NdArray<Float32Array>> {
  readonly pointwise = true;
  readonly step: number;
  readonly wrong: number;

  constructor(step: number, wrong = 0) {
    this.step = step;
    this.wrong = wrong;
  }

  apply({ width, height, channels, data }: Image): NdArray<Float32Array> {
    const size = width * height;
    const out = Float32Array.from({ length: data.length }, (_, i) => {
      const c = Math.floor(i / size);
      return 2 * data[(i % size) * channels + c]! + c * this.step;
    });
    return new NdArray(out, [channels, height, width]);
  }

  expression(x: Expr, channel: number): Expr {
    return expr.add(expr.mul(x, 2), channel * this.step + this.wrong);
  }
}

function images<T>(channels: Channels, transform: Transform<Image, T>): LabelledImages<T> {
  const images = Uint8Array.from({ length: 6 * 20 * channels }, (_, i) => (i * 37) % 256);
  const labels = Uint8Array.of(0, 1, 2, 3, 4, 5);
  return new LabelledImages({ images, labels, height: 4, width: 5, channels }, { transform });
}

/** Kernels that a batch takes, after one before it; checks its pixels against those of samples. */
async function launchesOf(dataset: LabelledImages<NdArray<Float32Array>>): Promise<number> {
  const backend = new CountingBackend();
  const loader = new DataLoader(new Subset(dataset, [5, 1, 2, 2]), {
    batchSize: 2,
    device: new Device(backend),
  });
  let launches = 0, index = 0;
  const expected = collate([5, 1, 2, 2].map((i) => dataset.get(i))).image;
  const size = expected.data.length / 4;
  for await (using batch of loader) {
    const { image } = batch, { shape, dtype } = image;
    assertEquals([dtype, ...shape], ["float32", 2, ...expected.shape.slice(1)]);
    launches = backend.launches;
    assertEquals(
      new Uint32Array(image.dataSync().buffer),
      new Uint32Array(expected.data.slice(index * size, (index += 2) * size).buffer),
    );
    backend.launches = 0;
  }
  return launches;
}

for (const channels of [1, 3] as const) {
  Deno.test(`DeferredPixels of ${channels} channels are calculated by a device that has the same bits`, async () => {
    assertEquals(await launchesOf(images(channels, new Twice(0))), 1);
    assertEquals(await launchesOf(images(channels, new Twice(7))), channels);
    // A step before it that changes the image; this one changes nothing.
    assertEquals(await launchesOf(images(channels, new Compose([new RandomCrop([4, 5]), new Twice(0)]))), 1);
  });

  Deno.test(`DeferredPixels of ${channels} channels are looked up for other devices`, async () => {
    assertEquals(await launchesOf(images(channels, new Twice(7, 1e-4))), 0);
    // The reference calculates in float64.
    const mean = [0.1307, 0.2, 0.3].slice(0, channels), std = [0.3081, 0.4, 0.5].slice(0, channels);
    assertEquals(
      await launchesOf(images(channels, new Compose([new ToTensor(), new Normalize(mean, std)]))),
      0,
    );
    const silent = new Lambda(({ data, shape }: NdArray<Float32Array>) => new NdArray(data, shape), {
      pointwise: true,
    });
    assertEquals(await launchesOf(images(channels, new Compose([new Twice(0), silent]))), 0);
  });
}

Deno.test("LabelledImages.getBatch() defers only if it is asked to", () => {
  const dataset = images(1, new ToTensor());
  assertInstanceOf(dataset.getBatch([1], undefined, true)!.image, DeferredPixels);
  assertInstanceOf(dataset.getBatch([1])!.image, NdArray);
});
