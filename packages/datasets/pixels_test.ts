import { assertEquals, assertInstanceOf, assertStrictEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import { body, expr } from "@troodon/core/kernel";
import { collate } from "./collate.ts";
import { Subset } from "./combine/subset.ts";
import { type Channels, Image } from "./image.ts";
import { DataLoader } from "./loader/data_loader.ts";
import { NdArray } from "./nd_array.ts";
import { Pixels } from "./pixels.ts";
import { LabeledImages } from "./sets/labeled_images.ts";
import { Compose } from "./transforms/compose.ts";
import { RandomCrop } from "./transforms/crops.ts";
import { Elementwise } from "./transforms/elementwise.ts";
import { Normalize } from "./transforms/normalize.ts";
import { ToTensor } from "./transforms/to_tensor.ts";

/** Counts kernels, and the bytes that are written; may say that it rounds each step, which it does not. */
class CountingBackend extends ReferenceBackend {
  launches = 0;
  written = 0;
  override readonly limits: ReferenceBackend["limits"];

  constructor(roundsSteps: boolean) {
    super();
    this.limits = { dtypes: ["float32", "uint8", "int32"], bufferBytes: 2 ** 20, roundsSteps };
  }

  override launch(...args: Parameters<ReferenceBackend["launch"]>): void {
    this.launches++;
    super.launch(...args);
  }

  override write(...args: Parameters<ReferenceBackend["write"]>): void {
    this.written += args[1].length;
    super.write(...args);
  }
}

const CHOSEN = [5, 1, 2, 2];

function images(channels: Channels, ...steps: readonly Elementwise[]) {
  const images = Uint8Array.from({ length: 6 * 20 * channels }, (_, i) => (i * 37) % 256);
  const labels = Uint8Array.of(0, 1, 2, 3, 4, 5);
  const start = new Compose([new RandomCrop([4, 5]), new ToTensor()]);
  const transform = steps.length > 0 ? new Compose([start, ...steps]) : start;
  return new LabeledImages({ images, labels, height: 4, width: 5, channels }, { transform });
}

/** Kernels and bytes of pixels that a batch of two takes; checks its numbers against those of samples. */
async function costOf(dataset: ReturnType<typeof images>, roundsSteps = true): Promise<readonly number[]> {
  const backend = new CountingBackend(roundsSteps);
  const loader = new DataLoader(new Subset(dataset, CHOSEN), { batchSize: 2, device: new Device(backend) });
  const samples = CHOSEN.map((i) => dataset.get(i).image);
  let index = 0;
  for await (using batch of loader) {
    const { image } = batch, expected = samples.slice(index, index += 2).flatMap(({ data }) => [...data]);
    assertEquals([image.dtype, ...image.shape], ["float32", 2, ...samples[0]!.shape]);
    assertEquals([...image.dataSync()], expected);
  }
  // Two batches; labels are int32.
  return [backend.launches / 2, backend.written / 2 - 2 * 4];
}

for (const channels of [1, 3] as const) {
  const bytes = 2 * 20 * channels;

  Deno.test(`Pixels of ${channels} channels are calculated by a device that rounds each step`, async () => {
    // Powers of 2 add no rounding, so that the reference has the same bits.
    const quarter = new Elementwise((x) => expr.div(x, 4));
    assertEquals(await costOf(images(channels, quarter)), [1, bytes]);
    const different = new Elementwise((x, channel) => expr.mul(x, 2 ** channel));
    assertEquals(await costOf(images(channels, quarter, different)), [channels, bytes]);
  });

  Deno.test(`Pixels of ${channels} channels are calculated on the host where bits could differ`, async () => {
    const normalize = new Normalize(
      [0.1307, 0.2, 0.3].slice(0, channels),
      [0.3081, 0.4, 0.5].slice(0, channels),
    );
    assertEquals(await costOf(images(channels, normalize), false), [0, 4 * bytes]);
    // A product that may be joined with a sum, and a function that devices approximate.
    const joined = new Elementwise((x) => expr.add(expr.mul(x, 3), 1));
    assertEquals(await costOf(images(channels, joined)), [0, 4 * bytes]);
    assertEquals(await costOf(images(channels, new Elementwise((x) => expr.exp(x)))), [0, 4 * bytes]);
  });
}

Deno.test("Pixels.data has the bits of float32 arithmetic, channel by channel", () => {
  const image = new Image(2, 1, 3, Uint8Array.of(1, 2, 3, 253, 254, 255));
  const pixels = new Compose([new ToTensor(), new Normalize([0.4, 0.5, 0.6], [0.1, 0.2, 0.3])]).apply(image);
  const { fround } = Math;
  const expected = [1, 253, 2, 254, 3, 255].map((byte, i) => {
    const channel = Math.floor(i / 2);
    const mean = fround([0.4, 0.5, 0.6][channel]!), std = fround([0.1, 0.2, 0.3][channel]!);
    return fround(fround(fround(byte / 255) - mean) / std);
  });
  assertEquals([...pixels.data], expected);
  assertStrictEquals(pixels.data, pixels.data);
});

Deno.test("Pixels of a batch are bytes, channel by channel", () => {
  const image = (first: number) => new Image(2, 1, 3, Uint8Array.from({ length: 6 }, (_, i) => first + i));
  const toTensor = new ToTensor(), single = toTensor.apply(image(1));
  assertEquals([single.interleaved, ...single.bytes], [true, 1, 2, 3, 4, 5, 6]);
  assertEquals([...single.planes], [1, 4, 2, 5, 3, 6]);
  const batch = collate([single, toTensor.apply(image(11))]);
  assertInstanceOf(batch, Pixels);
  assertEquals(batch.shape, [2, 3, 1, 2]);
  assertEquals([...batch.bytes], [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16]);
  assertEquals([...batch.data], [...batch.bytes].map((byte) => Math.fround(byte / 255)));
});

Deno.test("Pixels of different expressions, and arrays among them, are collated as numbers", () => {
  const x = new ToTensor().apply(new Image(2, 1, 1, Uint8Array.of(0, 255)));
  const again = new Normalize([0.5], [0.5]), half = new Normalize([0.5], [0.5]);
  assertInstanceOf(collate([half.apply(x), again.apply(x)]), Pixels);
  for (const other of [x, new NdArray(Float32Array.of(0, 1), [1, 1, 2])]) {
    assertEquals(
      collate([half.apply(x), other]),
      new NdArray(Float32Array.of(-1, 1, 0, 1), [2, 1, 1, 2]),
    );
  }
});

Deno.test("Pixels refuse bodies and bytes that do not match their shape", () => {
  const bodies = [body(expr.input(0))], bytes = new Uint8Array(4);
  assertThrows(() => new Pixels(bytes, { shape: [1, 2, 3], bodies }), RangeError, "needs 6 elements");
  assertThrows(() => new Pixels(bytes, { shape: [2, 2, 1], bodies }), RangeError, "[2, 2, 1], with 1 bodies");
  const several = { shape: [2, 1, 2, 1], bodies, interleaved: true };
  assertThrows(() => new Pixels(bytes, several), RangeError, "current shape is [2, 1, 2, 1]");
});

Deno.test("Image.toTensor() gives numbers in [0, 1], channel by channel", () => {
  const device = new Device(new ReferenceBackend());
  using x = new Image(1, 2, 3, Uint8Array.of(0, 51, 255, 255, 0, 51)).toTensor(device);
  assertEquals([x.dtype, ...x.shape], ["float32", 3, 2, 1]);
  const fifth = Math.fround(0.2);
  assertEquals(x.tolist(), [[[0], [1]], [[fifth], [0]], [[1], [fifth]]]);
});
