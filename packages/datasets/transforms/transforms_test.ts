import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { expr } from "@troodon/core/kernel";
import { type Channels, Image } from "../image.ts";
import { NdArray } from "../nd_array.ts";
import { Pixels } from "../pixels.ts";
import { Compose } from "./compose.ts";
import { Elementwise } from "./elementwise.ts";
import { Grayscale } from "./grayscale.ts";
import { Lambda } from "./lambda.ts";
import { Normalize } from "./normalize.ts";
import { Pad } from "./pad.ts";
import type { Interpolation } from "../imaging/common.ts";
import { Resize } from "./resize.ts";
import { ToTensor } from "./to_tensor.ts";

interface Case {
  readonly width: number;
  readonly height: number;
  readonly filter: Interpolation;
  readonly pixels: readonly number[];
}

const reference: {
  readonly source_pixels: { readonly pixels: readonly number[] };
  readonly resize: Readonly<Record<string, Case>>;
  readonly grey_L: readonly number[];
} = JSON.parse(Deno.readTextFileSync(new URL("../testdata/transforms.json", import.meta.url)));
const photo = new Image(64, 48, 3, new Uint8Array(reference.source_pixels.pixels));

for (const [name, { width, height, filter, pixels }] of Object.entries(reference.resize)) {
  Deno.test(`Resize gives Pillow's bytes for ${name}`, () => {
    assertEquals([...new Resize([height, width], filter).apply(photo).data], [...pixels]);
  });
}

Deno.test("Resize by one number keeps the ratio of the sides", () => {
  const small = new Resize(24).apply(photo);
  assertEquals([small.width, small.height], [32, 24]);
  const { pixels } = reference.resize["bilinear_32x24"]!;
  assertEquals([...small.data], [...pixels]);
  const tall = new Resize(10).apply(new Image(20, 50, 1, new Uint8Array(1000)));
  assertEquals([tall.width, tall.height], [10, 25]);
  assertEquals(new Resize(48).apply(photo), photo);
  assertThrows(() => new Resize([0, 3]), RangeError, "positive integers");
});

Deno.test("Grayscale gives Pillow's bytes", () => {
  assertEquals([...new Grayscale().apply(photo).data], [...reference.grey_L]);
  const three = new Grayscale({ channels: 3 }).apply(photo);
  assertEquals([...three.data.subarray(0, 6)], [147, 147, 147, 150, 150, 150]);
});

Deno.test("Image.convert() adds and drops channels", () => {
  const pixel = (channels: Channels, ...data: number[]): Image =>
    new Image(1, 1, channels, new Uint8Array(data));
  assertEquals(pixel(1, 9).convert(4), pixel(4, 9, 9, 9, 255));
  assertEquals(pixel(2, 9, 5).convert(4), pixel(4, 9, 9, 9, 5));
  assertEquals(pixel(2, 9, 5).convert(1), pixel(1, 9));
  assertEquals(pixel(4, 1, 2, 3, 4).convert(3), pixel(3, 1, 2, 3));
  assertEquals(pixel(4, 9, 9, 9, 4).convert(2), pixel(2, 9, 4));
  for (let gray = 0; gray < 256; gray++) assertEquals(pixel(1, gray).convert(3).convert(1), pixel(1, gray));
  assertThrows(() => pixel(3, 1, 2), RangeError, "needs 3 samples: current data has 2");
});

Deno.test("Pad surrounds an image with one color", () => {
  const image = new Image(2, 1, 3, new Uint8Array([1, 2, 3, 4, 5, 6]));
  const padded = new Pad([1, 0, 0, 1], [7, 8, 9]).apply(image);
  assertEquals([padded.width, padded.height], [3, 2]);
  assertEquals([...padded.data], [7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 8, 9, 7, 8, 9]);
  assertEquals(new Pad(2).apply(image).data.length, 6 * 5 * 3);
  assertThrows(() => new Pad(-1), RangeError, "nonnegative integers");
  assertThrows(() => new Pad(1, 256), RangeError, "current fill is 256");
  assertThrows(() => new Pad(1, [1, 2]).apply(image), RangeError, "one value for each");
});

Deno.test("ToTensor puts channels first and divides by 255", () => {
  const { data, shape } = new ToTensor().apply(
    new Image(2, 1, 3, new Uint8Array([0, 51, 102, 153, 204, 255])),
  );
  assertEquals(shape, [3, 1, 2]);
  assertEquals([...data], [0, 153, 51, 204, 102, 255].map((x) => Math.fround(x / 255)));
});

Deno.test("Normalize calculates in float32, as PyTorch does", () => {
  const x = new NdArray(new Float32Array([0.1, 0.9]), [1, 1, 2]);
  const expected = [0.1, 0.9].map((v) =>
    Math.fround(Math.fround(Math.fround(v) - Math.fround(0.1307)) / Math.fround(0.3081))
  );
  assertEquals([...new Normalize([0.1307], [0.3081]).apply(x).data], expected);
  assertThrows(() => new Normalize([1], [0]), RangeError, "positive");
  assertThrows(() => new Normalize([1, 2], [1]), RangeError, "as many numbers");
  assertThrows(() => new Normalize([1, 2], [1, 1]).apply(x), RangeError, "must have 2 channels");
});

Deno.test("Compose runs its steps in order", () => {
  const steps = new Compose([new Lambda((x: number) => x + 1), new Lambda((x: number) => `${x * 2}`)]);
  const result: string = steps.apply(3);
  assertEquals(result, "8");
});

Deno.test("Elementwise gives of bytes and of numbers the same", () => {
  const step = new Elementwise((x, channel) => expr.max(expr.sub(expr.mul(x, channel + 1), 0.3), 0.1));
  const bytes = new ToTensor().apply(photo);
  const numbers = new NdArray(bytes.data, bytes.shape);
  assertInstanceOf(step.apply(bytes), Pixels);
  assertInstanceOf(step.apply(numbers), NdArray);
  assertEquals(step.apply(bytes).data, step.apply(numbers).data);
  assertEquals(
    [...step.apply(new NdArray(Float32Array.of(1, 0, 1, 0), [2, 1, 2])).data],
    [1 - 0.3, 0.1, 2 - 0.3, 0.1].map(Math.fround),
  );
});

Deno.test("Elementwise refuses expressions of more than the element", () => {
  const x = new ToTensor().apply(photo);
  for (const other of [expr.input(1), expr.scalar(0), expr.coordinate(0), expr.random()]) {
    const step = new Elementwise((x) => expr.add(x, other));
    for (const input of [x, new NdArray(x.data, x.shape)]) {
      assertThrows(() => step.apply(input), TypeError, "must depend on the element alone");
    }
  }
});
