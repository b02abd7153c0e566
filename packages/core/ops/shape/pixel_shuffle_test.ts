import { assertEquals, assertThrows } from "@std/assert";
import { arange, Device, pixelShuffle, pixelUnshuffle, ReferenceBackend } from "../../mod.ts";

const device = new Device(new ReferenceBackend());

Deno.test("pixelUnshuffle() undoes pixelShuffle()", () => {
  const x = arange(0, 48, 1, { device }).reshape([2, 8, 1, 3]);
  const y = pixelShuffle(x, 2);
  assertEquals(y.shape, [2, 2, 2, 6]);
  assertEquals(pixelUnshuffle(y, 2).tolist(), x.tolist());
});

Deno.test("pixelShuffle() and pixelUnshuffle() say what does not fit", () => {
  const x = arange(0, 12, 1, { device }).reshape([3, 2, 2]);
  assertThrows(() => pixelShuffle(x, 2), RangeError, "current shape is [3, 2, 2], factor is 2");
  assertThrows(() => pixelUnshuffle(x, 3), RangeError, "[..., c, h * r, w * r]");
});
