import { assert, assertEquals, assertThrows } from "@std/assert";
import { Image } from "../image.ts";
import { Pad } from "../transforms/pad.ts";
import type { Fill } from "./common.ts";
import * as imaging from "./mod.ts";

const rgb = new Image(
  17,
  13,
  3,
  Uint8Array.from({ length: 17 * 13 * 3 }, (_, i) => (i * 37 + (i >> 4)) % 251),
);

Deno.test("imaging leaves alpha alone where it changes colors", () => {
  const image = new Image(2, 1, 4, new Uint8Array([10, 20, 30, 40, 50, 60, 70, 80]));
  const changed = [
    imaging.invert(image),
    imaging.adjustBrightness(image, 0.5),
    imaging.adjustHue(image, 0.3),
    imaging.autocontrast(image),
  ];
  for (const { data } of changed) {
    assertEquals([data[3], data[7]], [40, 80]);
    assert(data[0] !== 10);
  }
  assertEquals(imaging.hflip(image).data[3], 80);
  assertEquals(imaging.rotate(image, 180).data[3], 80);
});

Deno.test("imaging says what is wrong with its arguments", () => {
  const image = rgb;
  assertThrows(() => imaging.affine(image, { scale: 0 }), RangeError, "current scale is 0");
  assertThrows(() => imaging.rotate(image, 3, { fill: [1] }), RangeError, "3 channels: current fill is [1]");
  assertThrows(() => imaging.adjustHue(image, 0.6), RangeError, "in [-0.5, 0.5]");
  assertThrows(() => imaging.adjustContrast(image, -1), RangeError, "must not be negative");
  assertThrows(() => imaging.posterize(image, 9), RangeError, "current bits is 9");
  assertThrows(() => imaging.gaussianBlur(image, 4), RangeError, "odd positive");
  assertThrows(() => imaging.gaussianBlur(image, 3, 0), RangeError, "sigmas must be positive");
  assertThrows(() => imaging.gaussianBlur(image, 27, 1), RangeError, "smaller than the image");
  assertThrows(() => imaging.elastic(image, { dx: [0], dy: [0] }), RangeError, "221 displacements");
  const line = [[0, 0], [1, 1], [2, 2], [3, 0]] as const;
  const from = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;
  assertThrows(() => imaging.perspective(image, { from, to: line }), RangeError, "one line");
});

Deno.test("crop() shows what padding and then cutting shows, beyond the borders too", () => {
  for (const channels of [1, 3] as const) {
    const data = Uint8Array.from({ length: 12 * channels }, (_, i) => i + 1);
    const image = new Image(4, 3, channels, data);
    const wide = (fill: Fill) => new Pad(12, fill).apply(image);
    const fills = [0, 200, Array.from({ length: channels }, (_, c) => 90 + c)];
    for (const fill of fills) {
      for (let top = -5; top <= 5; top++) {
        for (let left = -6; left <= 6; left++) {
          for (const [height, width] of [[3, 4], [1, 4], [4, 4], [2, 3], [4, 5]] as const) {
            const expected = imaging.crop(wide(fill), { top: top + 12, left: left + 12, height, width });
            assertEquals(imaging.crop(image, { top, left, height, width }, fill), expected);
          }
        }
      }
    }
  }
  assertThrows(
    () => imaging.crop(rgb, { top: 0, left: 0, height: 1, width: 1 }, [1]),
    RangeError,
    "3 channels",
  );
});
