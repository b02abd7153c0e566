import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { arange, Device, ReferenceBackend, tensor } from "../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 6, 1, { device }).reshape([2, 3]);

Deno.test("flip() runs backwards without a copy", () => {
  assertEquals(x.flip([0, 1]).tolist(), [[5, 4, 3], [2, 1, 0]]);
  assertEquals(x.flip(-1).flip(-1).tolist(), x.tolist());
  assertStrictEquals(x.flip(0).storage, x.storage);
  assertEquals(tensor([], { device }).flip(0).tolist(), []);
  assertThrows(() => x.flip([0, -2]), RangeError, "each dim may appear once");
});

Deno.test("roll() moves around the ends", () => {
  assertEquals(x.roll(1, 1).tolist(), [[2, 0, 1], [5, 3, 4]]);
  assertEquals(x.roll([-4, 1], [1, 0]).tolist(), [[4, 5, 3], [1, 2, 0]]);
  assertEquals(x.roll(2).tolist(), [[4, 5, 0], [1, 2, 3]]);
  assertThrows(() => x.roll([1, 2], 0), RangeError, "a whole shift for each dim");
});
