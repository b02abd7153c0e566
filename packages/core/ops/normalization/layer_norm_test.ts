import { assertEquals, assertThrows } from "@std/assert";
import {
  Device,
  groupNorm,
  instanceNorm,
  layerNorm,
  ones,
  ReferenceBackend,
  rmsNorm,
  tensor,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());

Deno.test("layerNorm() normalizes over all axes named", () => {
  const x = tensor([[[1, 1], [3, 3]]], { device });
  assertEquals(layerNorm(x, [2, 2], null, null, { eps: 0 }).tolist(), [[[-1, -1], [1, 1]]]);
  assertEquals(layerNorm(x, [2]).tolist(), [[[0, 0], [0, 0]]]);
  assertEquals(layerNorm(ones([0, 3], { device }), [3]).shape, [0, 3]);
});

Deno.test("layerNorm() and rmsNorm() name the shapes that do not fit", () => {
  const x = ones([2, 3], { device });
  assertThrows(() => layerNorm(x, [2]), RangeError, "current shapes are [2, 3], normalized shape is [2]");
  assertThrows(() => layerNorm(x, [3], ones([2], { device })), RangeError, "[2, 3], [2]");
  assertThrows(() => rmsNorm(x, []), RangeError, "Cannot apply rmsNorm()");
});

Deno.test("groupNorm() and instanceNorm() keep groups apart", () => {
  const x = tensor([[[1], [3], [10], [20]]], { device });
  assertEquals(groupNorm(x, 2, null, null, { eps: 0 }).tolist(), [[[-1], [1], [-1], [1]]]);
  assertEquals(instanceNorm(tensor([[[1, 3], [10, 20]]], { device }), null, null, { eps: 0 }).tolist(), [[[
    -1,
    1,
  ], [-1, 1]]]);
  assertThrows(() => groupNorm(x, 3), RangeError, "c a multiple of numGroups");
});

Deno.test("instanceNorm() of no channels is as empty", () => {
  assertEquals(instanceNorm(zeros([4, 0, 6], { device })).shape, [4, 0, 6]);
});
