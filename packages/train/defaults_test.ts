/** Defaults of functions, metrics, observers and plots. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Tensor, tensor } from "@troodon/core";
import { MSELoss } from "@troodon/nn";
import { AveragedParameters } from "@troodon/optim";
import {
  Accuracy,
  averaging,
  ConfusionMatrix,
  EarlyStopping,
  type EpochEvent,
  f1,
  fit,
  LivePage,
  LogLoss,
  MeanAbsoluteError,
  MeanSquaredError,
  Plot,
  precision,
  ProgressLine,
  R2Score,
  recall,
  RocAuc,
  scoresByClass,
  TerminalPlot,
  TopKAccuracy,
} from "./mod.ts";
import type { Metric } from "./metrics/metric.ts";
import { setUp } from "./testdata/line.ts";
import { withClock } from "./testdata/clock.ts";

async function scored<T>(metric: Metric<T>, prediction: Tensor, target: Tensor): Promise<T> {
  metric.update(prediction, target);
  const value = await metric.compute();
  metric[Symbol.dispose]();
  return value;
}

Deno.test("fit() makes one pass, and logs after a hundred batches, by default", async () => {
  const { model, optimizer, x, y } = setUp(), logged: number[] = [], epochs: number[] = [];
  let steps = 0;
  await fit(model, new Array(201).fill([x, y]) as (readonly [Tensor, Tensor])[], {
    optimizer,
    loss: new MSELoss(),
    observers: [{
      onStep: () => void steps++,
      onLog: ({ step }) => void logged.push(step),
      onEpoch: (event) => void epochs.push(event.epochs),
    }],
  });
  assertEquals([steps, logged, epochs], [201, [100, 200], [1]]);
});

Deno.test("metrics without options are what they are by default", async () => {
  setUp();
  assertEquals(new TopKAccuracy().k, 5);
  const label = tensor([0, 1, 1, 0], { dtype: "int32" }), shares = tensor([0.4, 0.5, 0.6, 0.9]);
  const matrices = await Promise.all(
    [{}, { threshold: 0.5 }, { threshold: 0.7 }].map((options) =>
      scored(new ConfusionMatrix(options), shares, label)
    ),
  );
  assertEquals(matrices[0], matrices[1]);
  assertEquals(matrices[0]!.flat().length === 4 && String(matrices[0]) !== String(matrices[2]), true);
  const probabilities = tensor([[0.5, 0.5], [0.25, 0.75]]), classes = tensor([0, 1], { dtype: "int32" });
  assertEquals(
    await scored(new LogLoss(), probabilities, classes),
    await scored(new LogLoss({ fromLogits: false }), probabilities, classes),
  );
  const confusion = [[5, 2], [1, 3]], empty = [[5, 0], [3, 0]];
  for (const score of [precision, recall, f1]) {
    const options = { average: "binary", positive: 1, zeroDivision: 0 } as const;
    assertEquals(score(confusion), score(confusion, options));
    assertEquals(score(confusion) === score(confusion, { positive: 0 }), false);
    assertEquals(score(empty), score(empty, options));
  }
  assertEquals([precision(empty), precision(empty, { zeroDivision: 1 })], [0, 1]);
  assertEquals(scoresByClass(empty), scoresByClass(empty, { zeroDivision: 0 }));
  assertEquals(
    JSON.stringify(scoresByClass(empty)) === JSON.stringify(scoresByClass(empty, { zeroDivision: 1 })),
    false,
  );
});

Deno.test("metrics are NaN, or matrices without counts, before the first sample", async () => {
  const metrics: readonly Metric<unknown>[] = [
    ...[new Accuracy(), new TopKAccuracy(), new RocAuc(), new LogLoss()],
    ...[new MeanAbsoluteError(), new MeanSquaredError(), new R2Score()],
  ];
  for (const metric of metrics) assertEquals(await metric.compute(), NaN, metric.constructor.name);
  assertEquals(await new ConfusionMatrix().compute(), []);
  assertEquals(await new ConfusionMatrix({ classes: 2 }).compute(), [[0, 0], [0, 0]]);
});

Deno.test("EarlyStopping waits three epochs for a lower training loss by default, and averaging() leaves the averages", () => {
  const stopping = new EarlyStopping(), stops: number[] = [];
  const common = { step: 1, epochs: 9, seconds: 1, samples: 1, scores: {} };
  for (const [i, loss] of [2, 1.5, 1.5, 1.6, 1.4999, 1.5, 1.5, 1.5].entries()) {
    const event: EpochEvent = { ...common, epoch: i + 1, loss, stop: () => void stops.push(i + 1) };
    stopping.onEpoch(event);
  }
  assertEquals([stops, stopping.best], [[8], 1.4999]);
  const { model, x } = setUp(), averages = new AveragedParameters(model.parameters());
  const stepped = { step: 1, epoch: 1, batch: 1, batches: 1, samples: 1, loss: x, stop: () => {} };
  const observer = averaging(averages), before = model.weight.item();
  observer.onStep?.(stepped);
  model.weight.detach().fill_(9);
  observer.onEnd?.({ step: 1, model, stopped: false });
  assertEquals(model.weight.item(), before);
});

Deno.test("Plot is 640 by 400, and 80 by 20 as text, by default", () => {
  const plot = new Plot({ title: "a", xLabel: "x", yLabel: "y" }).add([[0, 1], [3, 2]], { name: "b" });
  assertStringIncludes(plot.toString(), 'width="640" height="400"');
  assertEquals(plot.toText(), plot.toText({ columns: 80, rows: 20, color: false }));
  assertEquals(plot.toText().split("\n").length, 20 + 1);
  const plain = new Plot().add([[0, 1], [3, 2]]);
  assertEquals(
    plain.toString(),
    new Plot({ logY: false, width: 640, height: 400 }).add([[0, 1], [3, 2]]).toString(),
  );
  assertEquals(
    plain.toText(),
    new Plot({ title: "", xLabel: "", yLabel: "", logY: false }).add([[0, 1], [3, 2]]).toText(),
  );
});

Deno.test("ProgressLine is written anew a tenth of a second after the last one by default, and not before", () =>
  withClock((clock) => {
    const written: string[] = [];
    const line = new ProgressLine({ shown: true, write: (text) => void written.push(text) });
    const progress = { epoch: 1, epochs: 1, done: 1, total: 2, loss: null, rate: 1, unit: "x", left: NaN };
    for (const [passed, count] of [[0, 1], [99, 1], [1, 2], [100, 3], [99, 3]] as const) {
      clock.time += passed;
      line.update(() => progress);
      assertEquals(written.length, count);
    }
  }));

Deno.test("TerminalPlot and LivePage take 3 % of the time by default", () =>
  withClock(async (clock) => {
    await using page = await LivePage.open();
    for (const live of [new TerminalPlot({ shown: true, write: () => {} }), page]) {
      let drawn = 0;
      const make = (): Plot => {
        drawn++;
        clock.time += 3;
        return new Plot().add([[0, 1], [1, 2]]);
      };
      live.update(make);
      for (const [passed, count] of [[96.9, 1], [0.2, 2], [96.9, 2], [0.2, 3]] as const) {
        clock.time += passed;
        live.update(make);
        assertEquals(drawn, count);
      }
    }
  }));
