import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { zeros } from "@troodon/core";
import type { Terminal } from "@troodon/io";
import { MSELoss } from "@troodon/nn";
import { fit, type FitObserver, LiveView, ProgressReport } from "../mod.ts";
import { setUp } from "../testdata/line.ts";
import { withClock } from "../testdata/clock.ts";

/** Terminal with `columns` columns that records its output. */
function terminalOf(columns: number, options: Partial<Terminal> = {}) {
  const frames: string[] = [];
  const terminal: Terminal = {
    ...{ isTerminal: true, showsOutput: true, canRedraw: true, noColor: true },
    size: () => ({ columns, rows: 24 }),
    write: (text) => void frames.push(text),
    ...options,
  };
  return { terminal, frames };
}

/** Lines of a drawing. */
const linesOf = (frame = ""): string[] =>
  frame.replace(/\p{Cc}\[[?\d;]*[A-Za-z]/gu, "").split("\n").slice(0, -1);

Deno.test("LiveView draws a run as it goes, and leaves its end", () =>
  withClock(async (clock) => {
    const { terminal, frames } = terminalOf(80), { model, optimizer, x, y } = setUp();
    let taken = 0;
    await fit(model, [[x, y], [x, y]], {
      optimizer,
      loss: new MSELoss(),
      epochs: 3,
      validate: () => ({ r2: taken++ / 10, testLoss: 1 }),
      observers: [
        { onStep: () => void (clock.time += 1000) },
        new LiveView({ title: "a line", unit: "points", describe: ({ r2 }) => `r2 is ${r2}`, terminal }),
      ],
    });
    assertEquals(frames.length, 7);
    const [first, last] = [linesOf(frames[0]), linesOf(frames.at(-1))];
    assertEquals(first[0], "a line");
    assert(/^epoch 1\/3 █+░+ {2}50% {2}0:05 left$/.test(first[1]!), first[1]);
    assert(/^loss \d\.\d+ {2}10 points\/s {2}lr 0.\d+ {2}reference {2}\d+ bytes$/.test(first[2]!), first[2]);
    assert(/^epoch 3\/3 █+ 100%$/.test(last[1]!), last[1]);
    assertStringIncludes(last[2]!, "r2 is 0.2");
    for (const part of ["loss by epoch", "r2 by epoch", "── training   ── validation"]) {
      assertStringIncludes(last.join("\n"), part);
    }
  }));

Deno.test("LiveView draws at most ten times a second, and takes less than a hundredth of the time", () =>
  withClock((clock) => {
    let cost = 0;
    const { terminal, frames } = terminalOf(80, {
      write(text) {
        frames.push(text);
        clock.time += cost;
      },
    });
    const { model, optimizer } = setUp(), view = new LiveView({ terminal }), loss = zeros([1]);
    const common = { step: 1, epoch: 1, stop: () => {} };
    view.onStart({ ...common, model, optimizer, epochs: 1 });
    const seconds = (count: number): number => {
      const before = frames.length;
      for (let i = 0; i < 1000 * count; i++) {
        clock.time++;
        view.onStep({ ...common, batch: 1, batches: 10, samples: 4, loss });
      }
      return frames.length - before;
    };
    assertEquals(seconds(2), 20);
    cost = 5;
    seconds(1);
    const drawn = seconds(100);
    assert(drawn * cost < 1000 && drawn * cost > 700, `${drawn * cost} ms of 100 s`);
  }));

Deno.test("LiveView shows nothing of a run that is over at once, and nothing without a terminal", async () => {
  for (const [options, epochs] of [[{}, 1], [{ canRedraw: false }, 40]] as const) {
    const { terminal, frames } = terminalOf(80, options), { model, optimizer, x, y } = setUp();
    const interval = epochs === 1 ? 100 : 0;
    await fit(model, [[x, y]], {
      optimizer,
      loss: new MSELoss(),
      epochs,
      observers: [new LiveView({ terminal, interval })],
    });
    assertEquals(frames, []);
  }
});

Deno.test("LiveView has colors, unless the terminal has none", async () => {
  for (const noColor of [false, true]) {
    const { terminal, frames } = terminalOf(80, { noColor }), { model, optimizer, x, y } = setUp();
    const observers = [new LiveView({ terminal, interval: 0 })];
    await fit(model, [[x, y]], { optimizer, loss: new MSELoss(), epochs: 5, observers });
    assertEquals(/\p{Cc}\[[\d;]*m/u.test(frames.join("")), !noColor);
  }
});

/** Observer that advances the clock by a second per step. */
const second = (clock: { time: number }): FitObserver => ({ onStep: () => void (clock.time += 1000) });

Deno.test("LiveView fits a window whose size changes", () =>
  withClock(async (clock) => {
    let columns = 80;
    const { terminal, frames } = terminalOf(0, { size: () => ({ columns, rows: 24 }) });
    const { model, optimizer, x, y } = setUp();
    const narrow: FitObserver = { onEpoch: ({ epoch }) => void (columns = epoch < 3 ? 80 : 25) };
    const observers = [second(clock), narrow, new LiveView({ terminal })];
    await fit(model, [[x, y]], { optimizer, loss: new MSELoss(), epochs: 5, observers });
    const widest = frames.map((frame) => Math.max(...linesOf(frame).map((line) => line.length)));
    assertEquals(widest.map((width) => width > 24), [true, true, true, false, false, false]);
  }));

Deno.test("ProgressReport draws its view anew below the lines that it prints, and prints losses where told to", () =>
  withClock(async (clock) => {
    const order: string[] = [],
      { terminal } = terminalOf(80, {
        write: (text) => void order.push(text.endsWith("\x1b[?25h") ? "drawn" : "cleared"),
      });
    const { model, optimizer, x, y } = setUp(), view = new LiveView({ terminal });
    const report = new ProgressReport({ view, print: (text) => void order.push(text.slice(0, 9)) });
    const observers = [second(clock), report];
    const batches = [[x, y], [x, y], [x, y]];
    await fit(model, batches, { optimizer, loss: new MSELoss(), logEvery: 2, observers });
    assertEquals(order, [
      ...["drawn", "drawn", "cleared", "epoch 1  "],
      ...["drawn", "cleared", "epoch 1/1", "drawn"],
    ]);
  }));
