/** Refused calls: losses, attention, recurrent networks. */
import * as core from "./mod.ts";
import { b, f, i, ints, refuses } from "./refuses_support_test.ts";

const R = RangeError, T = TypeError;

const cell = { weightIh: f(8, 3), weightHh: f(8, 2), biasIh: f(8), biasHh: f(8) };

refuses({
  losses: [
    [() => core.mseLoss(f(2), f(2), { reduction: "max" as never }), R, 'reduction must be "'],
    [() => core.mseLoss(f(2, 3), f(2)), R, "mseLoss()"],
    [() => core.mseLoss(i(2), i(2)), T, "the prediction must be floating: current dtype is int32"],
    [() => core.smoothL1Loss(f(2), f(2), { beta: -1 }), R, "beta must not be negative: current beta is -1"],
    [() => core.smoothL1Loss(f(2), f(2), { beta: NaN }), R, "beta must not be negative"],
    [() => core.smoothL1Loss(f(2), f(2), { beta: 0 }), "is right"],
    [() => core.huberLoss(f(2), f(2), { delta: 0 }), R, "delta must be above 0: current delta is 0"],
    [() => core.huberLoss(f(2), f(2), { delta: NaN }), R, "delta must be above 0"],
    [() => core.crossEntropy(f(), i()), R, "crossEntropy()"],
    [() => core.crossEntropy(f(2, 3), i(3)), R, "[n, c, ...] and [n, ...]"],
    [() => core.crossEntropy(f(2, 3), i(2), { weight: f(2) }), R, "crossEntropy()"],
    [() => core.crossEntropy(f(2, 3), i(2), { weight: f(1, 3) }), R, "crossEntropy()"],
    [() => core.crossEntropy(f(2, 3), i(2), { labelSmoothing: 1.1 }), R, "crossEntropy()"],
    [() => core.crossEntropy(f(2, 3), i(2), { labelSmoothing: -0.1 }), R, "crossEntropy()"],
    [() => core.crossEntropy(f(2, 3), i(2), { labelSmoothing: 1 }), "is right"],
    [() => core.crossEntropy(f(2, 3), ints([0, 3])), R, "current class is 3 at sample 1"],
    [() => core.nllLoss(f(2, 3), i(3)), R, "nllLoss()"],
    [() => core.nllLoss(f(), i()), R, "nllLoss()"],
    [() => core.nllLoss(f(2, 3, 4), i(2, 3)), R, "nllLoss()"],
    [() => core.nllLoss(f(2, 3, 4), i(2, 4)), "is right"],
    [
      () => core.multiMarginLoss(f(2), i(2)),
      R,
      "[n, c] and [n], or [c] and []: current shapes are [2] and [2]",
    ],
    [() => core.multiMarginLoss(f(2, 3), i(3)), R, "multiMarginLoss()"],
    [() => core.multiMarginLoss(f(2, 3), i(2, 1)), R, "multiMarginLoss()"],
    [() => core.multilabelMarginLoss(f(2, 3), i(2, 2)), R, "both shapes must be [n, c] or [c]"],
    [() => core.multilabelMarginLoss(f(1, 2, 3), i(1, 2, 3)), R, "multilabelMarginLoss()"],
    [() => core.ctcLoss(f(4, 2, 3), i(2, 2), [4, 4], [2]), R, "there must be n lengths of each"],
    [() => core.ctcLoss(f(4, 2, 3), i(3, 2), [4, 4], [2, 2]), R, "ctcLoss()"],
    [() => core.ctcLoss(f(4, 2, 3), i(2, 2), [5, 4], [2, 2]), R, "lengths must not exceed time and labels"],
    [() => core.ctcLoss(f(4, 2, 3), i(2, 2), [-1, 4], [2, 2]), R, "lengths"],
    [() => core.ctcLoss(f(4, 2, 3), i(2, 2), [4, 4], [3, 2]), R, "lengths"],
    [() => core.ctcLoss(f(4, 2, 3), i(4), [4, 4], [2, 1]), R, "add up to their number"],
    [() => core.ctcLoss(f(4, 2, 3), i(4), [4, 4], [2, 2]), "is right"],
    [() => core.ctcLoss(f(0, 2, 3), i(2, 2), [0, 0], [2, 2]), R, "ctcLoss()"],
    [
      () => core.ctcLoss(f(4, 2, 3), i(2, 2), [4, 4], [2, 2], { blank: 3 }),
      R,
      "blank must be one of 3 classes",
    ],
    [() => core.ctcLoss(f(4, 2, 3), i(2, 2), [4, 4], [2, 2], { blank: -1 }), R, "current blank is -1"],
    [() => core.ctcLoss(f(4, 2, 3).to("float16"), i(2, 2), [4, 4], [2, 2]), T, "float32 or float64"],
  ],
  attention: [
    [
      () => core.scaledDotProductAttention(f(2), f(2, 2), f(2, 2)),
      R,
      "[..., l, e], [..., s, e], [..., s, v]",
    ],
    [() => core.scaledDotProductAttention(f(2, 2), f(2), f(2, 2)), R, "scaledDotProductAttention()"],
    [() => core.scaledDotProductAttention(f(2, 2), f(2, 3), f(2, 2)), R, "scaledDotProductAttention()"],
    [
      () => core.multiHeadAttention(f(2, 1, 4), f(2, 1, 4), f(2, 1, 4), 3, attentionWeights()),
      R,
      "with e a multiple of the",
    ],
    [
      () => core.multiHeadAttention(f(2, 1, 4), f(2, 1, 4), f(3, 1, 4), 2, attentionWeights()),
      R,
      "multiHeadAttention()",
    ],
    [
      () => core.multiHeadAttention(f(2, 1, 4), f(2, 2, 4), f(2, 2, 4), 2, attentionWeights()),
      R,
      "multiHeadAttention()",
    ],
    [
      () =>
        core.multiHeadAttention(f(2, 1, 4), f(2, 1, 4), f(2, 1, 4), 2, attentionWeights(), {
          attnMask: i(2, 2),
        }),
      T,
      "masks must be bool or floating: current dtype is int32",
    ],
    [
      () =>
        core.multiHeadAttention(f(2, 1, 4), f(2, 1, 4), f(2, 1, 4), 2, attentionWeights(), {
          attnMask: b(2, 2),
        }),
      "is right",
    ],
  ],
  recurrent: [
    [() => core.lstm(f(2), null, [cell]), R, "[time, n, features]"],
    [() => core.lstm(f(0, 1, 3), null, [cell]), R, "lstm()"],
    [() => core.lstm(f(1, 0, 3), null, [cell], { batchFirst: true }), R, "lstm()"],
    [() => core.lstm(f(2, 1, 3), null, []), R, "weights for each layer and direction: current number is 0"],
    [() => core.lstm(f(2, 1, 3), null, [cell], { bidirectional: true }), R, "current number is 1"],
    [() => core.lstm(f(2, 1, 3), [f(1, 2, 2), f(1, 1, 2)], [cell]), R, "the state must be [1, 1, 2]"],
    [() => core.lstm(f(2, 1, 3), [f(1, 1, 2), f(1, 2, 2)], [cell]), R, "the state must be [1, 1, 2]"],
    [() => core.lstm(f(2, 1, 3), null, [cell]), "is right"],
    [() => core.lstm(f(2, 1, 4), null, [cell]), R, "weights must be [4 * hidden, features]"],
    [() => core.lstmCell(f(1, 1, 3), null, cell), R, "[n, features] or [features]"],
    [() => core.lstmCell(f(1, 3), [f(2, 2), f(1, 2)], cell), R, "the state must be [1, 2]"],
    [() => core.lstmCell(f(1, 3), null, { ...cell, biasHh: f(4) }), R, "lstmCell()"],
    [() => core.gruCell(f(1, 3), null, cell), R, "weights must be [3 * hidden, features]"],
    [() => core.rnnCell(f(1, 3), null, cell), R, "weights must be [1 * hidden, features]"],
  ],
});

function attentionWeights(): Parameters<typeof core.multiHeadAttention>[4] {
  return { inProjWeight: f(12, 4), inProjBias: f(12), outProjWeight: f(4, 4), outProjBias: f(4) };
}
