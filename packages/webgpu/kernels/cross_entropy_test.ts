import { assertRejects } from "@std/assert";
import { assertNear, f32, kernelTests, noise, picks, type Plan, run } from "../test_support.ts";

const test = await kernelTests();

const int32 = (data: readonly number[]): Plan => ({ dtype: "int32", shape: [data.length], data });
const IGNORED = -100;

/** Rows and classes: few and many of both, of one thread, one workgroup, and several. */
const SHAPES = [[6, 10], [300, 10], [5, 300], [9000, 9]] as const;

/** Logits, classes of which some are ignored, and what follows from them. */
function setUp(rows: number, n: number) {
  const x = noise(rows * n).map((v) => 4 * v);
  const classes = picks(rows, n).map((c, r) => r % 7 === 4 ? IGNORED : c);
  const logs = Array.from({ length: rows }, (_, r) => {
    const row = x.slice(r * n, r * n + n), top = Math.max(...row);
    const scale = top + Math.log(row.reduce((sum, v) => sum + Math.exp(v - top), 0));
    return row.map((v) => v - scale);
  });
  const losses = logs.map((row, r) => classes[r] === IGNORED ? 0 : -row[classes[r]!]!);
  const slope = (g: (row: number) => number) =>
    logs.flatMap((row, r) =>
      row.map((v, i) => classes[r] === IGNORED ? 0 : g(r) * (Math.exp(v) - Number(i === classes[r])))
    );
  const counted = classes.filter((c) => c !== IGNORED).length;
  return { x: f32([rows, n], x), classes: int32(classes), logs: logs.flat(), losses, slope, counted };
}

test("crossEntropy() gives losses and log-probabilities, and its gradient", async (b) => {
  for (const [rows, n] of SHAPES) {
    const { x, classes, logs, losses, slope } = setUp(rows, n), label = `${rows} rows of ${n}`;
    const call = { kernel: "crossEntropy", ignoreIndex: IGNORED } as const;
    const found = await run(b, call, [x, classes], [f32([rows]), f32([rows, n])]);
    assertNear(found[0]!, losses, `losses of ${label}`);
    assertNear(found[1]!, logs, `logarithms of ${label}`);
    const g = f32([rows], losses.map((_, r) => r % 5 + 0.5));
    const gradient = { kernel: "crossEntropyGrad", ignoreIndex: IGNORED } as const;
    const [dx] = await run(b, gradient, [g, f32([rows, n], logs), classes], [f32([rows, n])]);
    assertNear(dx!, slope((r) => r % 5 + 0.5), `gradient of ${label}`);
  }
});

test("crossEntropyLoss() gives the sum or the mean of those that count, and its gradient", async (b) => {
  for (const [rows, n] of SHAPES) {
    const { x, classes, logs, losses, slope, counted } = setUp(rows, n), label = `${rows} rows of ${n}`;
    const sum = losses.reduce((a, v) => a + v, 0), log = f32([rows, n], logs);
    for (const reduction of ["sum", "mean"] as const) {
      const mean = reduction === "mean", divisor = mean ? counted : 1;
      const call = { kernel: "crossEntropyLoss", ignoreIndex: IGNORED, reduction } as const;
      const found = await run(b, call, [x, classes], [f32([]), f32([rows, n]), ...(mean ? [f32([])] : [])]);
      assertNear(found[0]!, [sum / divisor], `${reduction} of ${label}`);
      assertNear(found[1]!, logs, `logarithms of ${label}`);
      if (mean) assertNear(found[2]!, [counted], `count of ${label}`);
      const gradient = { kernel: "crossEntropyLossGrad", ignoreIndex: IGNORED } as const;
      const inputs = [f32([], [3]), log, classes, ...(mean ? [f32([], [counted])] : [])];
      const [dx] = await run(b, gradient, inputs, [f32([rows, n])]);
      assertNear(dx!, slope(() => 3 / divisor), `gradient of the ${reduction} of ${label}`);
    }
  }
});

test("crossEntropy() and its sum refuse classes that do not exist, and no others", async (b) => {
  for (const [rows, n] of [[5, 3], [400, 300]] as const) {
    const { x, classes } = setUp(rows, n), outputs = [f32([rows]), f32([rows, n])];
    const sum = { kernel: "crossEntropyLoss", ignoreIndex: IGNORED, reduction: "sum" } as const;
    const each = { kernel: "crossEntropy", ignoreIndex: IGNORED } as const;
    for (const bad of [-1, n, IGNORED - 1]) {
      const wrong = int32(Array.from(classes.data!).with(2, bad));
      await assertRejects(() => run(b, each, [x, wrong], outputs), RangeError, `${bad}`);
      await assertRejects(() => run(b, sum, [x, wrong], [f32([]), outputs[1]!]), RangeError, `${bad}`);
    }
    for (const good of [0, n - 1, IGNORED]) {
      await run(b, each, [x, int32(Array.from(classes.data!).with(2, good))], outputs);
    }
  }
});
