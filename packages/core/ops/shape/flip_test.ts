import { assertEquals, assertThrows } from "@std/assert";
import { arange, Device, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 6, 1, { device }).reshape([2, 3]);

Deno.test("flip() runs backwards, as a copy", () => {
  assertEquals(x.flip([0, 1]).tolist(), [[5, 4, 3], [2, 1, 0]]);
  assertEquals(x.flip(-1).flip(-1).tolist(), x.tolist());
  assertEquals(x.t().flip(0).tolist(), [[2, 5], [1, 4], [0, 3]]);
  assertEquals(x.flip(0).storage === x.storage, false);
  assertEquals(tensor([], { device }).flip(0).tolist(), []);
  assertThrows(() => x.flip([0, -2]), RangeError, "each dim may appear once");
});

Deno.test("roll() moves around the ends", () => {
  assertEquals(x.roll(1, 1).tolist(), [[2, 0, 1], [5, 3, 4]]);
  assertEquals(x.roll([-4, 1], [1, 0]).tolist(), [[4, 5, 3], [1, 2, 0]]);
  assertEquals(x.roll(2).tolist(), [[4, 5, 0], [1, 2, 3]]);
  assertThrows(() => x.roll([1, 2], 0), RangeError, "a whole shift for each dim");
});

Deno.test("rot90() turns by quarters in the plane of two axes", () => {
  assertEquals(x.rot90().tolist(), [[2, 5], [1, 4], [0, 3]]);
  assertEquals(x.rot90(-1).tolist(), [[3, 0], [4, 1], [5, 2]]);
  assertEquals(x.rot90(3).tolist(), x.rot90(-1).tolist());
  assertEquals(x.rot90(2).tolist(), [[5, 4, 3], [2, 1, 0]]);
  assertEquals(x.rot90(1, [1, 0]).tolist(), x.rot90(-1).tolist());
  assertThrows(() => x.rot90(1, [0, 0]), RangeError, "two axes to turn in");
  assertThrows(() => x.rot90(1, [0]), RangeError, "dims are [0]");
  assertThrows(() => x.rot90(0.5), RangeError, "k is 0.5");
});

Deno.test("fliplr() and flipud() want an axis to flip", () => {
  assertEquals(x.fliplr().tolist(), [[2, 1, 0], [5, 4, 3]]);
  assertEquals(x.flipud().tolist(), [[3, 4, 5], [0, 1, 2]]);
  assertThrows(() => x.at(0).fliplr(), RangeError, "at least 2 axes: current shape is [3]");
  assertThrows(() => x.at(0, 0).flipud(), RangeError, "at least 1 axes: current shape is []");
});
