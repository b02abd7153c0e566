import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { arange, Device, diag, ones, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 6, 1, { device }).reshape([2, 3]);

Deno.test("diagonal() looks along a diagonal", () => {
  assertEquals(x.diagonal().tolist(), [0, 4]);
  assertEquals(x.diagonal(1).tolist(), [1, 5]);
  assertEquals(x.diagonal(-1).tolist(), [3]);
  assertEquals(x.diagonal(7).tolist(), []);
  assertEquals(x.reshape([1, 2, 3]).diagonal(0, -2, -1).tolist(), [[0, 4]]);
  assertStrictEquals(x.diagonal().storage, x.storage);
  assertThrows(() => x.diagonal(0, 1, -1), RangeError, "dims must be two axes");
});

Deno.test("diag() goes both ways", () => {
  assertEquals(diag(tensor([1, 2], { device }), 1).tolist(), [[0, 1, 0], [0, 0, 2], [0, 0, 0]]);
  assertEquals(diag(x, -1).tolist(), [3]);
  assertThrows(() => diag(x.unsqueeze(0)), RangeError, "a vector or a matrix");
});

Deno.test("tril() and triu() keep a triangle", () => {
  assertEquals(x.tril().tolist(), [[0, 0, 0], [3, 4, 0]]);
  assertEquals(x.triu(-1).tolist(), x.tolist());
  assertEquals(x.t().triu().tolist(), [[0, 3], [0, 4], [0, 0]]);
  assertEquals(x.reshape([1, 2, 3]).tril(-1).tolist(), [[[0, 0, 0], [3, 0, 0]]]);
  assertEquals(x.tril().dtype, "int32");
  assertThrows(() => x.select(0, 0).tril(), RangeError, "there must be matrices");
});

Deno.test("triu() of bool is bool", () => {
  const mask = ones([2, 2], { device, dtype: "bool" }).triu(1);
  assertEquals([mask.dtype, mask.tolist()], ["bool", [[false, true], [false, false]]]);
});
