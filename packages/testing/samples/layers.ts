/** Smaller parts of layers. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { uniform } from "../operand.ts";

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

/** Dropout of channels, slopes at random, thresholds, neighbouring channels. */
export const LAYERS: readonly OpCase[] = [
  ...DROPOUT,
  ...casesOf(
    "alphaDropout",
    {},
    [(x) => seeded(x!, () => core.alphaDropout(x!, { p: 0.4 })), [uniform([3, 4])], [uniform([5, 67])]],
    [(x) => core.alphaDropout(x!, { training: false }), [uniform([3])]],
  ),
  ...casesOf("threshold", { halves: true }, [(x) => core.threshold(x!, 0.1, -3), [uniform([3, 4])], [
    uniform([5, 67]),
  ]]),
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
];
