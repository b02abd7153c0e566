/** Images sampled by grids, bags of vectors, positions drawn. */
import { sizeOf } from "@troodon/core/kernel";
import * as core from "@troodon/core";
import type { GridSampleMode, GridSamplePadding, Tensor } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { distinct, given, integers, type Operand, uniform } from "../operand.ts";

const near = { tolerance: 2e-5 } as const;

/** Places between the elements of a small image: nowhere near where values have kinks. */
const between = (shape: readonly number[]): Operand => {
  const places = [-1.3, -0.83, -0.41, 0.07, 0.29, 0.63, 0.91, 1.23], n = sizeOf(shape);
  return {
    shape,
    dtype: "float",
    draw: (g) => Float64Array.from({ length: n }, () => places[g.integer(8)]!),
  };
};

const MODES = ["bilinear", "nearest", "bicubic"] satisfies GridSampleMode[];
const PADDINGS = ["zeros", "border", "reflection"] satisfies GridSamplePadding[];

const GRIDS: readonly OpCase[] = [
  ...casesOf("affineGrid", near, [
    (theta) => core.affineGrid(theta!, [2, 1, 3, 4]),
    [uniform([2, 2, 3])],
  ], [
    (theta) => core.affineGrid(theta!, [1, 5, 2, 1, 3], { alignCorners: true }),
    [uniform([1, 3, 4])],
  ]),
  ...MODES.flatMap((mode) =>
    PADDINGS.flatMap((paddingMode) =>
      [false, true].flatMap((alignCorners) =>
        casesOf("gridSample", { ...near, anyLayout: false, largest: 0 }, [
          (x, grid) => core.gridSample(x!, grid!, { mode, paddingMode, alignCorners }),
          [uniform([1, 2, 3, 4]), between([1, 2, 3, 2])],
          [uniform([3, 2, 7, 5]), between([3, 9, 5, 2])],
        ])
      )
    )
  ),
  ...casesOf(
    "gridSample",
    { ...near, anyLayout: false, largest: 0 },
    [
      (x, grid) => core.gridSample(x!, grid!),
      [uniform([1, 1, 2, 3, 2]), between([1, 2, 1, 3, 3])],
    ],
    [
      (x, grid) =>
        core.gridSample(x!, grid!, { mode: "nearest", paddingMode: "reflection", alignCorners: true }),
      [uniform([2, 1, 2, 1, 3]), between([2, 1, 1, 3, 3])],
    ],
  ),
];

const words = (values: readonly number[], shape?: readonly number[]): Operand =>
  given(values, shape ?? [values.length], "int32");

const BAGS: readonly OpCase[] = (["sum", "mean", "max"] as const).flatMap((mode) => [
  ...casesOf(
    "embeddingBag",
    { anyLayout: false },
    [
      (i, w) => core.embeddingBag(i!, w!, { mode }),
      [words([1, 3, 0, 1, 1, 2], [2, 3]), distinct([4, 2])],
      [integers([7, 5], 0, 33), distinct([33, 17])],
      [words([], [2, 0]), distinct([4, 2])],
    ],
    [
      (i, w, offsets) => core.embeddingBag(i!, w!, { mode, offsets: offsets! }),
      [words([1, 3, 0, 1, 1]), distinct([4, 2]), words([0, 2, 2, 5])],
      [integers([65], 0, 33), distinct([33, 17]), words([0, 1, 9, 9, 50])],
      [words([]), distinct([4, 2]), words([0, 0])],
    ],
    [
      (i, w, offsets) => core.embeddingBag(i!, w!, { mode, offsets: offsets!, includeLastOffset: true }),
      [words([1, 3, 0, 1]), distinct([4, 2]), words([0, 0, 3, 4])],
    ],
  ),
  // A row that learns nothing.
  ...casesOf("embeddingBag", { anyLayout: false, derivative: false }, [
    (i, w, offsets) => core.embeddingBag(i!, w!, { mode, offsets: offsets!, paddingIdx: 1 }),
    [words([1, 3, 1, 0, 1, 1]), distinct([4, 2]), words([0, 2, 4])],
  ], [
    (i, w) => core.embeddingBag(i!, w!, { mode, paddingIdx: -1, scaleGradByFreq: true }),
    [words([3, 3, 0, 2, 2, 2], [3, 2]), distinct([4, 2])],
  ]),
]);

const WEIGHTED: readonly OpCase[] = casesOf("embeddingBag", { anyLayout: false }, [
  (i, w, perSampleWeights, offsets) =>
    core.embeddingBag(i!, w!, { mode: "sum", perSampleWeights: perSampleWeights!, offsets: offsets! }),
  [words([1, 3, 0, 1]), uniform([4, 2]), uniform([4]), words([0, 3])],
]);

// Gradients and other devices draw the same numbers again.
const seeded = (x: Tensor, f: () => Tensor): Tensor => {
  x.device.generator.manualSeed(7);
  return f();
};

const DRAWS: readonly OpCase[] = casesOf(
  "multinomial",
  { differentiable: false },
  [
    (x) => seeded(x!, () => core.multinomial(x!, 2)),
    [uniform([5], 0.1, 1)],
    [uniform([4, 33], 0.1, 1)],
    [given([0, 1, 3, 2, 0, 1], [2, 3])],
  ],
  [
    (x) => seeded(x!, () => core.multinomial(x!, 40, { replacement: true })),
    [uniform([5], 0.1, 1)],
    [given([0, 1, 3, 2, 0, 0], [2, 3])],
  ],
);

/** Images sampled by grids, bags of vectors, positions drawn. */
export const SAMPLING: readonly OpCase[] = [...GRIDS, ...BAGS, ...WEIGHTED, ...DRAWS];
