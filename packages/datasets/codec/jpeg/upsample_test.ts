import { assertEquals } from "@std/assert";
import { upsample } from "./upsample.ts";

/** Upsamples a plane given as `rows`; returns rows of the resulting stride. */
function enlarged(rows: readonly (readonly number[])[], across: number, down: number): number[][] {
  const [width, height] = [rows[0]!.length, rows.length];
  const plane = { data: Uint8ClampedArray.from(rows.flat()), stride: width, width, height };
  const { data, stride } = upsample(plane, across, down, width * across, height * down);
  return Array.from({ length: height * down }, (_, y) => [...data.subarray(y * stride, (y + 1) * stride)]);
}

const ROWS = [[0, 80, 40], [8, 16, 200]];

Deno.test("upsample() repeats samples where libjpeg does: by 3 and 4, and of planes of two columns", () => {
  assertEquals(enlarged(ROWS, 1, 1), ROWS);
  for (const [across, down] of [[3, 1], [4, 1], [1, 3], [4, 2], [2, 4], [3, 3]] as const) {
    const repeated = ROWS.flatMap((row) =>
      Array.from({ length: down }, () => row.flatMap((value) => new Array<number>(across).fill(value)))
    );
    assertEquals(enlarged(ROWS, across, down), repeated, `${across} x ${down}`);
  }
  assertEquals(enlarged([[0, 80]], 2, 1), [[0, 0, 80, 80]]);
  assertEquals(enlarged([[0, 80]], 2, 2), [[0, 0, 80, 80], [0, 0, 80, 80]]);
});

Deno.test("upsample() blends three quarters of a sample with a quarter of its neighbor, by alternating roundings", () => {
  assertEquals(enlarged([[0, 80, 41]], 2, 1), [[0, 20, 60, 70, 51, 41]]);
  assertEquals(enlarged([[0, 80, 42]], 1, 2), [[0, 80, 42], [0, 80, 42]]);
  // (3 x + neighbor + 1) / 4 in the upper half, and + 2 in the lower half.
  assertEquals(enlarged(ROWS, 1, 2), [[0, 80, 40], [2, 64, 80], [6, 32, 160], [8, 16, 200]]);
  const blended = enlarged(ROWS, 2, 2);
  assertEquals([blended.length, blended[0]!.length], [4, 6]);
  // Weights of 9, 3, 3 and 1 sixteenths, with 8 or 7 added for rounding.
  assertEquals(blended[1]!.slice(0, 3), [
    (4 * 8 + 8) >> 4,
    (9 * 0 + 3 * 80 + 3 * 8 + 16 + 7) >> 4,
    (9 * 80 + 3 * 0 + 3 * 16 + 8 + 8) >> 4,
  ]);
});
