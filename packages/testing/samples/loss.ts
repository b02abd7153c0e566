/** Losses, each with its three reductions. */
import * as core from "@troodon/core";
import type { Reduction, Tensor } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { given, integers, type Operand, type Sample, signs, uniform } from "../operand.ts";

const REDUCTIONS: readonly Reduction[] = ["mean", "sum", "none"];

type Loss = (reduction: Reduction, ...tensors: Tensor[]) => Tensor;

const losses = (name: string, loss: Loss, ...samples: readonly Sample[]): OpCase[] =>
  REDUCTIONS.flatMap((reduction) =>
    casesOf(name, { tolerance: 2e-5 }, [(...tensors) => loss(reduction, ...tensors), ...samples])
  );

const pair = (shape: readonly number[]): Sample => [uniform(shape), uniform(shape)];
/** Probabilities, which are never large. */
function probability(shape: readonly number[]): Operand {
  const { range: _, ...operand } = uniform(shape, 0.05, 0.95);
  return operand;
}
const [SMALL, WIDE] = [[2, 3], [5, 67]];

const REGRESSION: readonly OpCase[] = [
  ...losses("mseLoss", (reduction, x, y) => core.mseLoss(x!, y!, { reduction }), pair(SMALL), pair(WIDE)),
  ...losses("l1Loss", (reduction, x, y) => core.l1Loss(x!, y!, { reduction }), pair(SMALL), pair(WIDE)),
  ...losses(
    "smoothL1Loss",
    (reduction, x, y) => core.smoothL1Loss(x!, y!, { reduction, beta: 0.6 }),
    pair(SMALL),
    pair(WIDE),
  ),
  ...losses(
    "huberLoss",
    (reduction, x, y) => core.huberLoss(x!, y!, { reduction, delta: 0.6 }),
    pair(SMALL),
    pair(WIDE),
  ),
  ...losses(
    "poissonNllLoss",
    (reduction, x, y) => core.poissonNllLoss(x!, y!, { reduction }),
    pair(SMALL),
    pair(WIDE),
  ),
  ...losses(
    "poissonNllLoss",
    (reduction, x, y) => core.poissonNllLoss(x!, y!, { reduction, logInput: false }),
    [uniform(SMALL, 0.3, 2), uniform(SMALL, 0, 3)],
  ),
  ...losses(
    "poissonNllLoss",
    (reduction, x, y) => core.poissonNllLoss(x!, y!, { reduction, full: true }),
    [uniform(SMALL), uniform(SMALL, 1.1, 3)],
  ),
  ...losses(
    "gaussianNllLoss",
    (reduction, x, y, v) => core.gaussianNllLoss(x!, y!, v!, { reduction }),
    [...pair(SMALL), uniform(SMALL.slice(0, -1), 0.3, 2)],
    [...pair(SMALL), uniform([...SMALL.slice(0, -1), 1], 0.3, 2)],
  ),
  ...losses(
    "gaussianNllLoss",
    (reduction, x, y, v) => core.gaussianNllLoss(x!, y!, v!, { reduction, full: true }),
    [...pair(SMALL), uniform(SMALL, 0.3, 2)],
    [...pair(SMALL), uniform([2], 0.3, 2)],
    [uniform(SMALL), uniform([1, 3]), uniform([2, 1], 0.3, 2)],
  ),
  ...losses(
    "poissonNllLoss",
    (reduction, x, y) => core.poissonNllLoss(x!, y!, { reduction, full: true }),
    [uniform(SMALL), uniform(SMALL, 1.5, 9)],
  ),
];

const BINARY: readonly OpCase[] = [
  ...losses(
    "binaryCrossEntropy",
    (reduction, x, y) => core.binaryCrossEntropy(x!, y!, { reduction }),
    [probability(SMALL), probability(SMALL)],
    [probability(WIDE), probability(WIDE)],
  ),
  ...losses(
    "binaryCrossEntropy",
    (reduction, x, y, weight) => core.binaryCrossEntropy(x!, y!, { reduction, weight: weight! }),
    [probability(SMALL), probability(SMALL), uniform([3], 0.5, 2)],
  ),
  ...losses(
    "binaryCrossEntropyWithLogits",
    (reduction, x, y) => core.binaryCrossEntropyWithLogits(x!, y!, { reduction }),
    [uniform(SMALL), probability(SMALL)],
    [uniform(WIDE, -60, 60), probability(WIDE)],
  ),
  ...losses(
    "binaryCrossEntropyWithLogits",
    (reduction, x, y, posWeight) =>
      core.binaryCrossEntropyWithLogits(x!, y!, { reduction, posWeight: posWeight! }),
    [uniform(SMALL), probability(SMALL), uniform([3], 0.5, 2)],
  ),
  ...losses(
    "binaryCrossEntropyWithLogits",
    (reduction, x, y, posWeight, weight) =>
      core.binaryCrossEntropyWithLogits(x!, y!, { reduction, posWeight: posWeight!, weight: weight! }),
    [uniform(SMALL), probability(SMALL), uniform([3], 0.5, 2), uniform([2, 1], 0.5, 2)],
  ),
  ...losses("softMarginLoss", (reduction, x, y) => core.softMarginLoss(x!, y!, { reduction }), [
    uniform(SMALL),
    signs(SMALL),
  ]),
  ...losses(
    "multilabelSoftMarginLoss",
    (reduction, x, y) => core.multilabelSoftMarginLoss(x!, y!, { reduction }),
    [uniform(SMALL), probability(SMALL)],
  ),
];

const CLASSES: readonly OpCase[] = [
  ...losses(
    "nllLoss",
    (reduction, x, y) => core.nllLoss(x!, y!, { reduction }),
    [uniform([3, 4]), integers([3], 0, 4)],
    [uniform([2, 3, 2]), integers([2, 2], 0, 3)],
  ),
  ...losses(
    "nllLoss",
    (reduction, x, y, weight) => core.nllLoss(x!, y!, { reduction, weight: weight!, ignoreIndex: 1 }),
    [uniform([4, 3]), given([0, 1, 2, 2], [4], "int32"), uniform([3], 0.5, 2)],
  ),
  ...losses(
    "crossEntropy",
    (reduction, x, y) => core.crossEntropy(x!, y!, { reduction }),
    [uniform([3, 4]), integers([3], 0, 4)],
    [uniform([65, 10], -30, 30), integers([65], 0, 10)],
    [uniform([2, 3, 2]), integers([2, 2], 0, 3)],
    [uniform([5]), integers([], 0, 5)],
    // Probabilities instead of classes.
    [uniform([3, 4]), probability([3, 4])],
  ),
  ...losses(
    "crossEntropy",
    (reduction, x, y) => core.crossEntropy(x!, y!, { reduction, ignoreIndex: 1 }),
    [uniform([4, 3]), given([0, 1, 2, 2], [4], "int32")],
  ),
  ...losses(
    "crossEntropy",
    (reduction, x, y, weight) =>
      core.crossEntropy(x!, y!, { reduction, weight: weight!, ignoreIndex: 1, labelSmoothing: 0.2 }),
    [uniform([4, 3]), given([0, 1, 2, 2], [4], "int32"), uniform([3], 0.5, 2)],
  ),
  ...losses(
    "multiMarginLoss",
    (reduction, x, y) => core.multiMarginLoss(x!, y!, { reduction, margin: 0.8 }),
    [uniform([3, 4]), integers([3], 0, 4)],
    [uniform([4]), integers([], 0, 4)],
  ),
  ...losses(
    "multiMarginLoss",
    (reduction, x, y, weight) => core.multiMarginLoss(x!, y!, { reduction, p: 2, weight: weight! }),
    [uniform([3, 4]), integers([3], 0, 4), uniform([4], 0.5, 2)],
  ),
];

const MARGINS: readonly OpCase[] = [
  ...losses("hingeEmbeddingLoss", (reduction, x, y) => core.hingeEmbeddingLoss(x!, y!, { reduction }), [
    uniform(SMALL),
    signs(SMALL),
  ]),
  ...losses(
    "marginRankingLoss",
    (reduction, a, b, y) => core.marginRankingLoss(a!, b!, y!, { reduction, margin: 0.3 }),
    [...pair([5]), signs([5])],
  ),
  ...losses(
    "cosineEmbeddingLoss",
    (reduction, a, b, y) => core.cosineEmbeddingLoss(a!, b!, y!, { reduction, margin: -0.3 }),
    [...pair([3, 4]), signs([3])],
  ),
  ...losses(
    "tripletMarginLoss",
    (reduction, a, p, n) => core.tripletMarginLoss(a!, p!, n!, { reduction, margin: 2 }),
    [...pair([3, 4]), uniform([3, 4])],
  ),
  ...losses(
    "tripletMarginLoss",
    (reduction, a, p, n) => core.tripletMarginLoss(a!, p!, n!, { reduction, margin: 2, swap: true }),
    [...pair([3, 4]), uniform([3, 4])],
  ),
];

const DIVERGENCE: readonly OpCase[] = [
  ...losses("klDiv", (reduction, x, y) => core.klDiv(x!, y!, { reduction }), [
    uniform([3, 4]),
    probability([3, 4]),
  ]),
  ...losses(
    "klDiv",
    (reduction, x, y) => core.klDiv(x!, y!, { reduction, logTarget: true }),
    pair([3, 4]),
  ),
  ...casesOf("klDiv", {}, [
    (x, y) => core.klDiv(x!, y!, { reduction: "batchmean" }),
    [uniform([3, 4]), probability([3, 4])],
  ]),
];

/** Losses of numbers, of probabilities, of classes and of distances. */
export const LOSS: readonly OpCase[] = [...REGRESSION, ...BINARY, ...CLASSES, ...MARGINS, ...DIVERGENCE];
