/**
 * Points where functions of several elements have no slope, or not a finite one: ties, zeros, infinities, NaN. There all
 * backends are to give what the oracle gives, whose gradients are those of PyTorch (`tests/reference`).
 */
import * as core from "@troodon/core";
import type { Reduction, Tensor } from "@troodon/core";
import { casesOf, type OpCall, type OpCase } from "../case.ts";
import { EDGES, given, type Operand, type Sample } from "../operand.ts";

/** Differences show nothing at kinks. */
const KINK = { derivative: false, twice: false, halves: false, tolerance: 2e-5 } as const;

const at = (name: string, op: OpCall, ...samples: readonly Sample[]): OpCase[] =>
  casesOf(name, KINK, [op, ...samples]);

const whole = (values: readonly number[], shape?: readonly number[]): Operand =>
  given(values, shape, "int32");

/** Beside the edges: equal to some, a margin or a threshold away from others. */
const BESIDE = given([0, Infinity, 1, 0, 1, 0, 1, 0.5, 0.5, NaN, -1.5, 0, 30, -Infinity]);
/** Targets of two classes. */
const SIGNS = given([1, -1, 1, -1, 1, -1, -1, 1, 1, -1, 1, -1, 1, -1]);
const [none, sum, mean]: readonly Reduction[] = ["none", "sum", "mean"];

const { mseLoss, l1Loss, smoothL1Loss, huberLoss, poissonNllLoss, klDiv, softMarginLoss } = core;
const { hingeEmbeddingLoss, binaryCrossEntropyWithLogits } = core;
type Loss = (x: Tensor, target: Tensor, options: { readonly reduction?: "none" }) => Tensor;
const PAIRS: Readonly<Record<string, Loss>> = {
  ...{ mseLoss, l1Loss, smoothL1Loss, huberLoss, poissonNllLoss, klDiv, softMarginLoss },
  ...{ hingeEmbeddingLoss, binaryCrossEntropyWithLogits },
};

const ROWS = given([NaN, 1, 2, 0, -Infinity, 1, 2, 2, 2, Infinity, 0, 1], [4, 3]);
const IGNORED = whole([-100, 0, 2, -100]), ALL_IGNORED = whole([-100, -100, -100, -100]);
const FINITE = given([0.5, 1, 2, 0, -3, 1, 2, 2, 2, 0, 0, 1], [4, 3]), WEIGHT = given([0, 1, 2]);

const LOSSES: readonly OpCase[] = [
  ...Object.entries(PAIRS).flatMap(([name, loss]) =>
    at(name, (x, y) => loss(x!, y!, { reduction: "none" }), [EDGES, BESIDE], [EDGES, SIGNS])
  ),
  ...at("marginRankingLoss", (x, y, z) => core.marginRankingLoss(x!, y!, z!), [EDGES, BESIDE, SIGNS]),
  ...at(
    "binaryCrossEntropy",
    (x, y) => core.binaryCrossEntropy(x!, y!, { reduction: "none" }),
    [given([0, 1, 0, 1, 0.5]), given([0, 1, 1, 0, 1])],
  ),
  ...at(
    "gaussianNllLoss",
    (x, y, v) => core.gaussianNllLoss(x!, y!, v!),
    [given([1, 2, 3]), given([1, 0, 1]), given([0, 1e-6, 1e-7])],
  ),
  ...at(
    "multiMarginLoss",
    (x, y) => core.multiMarginLoss(x!, y!),
    [given([1, 0, 2, 0, 1, 0], [2, 3]), whole([0, 1])],
    [ROWS, whole([0, 1, 2, 0])],
  ),
  ...at(
    "cosineEmbeddingLoss",
    (x, y, z) => core.cosineEmbeddingLoss(x!, y!, z!),
    [given([0, 0, 1, 0], [2, 2]), given([1, 1, 1, 0], [2, 2]), given([1, 1])],
  ),
  ...[none, sum, mean].flatMap((reduction) => [
    ...at("crossEntropy", (x, y) => core.crossEntropy(x!, y!, { reduction: reduction! }), [
      FINITE,
      ALL_IGNORED,
    ], [
      ROWS,
      IGNORED,
    ]),
    ...at(
      "crossEntropy",
      (x, y, w) => core.crossEntropy(x!, y!, { reduction: reduction!, weight: w!, labelSmoothing: 0.1 }),
      [FINITE, ALL_IGNORED, WEIGHT],
      [FINITE, IGNORED, WEIGHT],
    ),
    ...at("nllLoss", (x, y) => core.nllLoss(x!, y!, { reduction: reduction! }), [ROWS, IGNORED], [
      ROWS,
      ALL_IGNORED,
    ]),
  ]),
];

const LINES = given([1, 1, 0, NaN, 2, 2, 0, 0, 0, Infinity, 1, -Infinity, -3, 3, 3], [5, 3]);
const ZEROS = given([0, 0, 0, 1, 2, 2, 0, 3, -3], [3, 3]);

const LINES_OF_NUMBERS: readonly OpCase[] = [
  ...at("amax", (x) => core.amax(x!, 1), [LINES]),
  ...at("max", (x) => core.max(x!), [ZEROS], [LINES]),
  ...at("min", (x) => core.min(x!), [ZEROS], [LINES]),
  ...at("median", (x) => core.median(x!), [ZEROS]),
  ...[0.5, 1, 2, 3, Infinity, -Infinity].flatMap((p) =>
    at("norm", (x) => core.norm(x!, p, 1), [ZEROS], [LINES])
  ),
  ...[1, 2, Infinity].flatMap((p) => at("cdist", (x, y) => core.cdist(x!, y!, { p }), [ZEROS, ZEROS])),
  ...at("normalize", (x) => core.normalize(x!), [ZEROS]),
  ...at("cosineSimilarity", (x, y) => core.cosineSimilarity(x!, y!), [ZEROS, given([1, 2, 0], [1, 3])]),
  ...at("logsumexp", (x) => core.logsumexp(x!, 1), [LINES]),
  ...at("logcumsumexp", (x) => core.logcumsumexp(x!, 1), [LINES]),
  ...at("softmax", (x) => core.softmax(x!, 1), [LINES]),
  ...at("cumprod", (x) => core.cumprod(x!, 1), [ZEROS]),
  ...at("cumprod", (x) => core.cumprod(x!, 0), [given([3], [])]),
  ...at("lpPool1d", (x) => core.lpPool1d(x!, 3, 2, { ceilMode: true }), [
    given([-1, -2, 0, 0, 3], [1, 1, 5]),
  ]),
  ...at("maxPool1d", (x) => core.maxPool1d(x!, 2), [given([1, 1, NaN, 0, 2, 2], [1, 1, 6])]),
];

/** Cases at kinks, ties, zeros and infinities. */
export const KINKS: readonly OpCase[] = [...LOSSES, ...LINES_OF_NUMBERS];
