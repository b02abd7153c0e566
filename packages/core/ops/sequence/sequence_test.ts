import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  ctcLoss,
  Device,
  gru,
  lstm,
  lstmCell,
  multiHeadAttention,
  ones,
  ReferenceBackend,
  rnn,
  rnnCell,
  tensor,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const layer = (gates: number, features: number, hidden: number) => ({
  weightIh: ones([gates * hidden, features], { device }),
  weightHh: ones([gates * hidden, hidden], { device }),
});

Deno.test("rnnCell() is a bounded sum", () => {
  const x = tensor([1, 2], { device }), h = tensor([0.5], { device });
  assertAlmostEquals(rnnCell(x, h, layer(1, 2, 1)).item(), Math.tanh(3.5), 1e-6);
  assertEquals(rnnCell(x, h, layer(1, 2, 1), { nonlinearity: "relu" }).item(), 3.5);
});

Deno.test("rnn() reads backwards, too", () => {
  const x = tensor([[[1]], [[10]]], { device }), weights = layer(1, 1, 1);
  const [y, h] = rnn(x, null, [weights, weights], { nonlinearity: "relu", bidirectional: true });
  assertEquals(y.tolist(), [[[1, 11]], [[11, 10]]]);
  assertEquals(h.tolist(), [[[11]], [[11]]]);
});

Deno.test("lstm() without a batch has none in its state", () => {
  const [y, [h, c]] = lstm(ones([3, 2], { device }), null, [layer(4, 2, 2), layer(4, 2, 2)]);
  assertEquals([y.shape, h.shape, c.shape], [[3, 2], [2, 2], [2, 2]]);
  assertEquals(y.at(-1).tolist(), h.at(-1).tolist());
});

Deno.test("gru() drops between layers while training alone", () => {
  const x = ones([2, 1, 2], { device }), weights = [layer(3, 2, 2), layer(3, 2, 2)];
  const [plain] = gru(x, null, weights), [evaluated] = gru(x, null, weights, { dropout: 1, training: false });
  assertEquals(evaluated.tolist(), plain.tolist());
  const [dropped] = gru(x, null, weights, { dropout: 1 });
  // The second layer reads zeros.
  const [silent] = gru(zeros([2, 1, 2], { device }), null, [weights[1]!]);
  assertEquals(dropped.tolist(), silent.tolist());
});

Deno.test("recurrent networks refuse what does not fit", () => {
  const x = ones([3, 1, 2], { device }), weights = layer(4, 2, 2);
  assertThrows(() => lstm(ones([2], { device }), null, [weights]), RangeError, "[time, n, features]");
  assertThrows(() => lstm(ones([0, 1, 2], { device }), null, [weights]), RangeError, "no sequence empty");
  assertThrows(() => lstm(x, null, [weights], { bidirectional: true }), RangeError, "current number is 1");
  assertThrows(() => lstm(x, [x, x], [weights]), RangeError, "the state must be [1, 1, 2]");
  assertThrows(() => lstm(x, null, [layer(3, 2, 2)]), RangeError, "[6, 2]");
  assertThrows(() => lstm(x.to("float64"), null, [weights]), TypeError, "float64");
  assertThrows(() => lstmCell(x, null, weights), RangeError, "[n, features]");
  const h = ones([2, 2], { device });
  assertThrows(() => lstmCell(ones([1, 2], { device }), [h, h], weights), RangeError, "[1, 2]");
});

Deno.test("multiHeadAttention() hides what the masks say", () => {
  const x = tensor([[1, 0], [0, 1], [1, 1]], { device });
  const eye = tensor([[1, 0], [0, 1]], { device });
  const weights = { inProjWeight: [eye, eye, eye] as const, outProjWeight: eye };
  const seen = (options: Parameters<typeof multiHeadAttention>[5]) =>
    (multiHeadAttention(x, x, x, 1, weights, options)[1]!.tolist() as number[][]).map((row) =>
      row.map((w) => w > 0)
    );
  const [T, F] = [true, false];
  assertEquals(seen({}), [[T, T, T], [T, T, T], [T, T, T]]);
  assertEquals(seen({ isCausal: true }), [[T, F, F], [T, T, F], [T, T, T]]);
  const keyPaddingMask = tensor([false, true, false], { device });
  assertEquals(seen({ isCausal: true, keyPaddingMask }), [[T, F, F], [T, F, F], [T, F, T]]);
  const attnMask = tensor([[0, -Infinity, 0], [0, 0, 0], [0, 0, -Infinity]], { device });
  assertEquals(seen({ attnMask }), [[T, F, T], [T, T, T], [T, T, F]]);
  const [output, none] = multiHeadAttention(x, x, x, 1, weights, { attnMask, needWeights: false });
  assertEquals(none, null);
  const [other] = multiHeadAttention(x, x, x, 1, weights, { attnMask });
  output.dataSync().forEach((v, i) => assertAlmostEquals(Number(v), Number(other.dataSync()[i]), 1e-6));
  assertThrows(() => seen({ attnMask: attnMask.to("int32") }), TypeError, "int32");
  assertThrows(() => multiHeadAttention(x, x, x, 3, weights), RangeError, "3 heads");
  assertThrows(() => multiHeadAttention(x, x, eye, 1, weights), RangeError, "[2, 2]");
});

Deno.test("ctcLoss() adds up all paths", () => {
  // Three steps, labels a b: every path of blanks, a and b that reads so.
  const p = [[0.2, 0.5, 0.3], [0.1, 0.6, 0.3], [0.4, 0.25, 0.35]];
  let sum = 0;
  for (let path = 0; path < 27; path++) {
    const steps = [Math.floor(path / 9), Math.floor(path / 3) % 3, path % 3];
    const read = steps.filter((s, i) => s !== 0 && s !== steps[i - 1]);
    if (read.join() === "1,2") sum += p[0]![steps[0]!]! * p[1]![steps[1]!]! * p[2]![steps[2]!]!;
  }
  const logProbs = tensor(p, { device, dtype: "float64" }).log(),
    targets = tensor([1, 2], { device, dtype: "int32" });
  const loss = ctcLoss(logProbs, targets, [3], [2], { reduction: "sum" });
  assertAlmostEquals(loss.item(), -Math.log(sum), 1e-12);
  assertAlmostEquals(ctcLoss(logProbs, targets, [3], [2]).item(), -Math.log(sum) / 2, 1e-12);
});

Deno.test("ctcLoss() is infinite, or 0 if asked for, where labels do not fit", () => {
  const logProbs = zeros([2, 1, 3], { device }), targets = tensor([[1, 1]], { device, dtype: "int32" });
  assertEquals(ctcLoss(logProbs, targets, [2], [2]).item(), Infinity);
  assertEquals(ctcLoss(logProbs, targets, [2], [2], { zeroInfinity: true }).item(), 0);
});

Deno.test("ctcLoss() refuses what does not fit", () => {
  const logProbs = zeros([2, 1, 3], { device }), targets = tensor([[1, 1]], { device, dtype: "int32" });
  assertThrows(() => ctcLoss(logProbs, targets, [2, 2], [2]), RangeError, "2 and 1 lengths");
  assertThrows(() => ctcLoss(logProbs, targets, [2], [2], { blank: 3 }), RangeError, "current blank is 3");
  assertThrows(() => ctcLoss(logProbs.to("float16"), targets, [2], [2]), TypeError, "float16");
  assertThrows(() => ctcLoss(logProbs, targets.to("float32"), [2], [2]), TypeError, "targets");
});
