/** Smaller parts of layers. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { given, integers, uniform } from "../operand.ts";

// Gradients and second derivatives draw the same numbers again.
const seeded = (x: Tensor, f: () => Tensor): Tensor => {
  x.device.generator.manualSeed(7);
  return f();
};

const DROPOUT: readonly OpCase[] =
  ([["dropout1d", core.dropout1d, [3]], ["dropout2d", core.dropout2d, [3, 2]], [
    "dropout3d",
    core.dropout3d,
    [1, 3, 2],
  ]] as const).flatMap(([name, op, extents]) =>
    casesOf(
      name,
      {},
      [(x) => seeded(x!, () => op(x!, { p: 0.4 })), [uniform([2, 4, ...extents])], [
        uniform([5, ...extents]),
      ]],
      [(x) => op(x!, { training: false }), [uniform([2, ...extents])]],
    )
  );

const activations = (
  name: string,
  op: (x: Tensor) => Tensor,
  inPlace: (x: Tensor) => Tensor,
): OpCase[] =>
  casesOf(name, {}, [(x) => op(x!), [uniform([3, 4])], [uniform([5, 67])]]).map((one) => ({
    ...one,
    inPlace,
  }));

const IN_PLACE: readonly OpCase[] = [
  ...activations("celu", (x) => core.celu(x, { alpha: 0.7 }), (x) => core.celu_(x, { alpha: 0.7 })),
  ...activations("elu", (x) => core.elu(x, { alpha: 0.7 }), (x) => core.elu_(x, { alpha: 0.7 })),
  ...activations(
    "hardtanh",
    (x) => core.hardtanh(x, { minVal: -0.7 }),
    (x) => core.hardtanh_(x, { minVal: -0.7 }),
  ),
  ...activations(
    "leakyRelu",
    (x) => core.leakyRelu(x, { negativeSlope: 0.3 }),
    (x) => core.leakyRelu_(x, { negativeSlope: 0.3 }),
  ),
  ...activations("rrelu", (x) => core.rrelu(x, { lower: 0.2 }), (x) => core.rrelu_(x, { lower: 0.2 })),
  ...activations("selu", core.selu, core.selu_),
  ...activations("threshold", (x) => core.threshold(x, 0.1, -3), (x) => core.threshold_(x, 0.1, -3)),
];

/** Dropout of channels, slopes at random, thresholds, neighboring channels. */
export const LAYERS: readonly OpCase[] = [
  ...DROPOUT,
  ...casesOf(
    "alphaDropout",
    {},
    [(x) => seeded(x!, () => core.alphaDropout(x!, { p: 0.4 })), [uniform([3, 4])], [uniform([5, 67])]],
    [(x) => core.alphaDropout(x!, { training: false }), [uniform([3])]],
  ),
  ...casesOf(
    "featureAlphaDropout",
    {},
    [(x) => seeded(x!, () => core.featureAlphaDropout(x!, { p: 0.4 })), [uniform([3, 4, 2])], [
      uniform([5, 17, 3]),
    ]],
    [(x) => core.featureAlphaDropout(x!, { training: false }), [uniform([3, 2])]],
  ),
  ...IN_PLACE,
  ...casesOf("threshold", {}, [(x) => core.threshold(x!, 0.1, -3), [uniform([3, 4])], [
    uniform([5, 67]),
  ]], [(x) => core.threshold(x!, 1.5, 7.5), [integers([5, 7], 0, 9)], [integers([5], 0, 9, "uint8")]]),
  ...casesOf("hardtanh", {}, [
    (x) => core.hardtanh(x!, { minVal: 1.5, maxVal: 4 }),
    [integers([5, 7], -9, 9)],
    [
      integers([5], 0, 9, "uint8"),
    ],
  ]),
  ...casesOf(
    "rrelu",
    {},
    [(x) => seeded(x!, () => core.rrelu(x!, { lower: 0.2, training: true })), [uniform([3, 4])], [
      uniform([5, 67]),
    ]],
    [(x) => core.rrelu(x!), [uniform([3, 4])]],
  ),
  ...casesOf(
    "localResponseNorm",
    { tolerance: 1e-5 },
    [(x) => core.localResponseNorm(x!, 3, { alpha: 0.4, beta: 0.6, k: 2 }), [uniform([2, 4, 3])], [
      uniform([2, 7, 3, 5]),
    ]],
    [(x) => core.localResponseNorm(x!, 2), [uniform([1, 3, 2, 2])]],
  ),
  ...casesOf("channelShuffle", {}, [(x) => core.channelShuffle(x!, 2), [uniform([2, 4, 3])]]),
  ...(["mean", "sum", "none"] as const).flatMap((reduction) => [
    ...casesOf("multilabelMarginLoss", {}, [
      (x, y) => core.multilabelMarginLoss(x!, y!, { reduction }),
      [uniform([2, 3]), given([2, -1, 1, 0, 1, -1], [2, 3], "int32")],
      [uniform([4]), given([3, 1, -1, 0], [4], "int32")],
    ]),
    ...casesOf("tripletMarginWithDistanceLoss", { tolerance: 2e-5 }, [
      (a, p, n) => core.tripletMarginWithDistanceLoss(a!, p!, n!, { reduction, margin: 2, swap: true }),
      [uniform([3, 4]), uniform([3, 4]), uniform([3, 4])],
    ]),
  ]),
  ...casesOf("maxUnpool2d", {}, [
    (x, i) => core.maxUnpool2d(x!, i!, 2, { outputSize: [4, 5] }),
    [uniform([2, 2, 2]), given([0, 7, 11, 18, 1, 3, 15, 19], [2, 2, 2], "int32")],
  ]),
  ...casesOf("maxUnpool3d", {}, [
    (x, i) => core.maxUnpool3d(x!, i!, [1, 2, 2]),
    [uniform([1, 2, 1, 2]), given([1, 6, 12, 11], [1, 2, 1, 2], "int32")],
  ]),
  ...casesOf("maxUnpool1d", {}, [
    (x, i) => core.maxUnpool1d(x!, i!, 2),
    [uniform([1, 2, 2]), given([0, 2, 1, 3], [1, 2, 2], "int32")],
  ]),
  ...casesOf(
    "gumbelSoftmax",
    { tolerance: 2e-5 },
    [(x) => seeded(x!, () => core.gumbelSoftmax(x!, { tau: 0.7 })), [uniform([3, 4])], [uniform([5, 67])]],
  ),
  // The gradient of one class is that of the mixture.
  ...casesOf(
    "gumbelSoftmax",
    { tolerance: 2e-5, derivative: false },
    [(x) => seeded(x!, () => core.gumbelSoftmax(x!, { hard: true, dim: 0 })), [uniform([3, 4])]],
  ),
];
