import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  Device,
  klDiv,
  mseLoss,
  multiMarginLoss,
  nllLoss,
  ones,
  ReferenceBackend,
  tensor,
  zeros,
} from "../mod.ts";

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
