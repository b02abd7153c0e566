import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Tensor } from "@troodon/core";
import { MSELoss } from "@troodon/nn";
import { AveragedParameters } from "@troodon/optim";
import { averaging, EarlyStopping, fit, ProgressLine, ProgressReport } from "../mod.ts";
import { loaderOf, setUp } from "../testdata/line.ts";

const loss = new MSELoss();

Deno.test("averaging() validates and leaves the averages, and saves the state of the last parameters", async () => {
  for (const atEnd of [true, false]) {
    const { model, optimizer, x, y } = setUp(), averages = new AveragedParameters(model.parameters());
    const validated: unknown[] = [], last: unknown[] = [];
    const values = (tensors: Iterable<Tensor>) => [...tensors].map((t) => t.tolist());
    await fit(model, [[x, y]], {
      optimizer,
      loss,
      epochs: 3,
      observers: [averaging(averages, { atEnd }), {
        onStep: () => void last.splice(0, 1, values(model.parameters())),
        onValidation: ({ model }) => void validated.push(values(model.parameters())),
        onEpoch: () => assertEquals(values(model.parameters()), last[0]),
      }],
    });
    assertEquals(validated.at(-1), values(averages.averages));
    assertEquals(values(model.parameters()), atEnd ? validated.at(-1) : last[0]);
    assertNotEquals(validated.at(-1), last[0]);
  }
});

Deno.test("EarlyStopping stops after its patience, and refuses epochs without the value", async () => {
  const epochs: number[] = [], { model, optimizer, x, y } = setUp();
  const run = (scores: readonly number[], stopping: EarlyStopping) =>
    fit(model, [[x, y]], {
      optimizer,
      loss,
      epochs: scores.length,
      validate: () => ({ r2: scores[epochs.length]! }),
      observers: [{ onEpoch: ({ epoch }) => void epochs.push(epoch) }, stopping],
    });
  const options = { mode: "max", patience: 2, minDelta: 0.1 } as const;
  const stopping = new EarlyStopping(({ scores }) => scores["r2"], options);
  await run([NaN, 0.1, 0.5, 0.55, NaN, 0.9], stopping);
  assertEquals([epochs.length, stopping.best, stopping.stateDict().waited], [5, 0.5, 2]);
  const absent = new EarlyStopping(({ scores }) => scores["accuracy"]);
  await assertRejects(() => run([1, 2, 3, 4, 5, 6], absent), TypeError, "current scores are r2");
});

Deno.test("ProgressReport shows batches and time left on the terminal, and lines that stay", async () => {
  const { model, optimizer, x, y } = setUp(), printed: string[] = [], written: string[] = [];
  const line = new ProgressLine({ shown: true, interval: 0, write: (text) => void written.push(text) });
  await fit(model, loaderOf(x, y), {
    optimizer,
    loss,
    epochs: 2,
    logEvery: 2,
    observers: [new ProgressReport({ line, print: (text) => void printed.push(text), unit: "points" })],
  });
  const shown = written.filter((text) => text !== "\r\x1b[2K").map((text) => text.slice(5).split("  ")[1]);
  assertEquals(shown, [" 33%", " 66%", "100%", " 33%", " 66%", "100%"]);
  assertEquals(printed.map((text) => text.replace(/\d+\.\d+|\d+ points/g, "#")), [
    "epoch 1  step 2  loss #  #/s",
    "epoch 1/2  # s  loss #",
    "epoch 2  step 5  loss #  #/s",
    "epoch 2/2  # s  loss #",
  ]);
  assertEquals(written.at(-1), "\r\x1b[2K");
});

Deno.test("ProgressReport takes its line away before it prints", async () => {
  const { model, optimizer, x, y } = setUp(), order: string[] = [];
  const write = (text: string) => void order.push(text === "\r\x1b[2K" ? "cleared" : "shown");
  const line = new ProgressLine({ shown: true, interval: 0, write });
  const report = new ProgressReport({ line, print: () => void order.push("printed") });
  await fit(model, [[x, y]], { optimizer, loss, logEvery: 1, observers: [report] });
  assertEquals(order, ["shown", "cleared", "printed", "printed"]);
  order.length = 0;
  const event = { step: 1, epoch: 1, epochs: 1, seconds: 1, loss: 1, samples: 1, scores: {}, stop: () => {} };
  report.onStep({ ...event, batch: 1, batches: 1, loss: x });
  report.onEpoch(event);
  report.onStep({ ...event, batch: 1, batches: 1, loss: x });
  report.onEnd();
  assertEquals(order, ["shown", "cleared", "printed", "shown", "cleared"]);
});

Deno.test("ProgressReport extrapolates the time of the batches so far", () => {
  const { now } = performance, written: string[] = [];
  let time = 5000;
  performance.now = () => time;
  try {
    const line = new ProgressLine({ shown: true, interval: 0, write: (text) => void written.push(text) });
    const report = new ProgressReport({ line, print: () => {} });
    const { model, optimizer, x } = setUp(), common = { epoch: 1, stop: () => {} };
    report.onStart({ ...common, step: 0, model, optimizer, epochs: 2 });
    const step = (epoch: number, batch: number): void => {
      time += 2000;
      report.onStep({ ...common, epoch, step: batch, batch, batches: 3, samples: 4, loss: x });
    };
    step(1, 1);
    step(1, 2);
    time += 50_000;
    report.onEpoch({ ...common, step: 3, epochs: 2, seconds: 6, loss: 1, samples: 12, scores: {} });
    step(2, 1);
    assertEquals(written.map((text) => text.slice(5)).filter((text) => text !== ""), [
      "epoch 1/2   33%  2 samples/s  0:10 left",
      "epoch 1/2   66%  2 samples/s  0:08 left",
      "epoch 2/2   33%  2 samples/s  0:04 left",
    ]);
  } finally {
    performance.now = now;
  }
});
