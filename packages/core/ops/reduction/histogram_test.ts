import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  corrcoef,
  cov,
  cumulativeTrapezoid,
  diff,
  histc,
  histogram,
  nanmean,
  nansum,
  stack,
  tensor,
  trapezoid,
  vander,
  zeros,
} from "../../mod.ts";
import { Device, type NestedArray, ReferenceBackend } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const made = (data: NestedArray) => tensor(data, { device, dtype: "float64" });

Deno.test("histc() puts the upper bound into the last bin, and counts nothing outside, and no NaN", () => {
  const x = made([-1, 0, 0.5, 1, 2, 4, 4.5, NaN, Infinity]);
  assertEquals(histc(x, { bins: 4, min: 0, max: 4 }).tolist(), [2, 1, 1, 1]);
  assertEquals(histc(made([3, 3]), { bins: 2 }).tolist(), [0, 2]);
  assertEquals(histc(made([1, 5]), { bins: 2 }).tolist(), [1, 1]);
  assertEquals(histc(made([1, 2.5, 4, 3.5]), { bins: 2, min: 3, max: 3 }).tolist(), [1, 3]);
  assertEquals(histc(zeros([0], { device }), { bins: 2 }).tolist(), [0, 0]);
});

Deno.test("histc() says what is wrong", () => {
  const x = made([1]);
  assertThrows(() => histc(x, { bins: 0 }), RangeError, "must be an integer from 1 on: current number is 0");
  assertThrows(() => histc(x, { min: 2, max: 1 }), RangeError, "current range is 2 to 1");
  assertThrows(() => histc(x, { max: Infinity }), RangeError, "two finite numbers in order");
  assertThrows(() => histc(x.int()), TypeError, "the dtype must be floating: current dtype is int32");
});

Deno.test("histogram() of edges, weights and densities", () => {
  const x = made([0, 1, 1.5, 2, 3, -1]);
  const { hist, binEdges } = histogram(x, made([0, 1, 3]));
  assertEquals([hist.tolist(), binEdges.tolist()], [[1, 4], [0, 1, 3]]);
  const weight = made([2, 1, 1, 1, 1, 9]);
  assertEquals(histogram(x, made([0, 1, 3]), { weight }).hist.tolist(), [2, 4]);
  assertEquals(histogram(x, made([0, 1, 3]), { density: true }).hist.tolist(), [0.2, 0.4]);
  const even = histogram(x, 3, { range: [0, 3] });
  assertEquals([even.hist.tolist(), even.binEdges.tolist()], [[1, 2, 2], [0, 1, 2, 3]]);
  assertEquals(histogram(x, 4).binEdges.tolist(), [-1, 0, 1, 2, 3]);
  assertThrows(() => histogram(x, made([1])), RangeError, "edges must be a vector of two or more");
  assertThrows(
    () => histogram(x, made([0, 1]), { range: [0, 1] }),
    TypeError,
    "a range goes with a number of bins",
  );
  assertThrows(() => histogram(x, 2, { weight: made([1]) }), RangeError, "weights must have shape and dtype");
});

Deno.test("cov() of both kinds of weights is what PyTorch has", () => {
  const fweights = tensor([1, 2, 1], { device, dtype: "int32" }), aweights = made([0.5, 1, 2]);
  const y = cov(made([[1, 2, 4], [0, 3, 1]]), { fweights, aweights });
  const expected = [1.857142857142857, -0.7142857142857143, -0.7142857142857143, 1.8571428571428574];
  [...y.dataSync()].forEach((found, i) => assertAlmostEquals(Number(found), expected[i]!, 1e-14));
});

Deno.test("corrcoef() is never beyond 1, whatever rounding does", () => {
  const data = Array.from({ length: 9 }, (_, i) => 3 * Math.sin(1.7 * i) + 0.37 * (i % 4)), x = made(data);
  assertEquals(corrcoef(stack([x, x.mul(1.3).add(0.1)])).amax().item(), 1);
});

Deno.test("cov() and corrcoef() of one variable, and of weights that do not fit", () => {
  assertEquals(cov(made([1, 2, 3])).item(), 1);
  assertEquals(corrcoef(made([1, 2, 3])).item(), 1);
  assertEquals(cov(made([[0, 4]]), { fweights: tensor([3, 1], { device, dtype: "int32" }) }).item(), 4);
  const weights = made([1, 2, 3]);
  assertThrows(
    () => cov(made([1, 2]), { aweights: weights }),
    RangeError,
    "as many as there are observations",
  );
  assertThrows(() => cov(made([1, 2, 3]), { fweights: weights }), TypeError, "fweights must be integers");
  assertThrows(
    () => cov(zeros([1, 1, 1], { device })),
    RangeError,
    "at most two axes: current shape is [1, 1, 1]",
  );
  assertThrows(() => corrcoef(zeros([1, 1, 1], { device })), RangeError, "at most two axes");
});

Deno.test("diff() of more steps than there are elements is empty", () => {
  assertEquals(diff(made([[1, 4, 9]]), 5).shape, [1, 0]);
  const x = made([1, 4]), y = diff(x, 0);
  x.fill_(0);
  assertEquals(y.tolist(), [1, 4]);
  assertEquals(diff(tensor([true, false, false], { device })).tolist(), [true, false]);
  assertThrows(() => diff(made(1)), RangeError, "there must be an axis");
  assertThrows(() => diff(made([1]), -1), RangeError, "n must be an integer from 0 on: current n is -1");
});

Deno.test("trapezoid() and cumulativeTrapezoid() of integers are float32, and do not overflow", () => {
  const bytes = tensor([200, 200, 3], { device, dtype: "uint8" });
  for (const dx of [1, 2, 0.5]) {
    const y = trapezoid(bytes, null, { dx }), running = cumulativeTrapezoid(bytes, null, { dx });
    assertEquals([y.dtype, y.item()], ["float32", dx * 301.5]);
    assertEquals([running.dtype, running.tolist()], ["float32", [dx * 200, dx * 301.5]]);
  }
  assertEquals(trapezoid(bytes, bytes).item(), 101.5 * -197);
});

Deno.test("trapezoid() of points that do not fit is an error, of nothing 0", () => {
  assertThrows(() => trapezoid(made([1, 2]), made([1])), RangeError, "a point for each element along dim 0");
  assertEquals(trapezoid(made([])).item(), 0);
});

Deno.test("vander() counts powers from either side", () => {
  assertEquals(vander(made([2, 3])).tolist(), [[2, 1], [3, 1]]);
  assertEquals(vander(made([2, 3]), { N: 3, increasing: true }).tolist(), [[1, 2, 4], [1, 3, 9]]);
  assertThrows(() => vander(made([[1]])), RangeError, "there must be a vector");
});

Deno.test("nansum() and nanmean() of nothing but NaN", () => {
  const x = made([[NaN, NaN], [NaN, 3]]);
  assertEquals([nansum(x, 1).tolist(), nanmean(x, 1).tolist()], [[0, 3], [NaN, 3]]);
  assertThrows(() => nanmean(x.int()), TypeError, "the dtype must be floating: current dtype is int32");
});

Deno.test("histogram() of equal elements has an edge half before and half behind them, histc() one before and behind", () => {
  assertEquals(histogram(made([2, 2]), 2).binEdges.tolist(), [1.5, 2, 2.5]);
  assertEquals(histogram(made([2, 2]), 2).hist.tolist(), [0, 2]);
  assertEquals(histc(made([2, 2]), { bins: 4 }).tolist(), [0, 0, 2, 0]);
});

Deno.test("histogram() keeps the edges that it is given apart from those that it gives", () => {
  const edges = made([0, 1, 3]), { binEdges } = histogram(made([0.5]), edges);
  binEdges.add_(1);
  assertEquals([edges.tolist(), binEdges.tolist()], [[0, 1, 3], [1, 2, 4]]);
});

Deno.test("histc() and histogram() want finite elements where no range is given", () => {
  for (const data of [[0.125, Infinity], [NaN, 1], [-Infinity, Infinity], [Infinity, Infinity]]) {
    const x = made(data);
    assertThrows(
      () => histc(x, { bins: 5 }),
      RangeError,
      "Cannot apply histc() as all elements must be finite",
    );
    assertThrows(
      () => histogram(x, 5),
      RangeError,
      "Cannot apply histogram() as all elements must be finite",
    );
    const wanted = data.filter((value) => value === 0.125 || value === 1).length;
    assertEquals(histc(x, { bins: 2, min: 0, max: 1 }).sum().item(), wanted);
    assertEquals(histogram(x, 2, { range: [0, 1] }).hist.sum().item(), wanted);
  }
});

Deno.test("vander() of integers and bool is int64, whatever N is", () => {
  for (const dtype of ["bool", "uint8", "int32", "int64"] as const) {
    for (const N of [0, 1, 2, 3]) {
      assertEquals(vander(tensor([1, 0], { device, dtype }), { N }).dtype, "int64");
    }
  }
});
