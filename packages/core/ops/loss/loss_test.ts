import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  cosineEmbeddingLoss,
  crossEntropy,
  Device,
  gaussianNllLoss,
  hingeEmbeddingLoss,
  huberLoss,
  klDiv,
  l1Loss,
  marginRankingLoss,
  mseLoss,
  multilabelMarginLoss,
  multiMarginLoss,
  nllLoss,
  ones,
  poissonNllLoss,
  ReferenceBackend,
  smoothL1Loss,
  softMarginLoss,
  tensor,
  tripletMarginLoss,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const classes = (...values: number[]) => tensor(values, { device, dtype: "int32" });

Deno.test("mseLoss() is one launch", () => {
  const x = tensor([[1, 2], [3, 4]], { device }), target = tensor([[1, 1], [1, 1]], { device });
  const launches: string[] = [];
  using _ = device.listen(({ call }) => launches.push(call.kernel));
  const mean = mseLoss(x, target), sum = mseLoss(x, target, { reduction: "sum" });
  const each = mseLoss(x, target, { reduction: "none" });
  assertEquals(launches, ["reduce", "reduce", "map"]);
  assertEquals([mean.item(), sum.item()], [3.5, 14]);
  assertEquals(each.tolist(), [[0, 1], [4, 9]]);
});

Deno.test("mseLoss() names what does not fit", () => {
  const x = ones([2, 3], { device });
  const shapes = "prediction and target must have one shape: current shapes are [2, 3] and ";
  assertThrows(() => mseLoss(x, ones([2], { device })), RangeError, `Cannot apply mseLoss() as ${shapes}[2]`);
  assertThrows(() => mseLoss(x, ones([3], { device })), RangeError, `${shapes}[3], repeat`);
  assertThrows(() => mseLoss(x, ones([6, 1], { device })), RangeError, ".reshape([2, 3])");
  assertThrows(() => mseLoss(classes(1), classes(1)), TypeError, "prediction must be floating");
  assertThrows(
    () => mseLoss(x, x, { reduction: "average" as "mean" }),
    RangeError,
    'reduction must be "mean" or "sum" or "none": current reduction is "average"',
  );
});

Deno.test("binaryCrossEntropy() of certainty is finite", () => {
  assertEquals(binaryCrossEntropy(tensor([1, 0], { device }), tensor([0, 1], { device })).item(), 100);
  assertEquals(binaryCrossEntropy(tensor([1, 0], { device }), tensor([1, 0], { device })).item(), 0);
});

Deno.test("binaryCrossEntropyWithLogits() does not overflow", () => {
  const x = tensor([1000, -1000], { device });
  assertEquals(binaryCrossEntropyWithLogits(x, tensor([1, 0], { device })).item(), 0);
  assertEquals(binaryCrossEntropyWithLogits(x, tensor([0, 1], { device })).item(), 1000);
});

Deno.test("klDiv() of no probability is 0", () => {
  const x = tensor([-1, -2], { device }), target = tensor([0, 1], { device });
  assertEquals(klDiv(x, target, { reduction: "none" }).tolist(), [0, 2]);
  assertEquals(klDiv(x, target.log(), { reduction: "none", logTarget: true }).at(1).item(), 2);
});

Deno.test("crossEntropy() and nllLoss() skip what is ignored", () => {
  const x = tensor([[0, 0], [0, 0], [9, 0]], { device });
  const target = classes(0, 1, -100);
  assertAlmostEquals(crossEntropy(x, target).item(), Math.LN2, 1e-6);
  assertAlmostEquals(crossEntropy(x, target, { reduction: "sum" }).item(), 2 * Math.LN2, 1e-6);
  assertEquals(crossEntropy(x, target, { reduction: "none" }).at(2).item(), 0);
  assertEquals(nllLoss(x, classes(-100, -100, 0)).item(), -9);
  assertEquals(crossEntropy(x, classes(1, 1, 1), { ignoreIndex: 1 }).item(), NaN);
});

Deno.test("crossEntropy() takes classes of one sample, of pixels and as uint8", () => {
  assertAlmostEquals(
    crossEntropy(zeros([4], { device }), tensor(2, { device, dtype: "int32" })).item(),
    Math.log(4),
    1e-6,
  );
  const pixels = tensor([[[1, 0], [0, 1]]], { device, dtype: "uint8" });
  const losses = crossEntropy(zeros([1, 2, 2, 2], { device }), pixels, { reduction: "none" });
  assertEquals(losses.shape, [1, 2, 2]);
  assertAlmostEquals(losses.at(0, 1, 1).item(), Math.LN2, 1e-6);
});

Deno.test("crossEntropy() says what a target must be", () => {
  const x = zeros([2, 3], { device });
  assertThrows(() => crossEntropy(x, tensor([0, 1], { device })), TypeError, "convert it with .long()");
  assertThrows(
    () => crossEntropy(x, classes(0, 1, 2)),
    RangeError,
    "Cannot apply crossEntropy() as shapes must be [n, c, ...] and [n, ...]: current shapes are [2, 3], [3]",
  );
  assertThrows(() => crossEntropy(x, classes(0, 3)), RangeError);
  assertThrows(() => crossEntropy(x, classes(0, 1), { labelSmoothing: 2 }), RangeError, "labelSmoothing");
  assertThrows(() => crossEntropy(x, classes(0, 1), { weight: ones([2], { device }) }), RangeError, "[2]");
});

Deno.test("multiMarginLoss() counts the wrong classes alone", () => {
  const x = tensor([[0.5, 0, 1]], { device });
  assertAlmostEquals(multiMarginLoss(x, classes(0)).item(), (0.5 + 1.5) / 3, 1e-6);
});

Deno.test("crossEntropy() leaves no memory behind", () => {
  const x = zeros([2, 3], { device }), target = classes(0, 1);
  const before = device.memory.buffers;
  crossEntropy(x, target).dispose();
  assertEquals(device.memory.buffers, before);
});

Deno.test("losses of two tensors want one shape, and say how to come to it", () => {
  const x = ones([3, 1], { device }), target = ones([3], { device });
  const losses = [
    ...[mseLoss, l1Loss, smoothL1Loss, huberLoss, poissonNllLoss, klDiv, softMarginLoss],
    ...[binaryCrossEntropy, binaryCrossEntropyWithLogits, hingeEmbeddingLoss],
  ];
  for (const loss of losses) {
    assertThrows(
      () => loss(x, target),
      RangeError,
      `Cannot apply ${loss.name}() as prediction and target must have one shape: current shapes are [3, 1] and [3], ` +
        "bring the target to that of the prediction with .reshape([3, 1])",
    );
  }
  assertThrows(() => marginRankingLoss(target, target, x), RangeError, "current shapes are [3] and [3, 1]");
  const weight = ones([2, 1, 1], { device });
  assertThrows(() => binaryCrossEntropy(x, x, { weight }), RangeError, "a weight must broadcast");
});

Deno.test("binaryCrossEntropy() refuses what is no probability, prediction or target", () => {
  const good = tensor([0, 1, 0.5], { device });
  for (const bad of [-0.1, 1.1, NaN]) {
    const x = tensor([0.5, bad, 0.5], { device });
    for (const [prediction, target] of [[x, good], [good, x]] as const) {
      assertThrows(() => binaryCrossEntropy(prediction, target), RangeError, "must be probabilities");
    }
  }
});

Deno.test("gaussianNllLoss() takes a variance for each row, one number, and none below 0", () => {
  const x = tensor([[1, 2], [3, 4]], { device }), zero = x.mul(0);
  const each = gaussianNllLoss(x, zero, tensor([1, 100], { device }), { reduction: "none" });
  assertEquals(each.mul(100).round().tolist(), [[50, 200], [235, 238]]);
  const column = tensor([[1], [100]], { device });
  assertEquals(gaussianNllLoss(x, zero, column, { reduction: "none" }).tolist(), each.tolist());
  assertEquals(gaussianNllLoss(x, zero, 1, { reduction: "sum" }).item(), 15);
  assertThrows(
    () => gaussianNllLoss(x, zero, ones([3], { device })),
    RangeError,
    "variance must have the shape",
  );
  assertThrows(() => gaussianNllLoss(x, zero, x.neg()), RangeError, "variances must not be negative");
  assertEquals(gaussianNllLoss(x, zeros([2, 1], { device }), 1, { reduction: "sum" }).item(), 15);
  // PyTorch broadcasts the last two.
  for (const shape of [[3, 2], [1, 1], [2]]) {
    assertThrows(() => gaussianNllLoss(x, zeros(shape, { device }), 1), RangeError, "must have one shape");
  }
});

Deno.test("nllLoss() leaves out what it ignores, infinite or not", () => {
  const x = tensor([[-Infinity, -1], [-0.5, -0.875]], { device });
  assertEquals(nllLoss(x, classes(0, 1), { ignoreIndex: 0 }).item(), 0.875);
  assertEquals(nllLoss(x, classes(0, 0), { ignoreIndex: 0, reduction: "sum" }).item(), 0);
});

Deno.test("crossEntropy() can not leave out a class of probabilities", () => {
  const x = ones([2, 3], { device });
  assertThrows(() => crossEntropy(x, x, { ignoreIndex: 1 }), RangeError, "current ignoreIndex is 1");
});

Deno.test("margin losses refuse shapes and numbers that they have no meaning for", () => {
  const x = ones([2, 3], { device }), row = ones([3], { device });
  assertThrows(
    () => cosineEmbeddingLoss(x, x, ones([2, 1], { device })),
    RangeError,
    "[n, d], [n, d] and [n]",
  );
  assertThrows(() => cosineEmbeddingLoss(x, ones([2, 4], { device }), ones([2], { device })), RangeError);
  assertThrows(() => tripletMarginLoss(x, row, x), RangeError, "anchor, positive and negative");
  assertThrows(() => multiMarginLoss(x, classes(0, 1), { p: 3 }), RangeError, "p must be 1 or 2");
  assertThrows(
    () => multiMarginLoss(x, classes(0, 1), { weight: ones([2], { device }) }),
    RangeError,
    "weight",
  );
  const target = tensor([0, -2, 1], { device, dtype: "int32" });
  assertThrows(() => multilabelMarginLoss(row, target), RangeError, "targets must be classes");
});

Deno.test("multilabelMarginLoss() refuses targets beyond the classes, also behind -1", () => {
  const x = zeros([1, 2], { device });
  for (const target of [[0, 2], [2, -1], [-1, 2], [-1, -2]]) {
    assertThrows(
      () => multilabelMarginLoss(x, tensor([target], { device, dtype: "int64" })),
      RangeError,
      "targets must be classes, with -1 behind the last",
    );
  }
});
