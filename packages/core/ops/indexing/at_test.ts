import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  arange,
  at,
  Device,
  type Index,
  type NestedArray,
  ReferenceBackend,
  Scope,
  type Tensor,
  tensor,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 24, 1, { device }).reshape([2, 3, 4]);
const ids = (data: NestedArray): Tensor => tensor(data, { device, dtype: "int32" });
const mask = (data: NestedArray): Tensor => tensor(data, { device, dtype: "bool" });

// As PyTorch 2.13 has it for torch.arange(24).reshape(2, 3, 4).
const VIEWS: readonly (readonly [Index[], number[], number])[] = [
  [[], [2, 3, 4], 0],
  [["..."], [2, 3, 4], 0],
  [[1], [3, 4], 12],
  [[-1, 0, 2], [], 14],
  [[ids(1)], [3, 4], 12],
  [[ids(0), ":", ids(-1)], [3], 3],
  [[":", "1:"], [2, 2, 4], 4],
  [[{ start: 1 }, {}, { step: 2 }], [1, 3, 2], 12],
  [["...", -1], [2, 3], 3],
  [[0, "...", "-2:"], [3, 2], 2],
  [[null, 1, null, "...", null], [1, 1, 3, 4, 1], 12],
  [[":", "5:"], [2, 0, 4], 0],
];

const COPIES: readonly (readonly [Index[], number[], number[]])[] = [
  [[[1, 0]], [2, 3, 4], [12, 13]],
  [[ids([[0, 1]])], [1, 2, 3, 4], [0, 1]],
  [[0, ":", ids([1, -4])], [3, 2], [1, 0]],
  [[ids([0, 1]), ":", ids([0, 1])], [2, 3], [0, 4]],
  [[ids([0, 1]), null, ids([0, 1])], [2, 1, 4], [0, 1]],
  [[ids([0, 1]), 0, ids([0, 1])], [2], [0, 13]],
  [[":", ids([[0, 1]]), ids([0, 1])], [2, 1, 2], [0, 5]],
  [["...", ids([3])], [2, 3, 1], [3, 7]],
  [[[true, false]], [1, 3, 4], [0, 1]],
  [[mask([[true, false, true], [false, true, false]])], [3, 4], [0, 1]],
  [[mask([[true, false, true], [false, true, false]]), [0, 1, 3]], [3], [0, 9]],
  [[mask([true, true]), ":", ids([2, 1])], [2, 3], [2, 6]],
  [[":", mask([[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]])], [2, 2], [0, 11]],
  [[true], [1, 2, 3, 4], [0, 1]],
  [[mask(false)], [0, 2, 3, 4], []],
  [[[]], [0, 3, 4], []],
];

Deno.test("at() gives views of what numbers, slices and new axes name", () => {
  for (const [indices, shape, first] of VIEWS) {
    const part = x.at(...indices);
    assertEquals(part.shape, shape);
    assertStrictEquals(part.storage, x.storage);
    if (part.numel() > 0) assertEquals(part.flatten().at(0).item(), first);
  }
});

Deno.test("at() gives copies of what tensors and lists pick", () => {
  for (const [indices, shape, first] of COPIES) {
    const part = at(x, ...indices);
    assertEquals(part.shape, shape);
    assertEquals(part.flatten().at(":2").tolist(), first);
    assertEquals(part.storage === x.storage, false);
  }
});

Deno.test("at() reads strings as Python reads slices", () => {
  const row = arange(0, 6, 1, { device });
  assertEquals(row.at("1:3").tolist(), [1, 2]);
  assertEquals(row.at(" : -4 ").tolist(), [0, 1]);
  assertEquals(row.at("4::").tolist(), [4, 5]);
  assertEquals(row.at("-5:+5:2").tolist(), [1, 3]);
  for (const text of ["", "1", "1:2:3:4", "a:b", "1.5:"]) {
    assertThrows(
      () => row.at(text),
      TypeError,
      `must be "..." or "start:end:step": current index is "${text}"`,
    );
  }
});

Deno.test("at() of a scalar takes new axes and masks", () => {
  const one = tensor(7, { device });
  assertEquals(one.at("...").shape, []);
  assertEquals(one.at(null).tolist(), [7]);
  assertEquals(one.at(mask(true)).tolist(), [7]);
  assertThrows(() => one.at(0), RangeError, "at most 0 indices: current number is 1");
});

Deno.test("at() names the index, the axis and its extent where an index is outside", () => {
  assertThrows(
    () => x.at(0, 3),
    RangeError,
    "Cannot apply at() as the index of axis 1 must be an integer from -3 to 2: current index is 3",
  );
  assertThrows(() => zeros([0], { device }).at(0), RangeError, "axis 0 has no positions: current index is 0");
  const outside = "Cannot apply at() as indices of axis 1 must be integers from -3 to 2: current index is ";
  assertThrows(() => x.at(":", [0, 3]), RangeError, `${outside}3`);
  assertThrows(() => x.at(":", ids([-4])), RangeError, `${outside}-4`);
  // Not the row after, or the one before.
  assertThrows(() => x.at([0, 0], [0, 3]), RangeError, `${outside}3`);
  assertThrows(() => x.at([1, 1], [0, -4]), RangeError, `${outside}-4`);
});

Deno.test("at() refuses what is no index", () => {
  const refuses = (indices: readonly unknown[], error: new () => Error, message: string) =>
    void assertThrows(() => x.at(...indices as Index[]), error, message);
  refuses([0, 0, 0, 0], RangeError, "at most 3 indices: current number is 4");
  refuses([0, 0, 0, [0]], RangeError, "at most 3 indices: current number is 4");
  refuses([mask([[true, true], [true, true]])], RangeError, "a mask must have the extents [2, 3]");
  refuses([ids([0, 1]), ids([0, 1, 2])], RangeError, "must broadcast together: current shapes are [2], [3]");
  refuses(["...", "..."], RangeError, '"..." may appear once');
  refuses(["::0"], RangeError, "step must be an integer other than 0");
  refuses([0.5], RangeError, "the index of axis 0 must be an integer from -2 to 1: current index is 0.5");
  refuses([{ start: 0.5 }], RangeError, "bounds of a slice must be integers: current bound is 0.5");
  refuses(
    [tensor([0], { device })],
    TypeError,
    "must hold bool, int32 or int64 to be an index: current dtype is float32",
  );
  refuses([tensor([0], { device, dtype: "uint8" })], TypeError, "current dtype is uint8");
  refuses([[0, true]], TypeError, "a list must hold integers, or true and false: current list is [0,true]");
  refuses([[[0], [1, 2]]], TypeError, "nested lists of an index must be equally long");
  refuses([[[0], 1]], TypeError, "nested lists of an index must be equally long");
  refuses([undefined], TypeError, "an index must be a number, a slice");
  refuses([{ stop: 3 }], TypeError, 'current index is {"stop":3}');
});

Deno.test("at() leaves nothing behind but what it gives", () => {
  const m = mask([1, 0, 1, 1]), before = device.memory.buffers;
  {
    using _ = new Scope();
    x.at([0, 1, 0], ":", m);
    assertEquals(device.memory.buffers, before + 1);
  }
  assertEquals(device.memory.buffers, before);
});
