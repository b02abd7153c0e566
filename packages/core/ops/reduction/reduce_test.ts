import { assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  Device,
  full,
  ReferenceBackend,
  sum,
  type Tensor,
  tensor,
  varMean,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 6, 1, { device }).reshape([2, 3]);
const nothing = zeros([2, 0], { device });

Deno.test("sum() reduces some axes, or all", () => {
  assertEquals(sum(x).shape, []);
  assertEquals(sum(x, -1).tolist(), [3, 12]);
  assertEquals(sum(x, [1, 0], { keepdim: true }).tolist(), [[15]]);
  assertEquals(sum(x.t(), 0).tolist(), [3, 12]);
  assertEquals(sum(tensor(3, { device }), 0).item(), 3);
  assertThrows(() => sum(x, 2), RangeError, "from -2 to 1: current dim is 2");
  assertThrows(() => sum(x, [0, -2]), RangeError, "each dim may appear once");
});

Deno.test("reductions take an empty list for all axes, but all() and any() for none", () => {
  const y = x.to("float32");
  const options = { dim: [], keepdim: true } as const;
  const found: readonly Tensor[] = [
    sum(y, []),
    y.mean([]),
    y.prod([]),
    y.amax([]),
    y.amin([]),
    y.countNonzero([]),
    y.nansum([]),
    y.nanmean([]),
    y.logsumexp([]),
    y.var([]),
    y.std([]),
    ...[0, 1, 2, 3, Infinity].map((p) => y.norm(p, [])),
    ...varMean(y, []),
  ];
  const wanted: readonly Tensor[] = [
    sum(y),
    y.mean(),
    y.prod(),
    y.amax(),
    y.amin(),
    y.countNonzero(),
    y.nansum(),
    y.nanmean(),
    y.logsumexp(),
    y.var(),
    y.std(),
    ...[0, 1, 2, 3, Infinity].map((p) => y.norm(p)),
    ...varMean(y),
  ];
  assertEquals(found.map((t) => t.tolist()), wanted.map((t) => t.tolist()));
  assertEquals(y.amax(options).tolist(), [[5]]);
  assertEquals(y.all([]).tolist(), [[false, true, true], [true, true, true]]);
  assertEquals(y.any(options).shape, [2, 3]);
  assertThrows(() => nothing.amax([]), RangeError, "there must be an element to take");
});

Deno.test("sum() widens bool and small integers", () => {
  const bytes = full([3], 200, { device, dtype: "uint8" });
  assertEquals([sum(bytes).item(), sum(bytes).dtype], [600, "int64"]);
  assertEquals(tensor([true, true], { device }).sum().item(), 2);
  assertEquals(sum(bytes, 0, { dtype: "float64" }).dtype, "float64");
});

Deno.test("reductions of nothing give what changes nothing", () => {
  assertEquals(nothing.sum(1).tolist(), [0, 0]);
  assertEquals(nothing.prod(1).tolist(), [1, 1]);
  assertEquals(nothing.mean(1).tolist(), [NaN, NaN]);
  assertEquals(nothing.all(1).tolist(), [true, true]);
  assertEquals(nothing.any(1).tolist(), [false, false]);
  assertEquals(nothing.amax(0).shape, [0]);
  assertThrows(() => nothing.amax(1), RangeError, "there must be an element to take");
});

Deno.test("mean() of integers asks for a dtype", () => {
  const y = x.mean(undefined, { dtype: "float64" });
  assertEquals([y.item(), y.dtype], [2.5, "float64"]);
  assertThrows(() => x.mean(), TypeError, "current dtype is int32");
  assertThrows(() => y.mean(undefined, { dtype: "int32" }), TypeError, "current dtype is int32");
});

Deno.test("amax() and amin() let NaN win", () => {
  const y = tensor([[1, NaN], [-Infinity, 5]], { device });
  assertEquals(y.amax(1).tolist(), [NaN, 5]);
  assertEquals(y.amin(1).tolist(), [NaN, -Infinity]);
  assertEquals(tensor([true, false], { device }).amax().tolist(), true);
});

Deno.test("all() and any() take every type, and NaN for true", () => {
  assertEquals(x.all(0).tolist(), [false, true, true]);
  assertEquals(tensor([0, 0.25], { device }).any().tolist(), true);
  assertEquals(tensor([-1, NaN], { device }).all().tolist(), true);
});

Deno.test("countNonzero() counts fractions and NaN", () => {
  assertEquals(tensor([0.5, 0, NaN, -2], { device }).countNonzero().item(), 3);
  assertEquals(x.countNonzero(0).tolist(), [1, 2, 2]);
});
