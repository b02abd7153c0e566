/** Metrics against the examples of scikit-learn's documentation and numbers of numpy. */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, ReferenceBackend, Scope, type Tensor, tensor } from "@troodon/core";
import {
  Accuracy,
  accuracy,
  ConfusionMatrix,
  f1,
  F1Score,
  formatConfusion,
  LogLoss,
  MeanSquaredError,
  type Metric,
  Precision,
  precision,
  R2Score,
  Recall,
  recall,
  RocAuc,
  rocAuc,
  scoresByClass,
  TopKAccuracy,
} from "../mod.ts";

const device = new Device(new ReferenceBackend(), { tape });
const ints = (...data: number[]): Tensor => tensor(data, { device, dtype: "int32" });
const floats = (...data: number[]): Tensor => tensor(data, { device });

// y_true = [0, 1, 2, 0, 1, 2], y_pred = [0, 2, 1, 0, 0, 1], of the documentation of precision_score.
const THREE = [[2, 0, 0], [1, 0, 1], [0, 2, 0]];
// The same truth, and only class 0 is ever said.
const ZEROS = [[2, 0, 0], [2, 0, 0], [2, 0, 0]];

Deno.test("precision(), recall() and f1() average as scikit-learn does", () => {
  const all = (score: typeof precision) =>
    (["macro", "micro", "weighted"] as const).map((average) => score(THREE, { average }));
  const close = (actual: number[], expected: number[]) =>
    actual.forEach((value, i) => assertAlmostEquals(value, expected[i]!, 1e-12));
  close(all(precision), [2 / 9, 1 / 3, 2 / 9]);
  close(all(recall), [1 / 3, 1 / 3, 1 / 3]);
  close(all(f1), [4 / 15, 1 / 3, 4 / 15]);
});

Deno.test("precision(), recall() and f1() weigh unequal classes", () => {
  // 6 of class 0, of which 4 were found; 2 of class 1, both found; 1 of class 2, not found.
  const confusion = [[4, 2, 0], [0, 2, 0], [1, 0, 0]];
  const weighted = { average: "weighted" } as const;
  assertAlmostEquals(precision(confusion, weighted), (6 * 4 / 5 + 2 * 2 / 4) / 9, 1e-12);
  assertAlmostEquals(recall(confusion, weighted), (6 * 4 / 6 + 2) / 9, 1e-12);
  assertAlmostEquals(f1(confusion, weighted), (6 * 8 / 11 + 2 * 4 / 6) / 9, 1e-12);
  assertAlmostEquals(f1(confusion, { average: "macro" }), (8 / 11 + 4 / 6) / 3, 1e-12);
});

Deno.test("precision() has scikit-learn's rule of dividing by zero", () => {
  const scores = (zeroDivision: number) => scoresByClass(ZEROS, { zeroDivision }).map((c) => c.precision);
  assertEquals(scores(0), [1 / 3, 0, 0]);
  assertEquals(scores(1), [1 / 3, 1, 1]);
  assertEquals(scores(NaN), [1 / 3, NaN, NaN]);
  const macro = (zeroDivision: number) => precision(ZEROS, { average: "macro", zeroDivision });
  assertAlmostEquals(macro(0), 1 / 9, 1e-12);
  assertAlmostEquals(macro(1), 7 / 9, 1e-12);
  assertAlmostEquals(macro(NaN), 1 / 3, 1e-12);
});

Deno.test("f1() leaves out classes that do not occur", () => {
  const confusion = [[2, 0, 0], [0, 0, 0], [0, 0, 3]];
  assertEquals(f1(confusion, { average: "macro" }), 1);
  assertEquals(scoresByClass(confusion)[1], { precision: 0, recall: 0, f1: 0, support: 0 });
});

Deno.test("precision(), recall() and f1() take the positive class of two", () => {
  const confusion = [[50, 10], [5, 35]];
  assertEquals(precision(confusion), 35 / 45);
  assertEquals(recall(confusion), 35 / 40);
  assertEquals(f1(confusion), 70 / 85);
  assertEquals(precision(confusion, { positive: 0 }), 50 / 55);
  assertThrows(() => precision(THREE), RangeError, "current number of classes is 3");
  assertThrows(() => precision(confusion, { positive: 2 }), RangeError, "2 among them");
});

Deno.test("accuracy() is the share of the diagonal", () => {
  assertEquals(accuracy(THREE), 1 / 3);
  assertEquals(accuracy([[0]]), NaN);
});

Deno.test("ConfusionMatrix counts scores, probabilities and classes over batches", async () => {
  const matrix = new ConfusionMatrix();
  matrix.update(tensor([[3, 1, 2], [0, 1, 5]], { device }), ints(0, 1));
  matrix.update(tensor([[0, 9, 0]], { device }), ints(1));
  assertEquals(await matrix.compute(), [[1, 0, 0], [0, 1, 1], [0, 0, 0]]);
  assertEquals(formatConfusion(await matrix.compute()).split("\n").at(-1), "2  0  0  0");

  const binary = new ConfusionMatrix({ threshold: 0.7 });
  binary.update(floats(0.6, 0.8, 0.9), ints(1, 1, 0));
  assertEquals(await binary.compute(), [[0, 1], [1, 1]]);

  const classes = new ConfusionMatrix({ classes: 3 });
  assertEquals(await classes.compute(), [[0, 0, 0], [0, 0, 0], [0, 0, 0]]);
  classes.update(ints(0, 2, 1, 0, 0, 1), ints(0, 1, 2, 0, 1, 2));
  assertEquals(await classes.compute(), THREE);
});

Deno.test("ConfusionMatrix refuses what is no class", async () => {
  const matrix = new ConfusionMatrix({ classes: 3 });
  matrix.update(ints(0, 1, 2), ints(0, 3, -1));
  await assertRejects(() => matrix.compute(), RangeError, "current number of others is 2");
  matrix.reset();
  assertEquals((await matrix.compute()).flat().every((count) => count === 0), true);
  assertThrows(() => new ConfusionMatrix().update(ints(0), ints(0)), RangeError, "give the option classes");
  assertThrows(() => matrix.update(tensor([[1, 2]], { device }), ints(0)), RangeError, "current number is 2");
  assertThrows(() => matrix.update(ints(0, 1), ints(0)), RangeError, "current shapes are [2] and [1]");
  assertThrows(() => matrix.update(ints(0), floats(0)), TypeError, "current dtype is float32");
});

Deno.test("Precision, Recall and F1Score stream what their functions say", async () => {
  for (const [Kind, score] of [[Precision, precision], [Recall, recall], [F1Score, f1]] as const) {
    using metric = new Kind({ classes: 3, average: "macro", zeroDivision: 1 });
    metric.update(ints(0, 2, 1, 0), ints(0, 1, 2, 0));
    metric.update(ints(0, 1), ints(1, 2));
    assertEquals(await metric.compute(), score(THREE, { average: "macro", zeroDivision: 1 }));
  }
});

Deno.test("TopKAccuracy counts the classes among the best", async () => {
  const scores = tensor([[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]], { device });
  for (const [k, share] of [[1, 0.5], [2, 0.75], [3, 1]] as const) {
    using metric = new TopKAccuracy(k);
    metric.update(scores.narrow(0, 0, 3), ints(0, 1, 2));
    metric.update(scores.narrow(0, 3, 1), ints(2));
    assertEquals(await metric.compute(), share);
  }
  assertThrows(() => new TopKAccuracy(4).update(scores, ints(0, 1, 2, 2)), RangeError, "4 classes or more");
  assertThrows(() => new TopKAccuracy(0), RangeError, "current k is 0");
});

Deno.test("rocAuc() counts ties half", () => {
  assertEquals(rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 0.75);
  assertEquals(rocAuc([1, 1, 1, 1], [0, 1, 0, 1]), 0.5);
  assertEquals(rocAuc([3, 2, 1], [1, 0, 0]), 1);
  assertEquals(rocAuc([1, 2, 2, 3], [0, 0, 1, 1]), 0.875);
  assertEquals(rocAuc([1, 2], [1, 1]), NaN);
  assertEquals(rocAuc([1, NaN, 3], [1, 0, 1]), NaN);
});

Deno.test("RocAuc sets each class against the rest", async () => {
  const scores = [
    [0.7, 0.2, 0.1],
    [0.3, 0.4, 0.3],
    [0.2, 0.5, 0.3],
    [0.5, 0.1, 0.4],
    [0.1, 0.3, 0.6],
    [0.3, 0.4, 0.3],
    [0.2, 0.2, 0.6],
  ];
  using metric = new RocAuc();
  metric.update(tensor(scores.slice(0, 3), { device }), ints(0, 1, 1));
  metric.update(tensor(scores.slice(3), { device }), ints(2, 2, 0, 1));
  assertAlmostEquals(await metric.compute(), (0.85 + 0.75 + 0.85) / 3, 1e-9);
  metric.reset();
  metric.update(tensor([[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]], { device }), ints(0, 0, 1, 1));
  assertEquals(await metric.compute(), 0.75);
  assertThrows(() => metric.update(floats(1), ints(1)), RangeError, "must have 2 columns");
});

Deno.test("LogLoss takes probabilities and logits", async () => {
  const value = async (options: { fromLogits?: boolean }, prediction: Tensor, target: Tensor) => {
    using metric = new LogLoss(options);
    metric.update(prediction.narrow(0, 0, 1), target.narrow(0, 0, 1));
    metric.update(prediction.narrow(0, 1, 3), target.narrow(0, 1, 3));
    return await metric.compute();
  };
  const probabilities = tensor([[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]], { device });
  const truth = ints(1, 0, 0, 1);
  assertAlmostEquals(await value({}, probabilities, truth), 0.21616187, 1e-6);
  assertAlmostEquals(await value({}, probabilities.select(1, 1), truth), 0.21616187, 1e-6);
  assertAlmostEquals(await value({ fromLogits: true }, probabilities.log().add(3), truth), 0.21616187, 1e-6);
  const logits = floats(1.5, -2, 0.3, 4);
  assertAlmostEquals(await value({ fromLogits: true }, logits, ints(1, 0, 0, 1)), 0.300211615, 1e-6);
  const sure = floats(0, 1, 1, 1);
  assertAlmostEquals(await value({}, sure, ints(1, 1, 1, 1)), -Math.log(2 ** -23) / 4, 1e-5);
});

Deno.test("MeanSquaredError and R2Score join batches", async () => {
  const prediction = tensor([[0, 2], [-1, 2], [8, -5]], { device });
  const target = tensor([[0.5, 1], [-1, 1], [7, -6]], { device });
  const value = async (metric: Metric, cut: number) => {
    metric.update(prediction.narrow(0, 0, cut), target.narrow(0, 0, cut));
    metric.update(prediction.narrow(0, cut, 3 - cut), target.narrow(0, cut, 3 - cut));
    return await metric.compute();
  };
  for (const cut of [0, 1, 2, 3]) {
    assertAlmostEquals(await value(new MeanSquaredError(), cut), 17 / 24, 1e-6);
    assertAlmostEquals(await value(new R2Score(), cut), 0.936800527, 1e-6);
  }
  const far = new R2Score();
  far.update(floats(10000, 10001, 10003), floats(10000, 10002, 10003));
  assertAlmostEquals(await far.compute(), 1 - 1 / (14 / 3), 1e-5);
});

Deno.test("R2Score of a target that does not vary is 1 or 0", async () => {
  const value = async (...prediction: number[]) => {
    const metric = new R2Score();
    metric.update(floats(...prediction), floats(...prediction.map(() => -2)));
    return await metric.compute();
  };
  assertEquals(await value(-2, -2, -2), 1);
  assertEquals(await value(-2, -2, -1.5), 0);
  assertEquals(await value(-2), NaN);
});

const METRICS: readonly (readonly [string, () => Metric])[] = [
  ["Accuracy", () => new Accuracy()],
  ["Precision", () => new Precision()],
  ["TopKAccuracy", () => new TopKAccuracy(1)],
  ["RocAuc", () => new RocAuc()],
  ["LogLoss", () => new LogLoss()],
];

for (const [name, make] of METRICS) {
  Deno.test(`${name} leaves no memory behind, and begins anew`, async () => {
    const own = new Device(new ReferenceBackend(), { tape });
    const metric = make();
    const batch = () => {
      using _ = new Scope();
      const scores = tensor([[0.2, 0.8], [0.7, 0.3], [0.4, 0.6]], { device: own, requiresGrad: true });
      metric.update(scores.mul(1), tensor([1, 1, 0], { device: own, dtype: "int32" }));
    };
    batch();
    const once = await metric.compute();
    batch();
    assertEquals(await metric.compute(), once);
    metric.reset();
    batch();
    assertEquals(await metric.compute(), once);
    assert(own.memory.buffers > 0);
    metric[Symbol.dispose]();
    assertEquals(own.memory.buffers, 0);
  });
}
