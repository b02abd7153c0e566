import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { LabelEncoder, OneHotEncoder } from "../mod.ts";

const device = new Device(new ReferenceBackend());

Deno.test("LabelEncoder sorts numbers by size and strings by code units", () => {
  assertEquals(new LabelEncoder().fit([10, 9, 10, -1]).classes, [-1, 9, 10]);
  assertEquals(new LabelEncoder().fit(["b", "B", "a10", "a9"]).classes, ["B", "a10", "a9", "b"]);
  assertEquals(new LabelEncoder().fit(["b", 2, "a"]).classes, [2, "a", "b"]);
});

Deno.test("LabelEncoder takes labels from a tensor and stays on its device", () => {
  const labels = tensor([7, 3, 7], { device, dtype: "int32" });
  const encoder = new LabelEncoder();
  const codes = encoder.fitTransform(labels);
  assertEquals([codes.tolist(), codes.dtype, codes.device], [[1, 0, 1], "int32", device]);
  assertEquals(encoder.inverseTransform(codes), [7, 3, 7]);
});

Deno.test("LabelEncoder's state goes through JSON", () => {
  const state = new LabelEncoder().fit(["x", "y"]).stateDict();
  const encoder = new LabelEncoder();
  encoder.loadStateDict(JSON.parse(JSON.stringify(state)));
  assertEquals(encoder.transform(["y", "x"], { device }).tolist(), [1, 0]);
});

Deno.test("LabelEncoder refuses labels and codes it does not know", () => {
  const encoder = new LabelEncoder();
  assertThrows(() => encoder.transform(["a"]), TypeError, "not fitted");
  encoder.fit(["a", "b"]);
  assertThrows(() => encoder.transform(["c"], { device }), RangeError, 'current label is "c"');
  assertThrows(() => encoder.inverseTransform(tensor([2], { device })), RangeError, "current code is 2");
});

Deno.test("OneHotEncoder gives each column its categories", () => {
  const encoder = new OneHotEncoder();
  const hot = encoder.fitTransform(tensor([[5, 0], [2, 1], [5, 2]], { device }));
  assertEquals(encoder.categories, [[2, 5], [0, 1, 2]]);
  assertEquals(hot.tolist(), [[0, 1, 1, 0, 0], [1, 0, 0, 1, 0], [0, 1, 0, 0, 1]]);
  assertEquals(encoder.inverseTransform(hot), [[5, 0], [2, 1], [5, 2]]);
});

Deno.test("OneHotEncoder refuses unknown categories, or makes zeros of them", () => {
  const rows = [["a", "x"], ["b", "y"]];
  assertThrows(
    () => new OneHotEncoder().fit(rows).transform([["a", "z"]], { device }),
    RangeError,
    'categories of column 1 must be among ["x","y"]: current category is "z"',
  );
  const encoder = new OneHotEncoder({ handleUnknown: "ignore" }).fit(rows);
  const hot = encoder.transform([["a", "z"]], { device });
  assertEquals(hot.tolist(), [[1, 0, 0, 0]]);
  assertEquals(encoder.inverseTransform(hot), [["a", null]]);
});

Deno.test("OneHotEncoder refuses rows of other widths", () => {
  const encoder = new OneHotEncoder();
  assertThrows(() => encoder.transform([["a"]], { device }), TypeError, "not fitted");
  assertThrows(() => encoder.fit([]), RangeError, "there must be rows");
  assertThrows(() => encoder.fit([["a"], ["b", "c"]]), RangeError, "current lengths are 1 and 2");
  encoder.fit([["a", "x"]]);
  assertThrows(() => encoder.transform([["a"]], { device }), RangeError, "must have 2 columns");
  assertThrows(
    () => encoder.inverseTransform(tensor([[1, 0, 0]], { device })),
    RangeError,
    "must have 2 columns",
  );
});

Deno.test("OneHotEncoder's state goes through JSON", () => {
  const encoder = new OneHotEncoder();
  encoder.loadStateDict(
    JSON.parse(JSON.stringify(new OneHotEncoder().fit([["a", 1], ["b", 2]]).stateDict())),
  );
  assertEquals(encoder.transform([["b", 1]], { device }).tolist(), [[0, 1, 1, 0]]);
});

Deno.test("OneHotEncoder takes categories in their order, and drops the first", () => {
  const rows = [["low", "a"], ["high", "b"], ["low", "c"]];
  const categories = [["low", "middle", "high"], ["a", "b", "c"]];
  const given = new OneHotEncoder({ categories });
  assertEquals(given.fitTransform(rows, { device }).tolist(), [
    [1, 0, 0, 1, 0, 0],
    [0, 0, 1, 0, 1, 0],
    [1, 0, 0, 0, 0, 1],
  ]);
  assertThrows(() => given.fit([["none", "a"]]), RangeError, 'current category is "none"');
  assertThrows(() => given.fit([["low"]]), RangeError, "categories of 2 columns");
  const first = new OneHotEncoder({ categories, drop: "first" });
  const hot = first.fitTransform(rows, { device });
  assertEquals(hot.tolist(), [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]]);
  assertEquals(first.inverseTransform(hot), rows);
  const binary = new OneHotEncoder({ drop: "ifBinary" }), two = binary.fitTransform(rows, { device });
  // "high" comes first of two, and the second column has three.
  assertEquals(two.tolist(), [[1, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 1]]);
  assertEquals(binary.inverseTransform(two), rows);
  const single = new OneHotEncoder({ drop: "first" }), none = single.fitTransform([["x"], ["x"]], { device });
  assertEquals([none.shape, single.inverseTransform(none)], [[2, 0], [["x"], ["x"]]]);
  assertThrows(() => new OneHotEncoder({ categories: [["a", "a"]] }), RangeError, "must differ");
  assertThrows(
    () => new OneHotEncoder({ drop: "last" as "first" }),
    RangeError,
    "drop must be first or ifBinary",
  );
  assertThrows(
    () => new OneHotEncoder({ handleUnknown: "no" as "error" }),
    RangeError,
    "handleUnknown must be",
  );
});
