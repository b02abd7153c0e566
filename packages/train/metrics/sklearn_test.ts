/** Compares metrics with scikit-learn's results, from scripts/preprocessing/sklearn_metrics.py. */
import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, fromTypedArray, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import {
  Accuracy,
  type Average,
  AveragePrecision,
  averagePrecision,
  balancedAccuracy,
  cohenKappa,
  type Confusion,
  ConfusionMatrix,
  fBeta,
  iou,
  LogLoss,
  matthewsCorrcoef,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  type Metric,
  normalizeConfusion,
  Perplexity,
  precision,
  RocAuc,
  type RocAucOptions,
  RootMeanSquaredError,
  TopKAccuracy,
} from "../mod.ts";
import cases from "./testdata/sklearn.json" with { type: "json" };

const device = new Device(new ReferenceBackend());
const ints = (...data: number[]): Tensor => tensor(data, { device, dtype: "int32" });
const doubles = (data: readonly (readonly number[])[]): Tensor =>
  fromTypedArray(Float64Array.from(data.flat()), [data.length, data[0]!.length], { device });

/** The value of two batches. */
async function valueOf(metric: Metric, prediction: Tensor, target: Tensor): Promise<number> {
  metric.update(prediction.narrow(0, 0, 7), target.narrow(0, 0, 7));
  metric.update(prediction.narrow(0, 7, prediction.shape[0]! - 7), target.narrow(0, 7, target.shape[0]! - 7));
  const value = await metric.compute();
  metric[Symbol.dispose]();
  return value;
}

const OF_CONFUSION: Readonly<Record<string, (confusion: Confusion, word?: string) => number>> = {
  balancedAccuracy: (c, word) => balancedAccuracy(c, { adjusted: word === "adjusted" }),
  matthewsCorrcoef: (c) => matthewsCorrcoef(c),
  cohenKappa: (c, word) => cohenKappa(c, word ? { weights: word as "linear" } : {}),
  "fBeta 0.5": (c, word) => fBeta(c, 0.5, { average: word as Average }),
  "fBeta 2": (c, word) => fBeta(c, 2, { average: word as Average }),
  iou: (c, word) => iou(c, { average: word as Average }),
  precision: (c, word) => precision(c, { average: word as Average }),
};

const OF_SCORES: Readonly<Record<string, (words: readonly string[]) => Metric>> = {
  logLoss: () => new LogLoss(),
  averagePrecision: () => new AveragePrecision(),
  rocAuc: ([multiClass, average]) => new RocAuc(multiClass ? { multiClass, average } as RocAucOptions : {}),
};

for (const { confusion, normalized, probabilities, classes, scores } of cases.classified) {
  Deno.test(`metrics of ${confusion.length} classes are scikit-learn's`, async () => {
    const prediction = doubles(probabilities), target = ints(...classes);
    const matrix = new ConfusionMatrix();
    matrix.update(prediction, target);
    assertEquals(await matrix.compute(), confusion);
    for (const by of ["true", "pred", "all"] as const) {
      normalizeConfusion(confusion, by).flat().forEach((share, i) =>
        assertAlmostEquals(share, normalized[by].flat()[i]!, 1e-12, by)
      );
    }
    for (const [name, wanted] of Object.entries(scores)) {
      const key = Object.keys({ ...OF_CONFUSION, ...OF_SCORES }).find((key) =>
        `${name} `.startsWith(`${key} `)
      )!;
      const words = name.slice(key.length + 1).split(" ").filter((word) => word !== "");
      const found = OF_SCORES[key]
        ? await valueOf(OF_SCORES[key](words), prediction, target)
        : OF_CONFUSION[key]!(confusion, words[0]);
      assertAlmostEquals(found, wanted, 1e-9, name);
    }
  });
}

Deno.test("regression metrics are scikit-learn's", async () => {
  const { prediction, target, ...scores } = cases.regression;
  const metrics = { MeanSquaredError, RootMeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError };
  for (const [name, Kind] of Object.entries(metrics)) {
    const wanted = scores[name as keyof typeof scores];
    assertAlmostEquals(
      await valueOf(new Kind(), doubles(prediction), doubles(target)),
      wanted,
      1e-9 * wanted,
      name,
    );
  }
});

Deno.test("LogLoss clips at the epsilon of the dtype, and refuses what is no probability or class", async () => {
  const loss = async (prediction: Tensor, target: Tensor): Promise<number> => {
    using metric = new LogLoss();
    metric.update(prediction, target);
    return await metric.compute();
  };
  const certain = doubles([[1, 0]]);
  assertAlmostEquals(await loss(certain, ints(1)), -Math.log(2 ** -52), 1e-9);
  assertAlmostEquals(await loss(certain.float(), ints(1)), -Math.log(2 ** -23), 1e-5);
  await assertRejects(() => loss(doubles([[3, -1]]), ints(0)), RangeError, "write { fromLogits: true }");
  await assertRejects(() => loss(doubles([[NaN, 0]]), ints(0)), RangeError, "must be probabilities");
  await assertRejects(() => loss(certain, ints(2)), RangeError, "every target must be a class");
  await assertRejects(() => loss(certain, ints(-1)), RangeError, "every target must be a class");
});

Deno.test("RocAuc, AveragePrecision and TopKAccuracy refuse targets that are no class", async () => {
  for (const metric of [new RocAuc(), new AveragePrecision(), new TopKAccuracy(1)]) {
    metric.update(doubles([[0.2, 0.8], [0.7, 0.3]]), ints(0, 2));
    await assertRejects(() => metric.compute(), RangeError, "targets must be");
    metric.reset();
  }
  const top = new TopKAccuracy(1);
  top.update(doubles([[NaN, 0.8]]), ints(0));
  await assertRejects(() => top.compute(), RangeError, "no score NaN");
  assertThrows(() => new RocAuc({ average: "micro" as "macro" }), RangeError, "macro or weighted");
});

Deno.test("Accuracy refuses one column and NaN", async () => {
  using accuracy = new Accuracy();
  assertThrows(
    () => accuracy.update(doubles([[0.2], [0.7]]), ints(0, 1)),
    RangeError,
    "prediction.squeeze(1)",
  );
  for (const prediction of [doubles([[NaN, 0.5]]), tensor([NaN], { device })]) {
    using metric = new Accuracy({ classes: 2 });
    metric.update(prediction, ints(0));
    await assertRejects(() => metric.compute(), RangeError, "no score NaN");
  }
});

Deno.test("precision() of classes that are never true is 0", () => {
  // Class 0 is never found and left out; class 1 is found and never true.
  assertEquals(precision([[0, 3], [0, 0]], { average: "weighted", zeroDivision: NaN }), 0);
  assertEquals(precision([[0, 0], [0, 0]], { average: "weighted" }), 0);
});

Deno.test("averagePrecision(), cohenKappa() and fBeta() have limits", () => {
  assertEquals(averagePrecision([0.5, 0.2], [0, 0]), 0);
  assertEquals(averagePrecision([NaN, 0.2], [0, 1]), NaN);
  assertEquals(cohenKappa([[4, 0], [0, 0]]), NaN);
  assertEquals(matthewsCorrcoef([[4, 0], [2, 0]]), 0);
  assertThrows(() => fBeta([[1, 0], [0, 1]], -1), RangeError, "beta must be finite");
  assertThrows(() => cohenKappa([[1]], { weights: "cubic" as "linear" }), RangeError, "linear or quadratic");
  assertThrows(() => normalizeConfusion([[1]], "rows" as "true"), RangeError, "true, pred or all");
});

Deno.test("Perplexity leaves ignored targets out", async () => {
  using metric = new Perplexity();
  const logits = tensor([[[0, Math.log(3)], [5, -5]]], { device });
  metric.update(logits, tensor([[1, -100]], { device, dtype: "int32" }));
  assertAlmostEquals(await metric.compute(), 4 / 3, 1e-6);
  assertThrows(() => metric.update(logits, ints(0)), RangeError, "[..., classes] and [...]");
  metric.reset();
  assertEquals(await metric.compute(), NaN);
});
