import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Device, expand, meshgrid, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1], [2]], { device });

Deno.test("expand() repeats without a copy", () => {
  const y = expand(x, [2, -1, 3]);
  assertEquals(y.tolist(), [[[1, 1, 1], [2, 2, 2]], [[1, 1, 1], [2, 2, 2]]]);
  assertStrictEquals(y.storage, x.storage);
  assertEquals(tensor(5, { device }).expand([0]).tolist(), []);
});

Deno.test("expand() refuses what does not repeat", () => {
  assertThrows(() => expand(x, [3, 1]), RangeError, "current shapes are [2, 1] and [3, 1]");
  assertThrows(() => expand(x, [2]), RangeError);
  assertThrows(() => expand(x, [-1, 2, 1]), RangeError);
});

Deno.test("expand() results cannot be written to", () => {
  assertThrows(() => expand(x, [2, 3]).add_(1), RangeError, "use clone()");
});

Deno.test("repeat() and tile() lay copies side by side", () => {
  assertEquals(x.repeat([1, 2, 2]).tolist(), [[[1, 1], [2, 2], [1, 1], [2, 2]]]);
  assertEquals(x.tile([2]).tolist(), [[1, 1], [2, 2]]);
  assertEquals(x.repeat([0, 1]).shape, [0, 1]);
  assertThrows(() => x.repeat([2]), RangeError);
});

Deno.test("repeatInterleave() repeats each element in its place", () => {
  const y = tensor([[1, 2]], { device });
  assertEquals(y.repeatInterleave(2, 1).tolist(), [[1, 1, 2, 2]]);
  assertEquals(y.repeatInterleave(2).tolist(), [1, 1, 2, 2]);
  assertEquals(tensor(7, { device }).repeatInterleave(2, 0).tolist(), [7, 7]);
});

Deno.test("meshgrid() indexes either way", () => {
  const [a, b] = [tensor([1, 2, 3], { device }), tensor([4, 5], { device })];
  assertEquals(meshgrid([a, b]).map((g) => g.shape), [[3, 2], [3, 2]]);
  assertEquals(meshgrid([a, b], { indexing: "xy" })[0]!.tolist(), [[1, 2, 3], [1, 2, 3]]);
  assertThrows(() => meshgrid([x]), RangeError);
});
