import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { noGrad } from "@troodon/autograd";
import { ones, randn, type Tensor, tensor } from "@troodon/core";
import {
  AvgPool2d,
  AvgPool3d,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  CrossEntropyLoss,
  Dropout,
  Embedding,
  init,
  LayerNorm,
  Linear,
  MSELoss,
  NLLLoss,
} from "./mod.ts";
import { useReference } from "./support_test.ts";

const numbers = (t: Tensor): number[] => Array.from(t.dataSync(), Number);
const largest = (t: Tensor): number => Math.max(...numbers(t).map(Math.abs));

Deno.test("Linear() starts uniform within 1 / sqrt(inFeatures), as PyTorch", () => {
  useReference();
  const { weight, bias } = new Linear(25, 200);
  for (const t of [weight, bias!]) {
    assert(largest(t) <= 0.2 && largest(t) > 0.18);
    assertAlmostEquals(numbers(t).reduce((a, b) => a + b) / t.numel(), 0, 0.02);
  }
});

Deno.test("Conv2d() starts uniform within 1 / sqrt(fan in), as PyTorch", () => {
  useReference();
  const { weight, bias } = new Conv2d(4, 32, 5, { groups: 2 });
  assertEquals(weight.shape, [32, 2, 5, 5]);
  for (const t of [weight, bias!]) assert(largest(t) <= 1 / Math.sqrt(50) && largest(t) > 0.12);
});

Deno.test("Conv2d() refuses groups that do not divide the channels", () => {
  useReference();
  assertThrows(() => new Conv2d(3, 4, 1, { groups: 2 }), RangeError, "groups");
});

Deno.test("BatchNorm1d() normalizes by the batch and remembers it", () => {
  useReference();
  const bn = new BatchNorm1d(2);
  const y = bn.forward(tensor([[1, 10], [3, 30]]));
  const [a, b] = [0.999995, 0.99999995];
  assertEquals(numbers(y).map((v) => v.toFixed(4)), [-a, -b, a, b].map((v) => v.toFixed(4)));
  assertEquals(numbers(bn.runningMean!).map((v) => v.toFixed(4)), ["0.2000", "2.0000"]);
  // 0.9 * 1 + 0.1 * the unbiased variance, 2 and 200.
  assertEquals(numbers(bn.runningVar!).map((v) => v.toFixed(4)), ["1.1000", "20.9000"]);
  assertEquals([bn.numBatchesTracked?.item(), bn.numBatchesTracked?.dtype], [1, "int64"]);
  bn.eval();
  assertAlmostEquals(bn.forward(tensor([[0.2, 2]])).dataSync()[0]!, 0, 1e-6);
  assertEquals([bn.numBatchesTracked?.item(), bn.numBatchesTracked?.dtype], [1, "int64"]);
});

Deno.test("BatchNorm1d() without momentum keeps the plain mean of all batches", () => {
  useReference();
  const bn = new BatchNorm1d(1, { momentum: null });
  bn.forward(tensor([[1], [3]]));
  bn.forward(tensor([[5], [7]]));
  assertAlmostEquals(bn.runningMean!.item(), 4, 1e-6);
});

Deno.test("BatchNorm2d() refuses another number of axes or channels", () => {
  useReference();
  assertThrows(() => new BatchNorm2d(3).forward(ones([2, 3])), RangeError, "[2, 3]");
  assertThrows(() => new BatchNorm2d(3).forward(ones([2, 2, 1, 1])), RangeError, "3 channels");
});

Deno.test("LayerNorm() normalizes each sample", () => {
  useReference();
  const y = numbers(new LayerNorm(4).forward(tensor([[1, 2, 3, 4], [10, 20, 30, 40]])));
  assertAlmostEquals(y[0]!, -1.3416, 1e-3);
  assertAlmostEquals(y[4]!, -1.3416, 1e-3);
});

Deno.test("Dropout() drops while training only", () => {
  useReference();
  const layer = new Dropout(0.25), x = ones([1000]);
  const y = numbers(layer.forward(x));
  const zeros = y.filter((v) => v === 0).length;
  assert(zeros > 200 && zeros < 300);
  assert(y.every((v) => v === 0 || Math.abs(v - 4 / 3) < 1e-6));
  assertEquals(numbers(layer.eval().forward(x)), numbers(x));
  assertThrows(() => new Dropout(1.5), RangeError);
});

Deno.test("Embedding() learns nothing for the padding row", () => {
  useReference();
  const layer = new Embedding(4, 3, { paddingIdx: 2 });
  assertEquals(layer.weight.select(0, 2).tolist(), [0, 0, 0]);
  layer.forward(tensor([[1, 2], [2, 1]], { dtype: "int32" })).sum().backward();
  assertEquals(layer.weight.grad?.tolist(), [[0, 0, 0], [2, 2, 2], [0, 0, 0], [0, 0, 0]]);
});

Deno.test("CrossEntropyLoss() is NLLLoss of log-probabilities", () => {
  useReference();
  const x = randn([4, 5]), y = tensor([0, 4, 2, 1], { dtype: "int32" });
  assertAlmostEquals(
    new CrossEntropyLoss().forward(x, y).item(),
    new NLLLoss().forward(x.logSoftmax(1), y).item(),
    1e-6,
  );
});

Deno.test("MSELoss() can leave the elements apart", () => {
  useReference();
  const loss = new MSELoss({ reduction: "none" }).forward(tensor([1, 2]), tensor([3, 5]));
  assertEquals(loss.tolist(), [4, 9]);
});

Deno.test("init fills in place without a tape", () => {
  useReference();
  const { weight } = new Linear(30, 20);
  init.xavierNormal_(weight);
  assert(weight.isLeaf && weight.requiresGrad);
  const deviation = Math.sqrt(numbers(weight).reduce((s, v) => s + v * v, 0) / weight.numel());
  assertAlmostEquals(deviation, Math.sqrt(2 / 50), 0.02);
  using _ = noGrad();
  assertEquals(init.constant_(weight, 3).amax().item(), 3);
  assertEquals(init.calculateGain("relu"), Math.SQRT2);
  assertThrows(() => init.xavierUniform_(ones([3])), RangeError, "two axes");
});

Deno.test("AvgPool2d and AvgPool3d divide by what they are given", () => {
  useReference();
  const x = ones([1, 1, 2, 2]);
  assertEquals(new AvgPool2d(2, { divisorOverride: 1 })(x).item(), 4);
  assertEquals(new AvgPool3d(2, { divisorOverride: 16 })(x.expand([1, 2, 2, 2])).item(), 0.5);
});
