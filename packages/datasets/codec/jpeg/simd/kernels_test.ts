import { assertEquals } from "@std/assert";
import { Generator } from "@troodon/core";
import { toImage } from "../color.ts";
import { inverseTransform } from "../idct.ts";
import { imageOf, type SubsampledPlane } from "../image_of.ts";
import { type Plane, upsample } from "../upsample.ts";
import { jpegKernels } from "./kernels.ts";

const random = new Generator(5);
const between = (low: number, high: number): number => low + random.integer(high - low);

/** Blocks of each kind that has its own code path; the last kind occurs in damaged files only. */
const BLOCKS: Readonly<Record<string, (i: number) => number>> = {
  "of one value": (i) => i === 0 ? between(-1000, 1000) : 0,
  "of one row": (i) => i < 8 ? between(-200, 200) : 0,
  "of few values": (i) => i === 0 || random.integer(5) === 0 ? between(-120, 120) : 0,
  "of large values": () => between(-32768, 32768),
};

for (const [name, value] of Object.entries(BLOCKS)) {
  Deno.test(`JpegKernels transform blocks ${name} to the samples of inverseTransform()`, () => {
    const kernels = jpegKernels()!, columns = 3, stride = 8 * columns;
    for (let turn = 0; turn < 200; turn++) {
      const coefficients = Int16Array.from({ length: 64 * columns }, (_, i) => value(i % 64));
      const table = Uint16Array.from(
        { length: 64 },
        () => between(1, name === "of large values" ? 65536 : 100),
      );
      const expected = new Uint8ClampedArray(64 * columns);
      for (let i = 0; i < columns; i++) {
        inverseTransform(coefficients, 64 * i, table, expected, 8 * i, stride);
      }
      const memory = kernels.reserve(4096);
      memory.set(new Uint8Array(table.buffer), 0);
      memory.set(new Uint8Array(coefficients.buffer), 128);
      kernels.run.inverseTransform(128, 0, 2048, stride, columns);
      assertEquals([...memory.subarray(2048, 2048 + expected.length)], [...expected]);
    }
  });
}

Deno.test("imageOf() gives the pixels of upsample() and toImage() for colors of any sampling", () => {
  const sizes = [[1, 1], [3, 2], [7, 5], [16, 16], [17, 33], [40, 19], [100, 50]] as const;
  for (const [across, down] of [[1, 1], [2, 1], [2, 2], [1, 2], [4, 1]] as const) {
    for (const [width, height] of sizes) {
      const planeOf = (across: number, down: number): SubsampledPlane => {
        const plane = { width: Math.ceil(width / across), height: Math.ceil(height / down) };
        const stride = 8 * Math.ceil(plane.width / 8) + 8;
        const data = Uint8ClampedArray.from({ length: stride * (plane.height + 7) }, () => between(0, 256));
        return { plane: { ...plane, stride, data } satisfies Plane, across, down };
      };
      const planes = [planeOf(1, 1), planeOf(across, down), planeOf(across, down)];
      const wide = planes.map((p) => upsample(p.plane, p.across, p.down, width, height));
      assertEquals(imageOf(planes, { width, height }, "ycc"), toImage(wide, width, height, "ycc"));
    }
  }
});

Deno.test("JpegKernels hold images that are wider than their memory was", () => {
  const width = 40_000;
  const plane: Plane = { data: new Uint8ClampedArray(2 * width).fill(9), stride: width, width, height: 2 };
  const planes = [1, 1, 1].map(() => ({ plane, across: 1, down: 1 }));
  assertEquals(imageOf(planes, { width, height: 2 }, "ycc"), toImage([plane, plane, plane], width, 2, "ycc"));
});
