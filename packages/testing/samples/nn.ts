/** What layers are made of. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase, prepared } from "../case.ts";
import { booleans, distinct, given, integers, type Sample, uniform } from "../operand.ts";

const TOLERANCE = 2e-5;
const near = { tolerance: TOLERANCE } as const;

const shapes = (...list: readonly (readonly number[])[]): Sample => list.map((shape) => uniform(shape));

const CONVOLUTION: readonly OpCase[] = [
  ...casesOf(
    "conv2d",
    { tolerance: TOLERANCE },
    [
      (x, w, b) => core.conv2d(x!, w!, b!),
      shapes([1, 1, 4, 4], [2, 1, 3, 3], [2]),
      shapes([2, 3, 7, 9], [5, 3, 3, 2], [5]),
      shapes([3, 5, 12, 11], [17, 5, 5, 5], [17]),
      shapes([2, 3, 1, 1], [4, 3, 1, 1], [4]),
      // Long sums of smaller numbers, so that float32 does not lose more than the tolerance.
      [[3, 16, 18, 17], [33, 16, 5, 5], [33]].map((shape) => uniform(shape, -0.4, 0.4)),
      shapes([0, 1, 4, 4], [2, 1, 3, 3], [2]),
    ],
    [(x, w) => core.conv2d(x!, w!, null, { padding: 1 }), shapes([1, 2, 3, 3], [2, 2, 3, 3])],
    [
      (x, w) => core.conv2d(x!, w!, null, { stride: [2, 1], padding: [1, 0], dilation: [1, 2] }),
      shapes([1, 1, 5, 5], [2, 1, 2, 2]),
      shapes([2, 3, 9, 12], [4, 3, 3, 3]),
    ],
    [
      (x, w, b) => core.conv2d(x!, w!, b!, { groups: 2, padding: "same" }),
      shapes([1, 2, 3, 3], [2, 1, 2, 2], [2]),
      shapes([2, 6, 8, 7], [8, 3, 3, 3], [8]),
      // More after than before.
      shapes([2, 6, 9, 8], [10, 3, 4, 2], [10]),
    ],
    [(x, w) => core.conv2d(x!, w!), shapes([2, 4, 4], [2, 2, 2, 2])],
    // Depthwise.
    [(x, w) => core.conv2d(x!, w!, null, { groups: 3, stride: 2 }), shapes([1, 3, 4, 4], [3, 1, 2, 2])],
  ),
  ...casesOf(
    "conv1d",
    near,
    [
      (x, w, b) => core.conv1d(x!, w!, b!),
      shapes([2, 2, 5], [2, 2, 3], [2]),
      shapes([3, 4, 33], [5, 4, 3], [5]),
    ],
    [
      (x, w) => core.conv1d(x!, w!, null, { stride: 2, padding: 1, dilation: 2 }),
      shapes([1, 2, 7], [2, 2, 2]),
    ],
  ),
  ...casesOf(
    "convTranspose2d",
    near,
    [
      (x, w, b) => core.convTranspose2d(x!, w!, b!, { stride: 2, padding: 1, outputPadding: 1 }),
      shapes([1, 2, 3, 2], [2, 1, 3, 3], [1]),
      shapes([2, 5, 4, 7], [5, 6, 4, 3], [6]),
    ],
    [
      (x, w) => core.convTranspose2d(x!, w!, null, { groups: 2, dilation: 2 }),
      shapes([2, 3, 2], [2, 2, 2, 1]),
    ],
    // More rows at the end than a step: fewer were cut off there, or they are zeros.
    [
      (x, w, b) =>
        core.convTranspose2d(x!, w!, b!, { dilation: [2, 3], padding: [0, 1], outputPadding: [1, 2] }),
      shapes([1, 1, 2, 2], [1, 2, 2, 2], [2]),
      shapes([2, 3, 4, 5], [3, 4, 2, 3], [4]),
    ],
  ),
  ...casesOf(
    "convTranspose1d",
    near,
    [(x, w, b) => core.convTranspose1d(x!, w!, b!, { stride: 2 }), shapes([2, 2, 5], [2, 2, 3], [2])],
  ),
];

const POOLING: readonly OpCase[] = [
  ...casesOf(
    "maxPool2d",
    {},
    [(x) => core.maxPool2d(x!, 2), [distinct([1, 2, 4, 4])], [distinct([2, 16, 24, 25])], [
      distinct([2, 3, 9, 11]),
    ], [
      distinct([2, 4, 4]),
    ]],
    [(x) => core.maxPool2d(x!, 3, { stride: 2, padding: 1 }), [distinct([1, 1, 5, 6])], [
      distinct([2, 3, 9, 12]),
    ]],
    [
      (x) => core.maxPool2d(x!, [2, 3], { stride: [1, 2], dilation: [2, 1], ceilMode: true }),
      [distinct([1, 1, 5, 6])],
    ],
    [(x) => core.maxPool2d(x!, 2, { relu: true }), [distinct([1, 2, 4, 4])], [distinct([2, 16, 24, 25])], [
      distinct([2, 3, 9, 11]),
    ]],
    [(x) => core.maxPool2d(x!, 3, { stride: 2, padding: 1, relu: true }), [distinct([1, 1, 5, 6])], [
      distinct([2, 3, 9, 12]),
    ]],
  ),
  ...casesOf("maxPool1dWithIndices", {}, [
    (x) => core.maxPool1dWithIndices(x!, 3, { stride: 2, padding: 1, ceilMode: true }),
    [distinct([2, 2, 6])],
  ]),
  ...casesOf("maxPool2dWithIndices", {}, [
    (x) => core.maxPool2dWithIndices(x!, 2, { stride: 1 }),
    [distinct([1, 2, 3, 4])],
  ]),
  ...casesOf("maxPool1d", {}, [(x) => core.maxPool1d(x!, 2), [distinct([2, 2, 6])]]),
  ...casesOf(
    "avgPool2d",
    {},
    [(x) => core.avgPool2d(x!, 2), [uniform([1, 2, 4, 4])], [uniform([2, 16, 24, 25])], [
      uniform([2, 3, 9, 11]),
    ], [uniform([2, 4, 4])]],
    [(x) => core.avgPool2d(x!, 3, { stride: 2, padding: 1 }), [uniform([1, 1, 5, 6])], [
      uniform([2, 3, 9, 12]),
    ]],
    [(x) => core.avgPool2d(x!, 3, { stride: 2, padding: 1, countIncludePad: false }), [
      uniform([1, 1, 5, 6]),
    ]],
    [(x) => core.avgPool2d(x!, 2, { stride: 2, ceilMode: true }), [uniform([1, 1, 5, 5])]],
    [(x) => core.avgPool2d(x!, 2, { divisorOverride: 3 }), [uniform([1, 1, 4, 4])]],
  ),
  ...casesOf("avgPool1d", {}, [(x) => core.avgPool1d(x!, 2), [uniform([2, 2, 6])]]),
  ...casesOf("lpPool2d", near, [(x) => core.lpPool2d(x!, 2, 2), [uniform([1, 2, 4, 4], 0.2, 2)]], [
    (x) => core.lpPool2d(x!, 1, 2, { ceilMode: true }),
    [uniform([1, 2, 3, 5])],
  ]),
];

const SOFTMAX: readonly OpCase[] = [
  ...([["softmax", core.softmax], ["logSoftmax", core.logSoftmax], ["softmin", core.softmin]] as const)
    .flatMap((
      [name, op],
    ) =>
      casesOf(
        name,
        { tolerance: 1e-5 },
        [(x) => op(x!, -1), [uniform([2, 3])], [uniform([5, 67])], [uniform([40, 1003])], [
          uniform([3, 5], -90, 90),
        ], [
          uniform([0, 3]),
        ], [uniform([2, 0])]],
        [(x) => op(x!, 0), [uniform([4])], [uniform([17, 3])]],
        [(x) => op(x!, 1), [uniform([2, 3, 2])]],
      )
    ),
];

const running = (x: Tensor, value: number) =>
  core.full([x.shape[1]!], value, { device: x.device, dtype: x.dtype });

const NORMALIZATION: readonly OpCase[] = [
  ...casesOf(
    "batchNorm",
    near,
    [
      (x, w, b) => core.batchNorm(x!, null, null, w!, b!, { training: true }),
      shapes([3, 2, 2, 2], [2], [2]),
      shapes([4, 3], [3], [3]),
      shapes([5, 7, 9, 3], [7], [7]),
      shapes([6, 10, 12, 11], [10], [10]),
    ],
    [(x) => core.batchNorm(x!, null, null, null, null, { training: true, eps: 1e-3 }), shapes([3, 2, 4])],
    [
      prepared(
        (x, w, b) => [x!, running(x!, 0.25), running(x!, 1.5), w!, b!],
        (x, mean, variance, w, b) => core.batchNorm(x!, mean!, variance!, w!, b!),
      ),
      shapes([3, 2, 2, 2], [2], [2]),
    ],
    // The running statistics move, and come back as results.
    [
      prepared((x) => [x!, running(x!, 0.25), running(x!, 1.5)], (x, mean, variance) => {
        const y = core.batchNorm(x!, mean!, variance!, null, null, { training: true, momentum: 0.3 });
        return [y, mean!, variance!];
      }),
      shapes([3, 2, 4]),
    ],
  ),
  ...casesOf(
    "layerNorm",
    near,
    [
      (x, w, b) => core.layerNorm(x!, [4], w!, b!),
      shapes([3, 4], [4], [4]),
      shapes([2, 3, 4], [4], [4]),
    ],
    [
      (x, w, b) => core.layerNorm(x!, [67], w!, b!),
      shapes([5, 67], [67], [67]),
      shapes([99, 67], [67], [67]),
    ],
    [(x) => core.layerNorm(x!, [3, 2], null, null, { eps: 1e-3 }), shapes([2, 3, 2])],
  ),
  ...casesOf("groupNorm", near, [
    (x, w, b) => core.groupNorm(x!, 2, w!, b!),
    shapes([2, 4, 3], [4], [4]),
    shapes([2, 6, 5, 3], [6], [6]),
  ]),
  ...casesOf("instanceNorm", near, [(x, w, b) => core.instanceNorm(x!, w!, b!), shapes([2, 2, 4], [2], [2])]),
  ...casesOf("rmsNorm", near, [(x, w) => core.rmsNorm(x!, [4], w!), shapes([3, 4], [4])]),
  ...casesOf(
    "normalize",
    near,
    [(x) => core.normalize(x!), shapes([2, 3]), shapes([5, 67])],
    [(x) => core.normalize(x!, { p: 1, dim: 0 }), shapes([3, 2])],
  ),
];

const DISTANCE: readonly OpCase[] = [
  ...casesOf("cosineSimilarity", near, [
    (a, b) => core.cosineSimilarity(a!, b!),
    shapes([2, 3], [2, 3]),
    // One element broadcast to a whole vector, one vector broadcast to all.
    shapes([2, 3], [2, 1]),
    shapes([2, 3], []),
    shapes([3], [2, 3]),
  ]),
  ...casesOf("pairwiseDistance", near, [
    (a, b) => core.pairwiseDistance(a!, b!),
    shapes([2, 3], [2, 3]),
  ], [(a, b) => core.pairwiseDistance(a!, b!, { p: 1, keepdim: true }), shapes([2, 3], [2, 3])]),
  ...casesOf("cdist", near, [
    (a, b) => core.cdist(a!, b!),
    shapes([2, 3], [4, 3]),
    shapes([2, 2, 3], [2, 3, 3]),
  ], [
    (a, b) => core.cdist(a!, b!, { p: 1 }),
    shapes([2, 3], [4, 3]),
  ]),
];

// Gradients and second derivatives draw the same numbers again.
const seeded = (x: Tensor, f: () => Tensor): Tensor => {
  x.device.generator.manualSeed(7);
  return f();
};

const LAYERS: readonly OpCase[] = [
  ...casesOf(
    "embedding",
    {},
    [
      (i, w) => core.embedding(i!, w!),
      [integers([4], 0, 3), uniform([3, 2])],
      [integers([5, 7], 0, 33), uniform([33, 9])],
      [integers([0], 0, 3), uniform([3, 2])],
    ],
  ),
  ...casesOf("embedding", { derivative: false }, [
    (i, w) => core.embedding(i!, w!, { paddingIdx: 1 }),
    [integers([6], 0, 3), uniform([3, 2])],
  ]),
  ...casesOf(
    "dropout",
    {},
    [(x) => seeded(x!, () => core.dropout(x!, { p: 0.4 })), [uniform([3, 4])], [uniform([5, 67])]],
    [(x) => core.dropout(x!, { training: false }), [uniform([3])]],
    [(x) => core.dropout(x!, { p: 1 }), [uniform([3])]],
  ),
  ...casesOf("pixelShuffle", {}, [(x) => core.pixelShuffle(x!, 2), [uniform([1, 4, 2, 3])]]),
  ...casesOf("pixelUnshuffle", {}, [(x) => core.pixelUnshuffle(x!, 2), [uniform([1, 1, 4, 6])]]),
  ...casesOf(
    "scaledDotProductAttention",
    near,
    [
      (q, k, v) => core.scaledDotProductAttention(q!, k!, v!),
      shapes([1, 3, 2], [1, 4, 2], [1, 4, 3]),
      shapes([2, 2, 9, 8], [2, 2, 9, 8], [2, 2, 9, 8]),
    ],
    [
      (q, k, v) => core.scaledDotProductAttention(q!, k!, v!, { isCausal: true, scale: 0.7 }),
      shapes([1, 3, 2], [1, 3, 2], [1, 3, 2]),
    ],
    [
      (q, k, v, m) => core.scaledDotProductAttention(q!, k!, v!, { attnMask: m! }),
      [...shapes([1, 3, 2], [1, 4, 2], [1, 4, 2]), uniform([3, 4])],
    ],
    [
      (q, k, v, m) => core.scaledDotProductAttention(q!, k!, v!, { attnMask: m!, enableGqa: true }),
      [
        ...shapes([4, 3, 2], [2, 4, 2], [2, 4, 1]),
        given([1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1], [3, 4], "bool"),
      ],
    ],
    [
      // Every query sees one key at least.
      prepared(
        (q, k, v, m) => [q!, k!, v!, m!.logicalOr(core.eye(3, 4, { device: m!.device, dtype: "bool" }))],
        (q, k, v, m) => core.scaledDotProductAttention(q!, k!, v!, { attnMask: m! }),
      ),
      [...shapes([1, 3, 2], [1, 4, 2], [1, 4, 2]), booleans([3, 4])],
    ],
  ),
];

/** Convolution, pooling, softmax, normalization, distances, embedding, dropout, attention. */
export const NN: readonly OpCase[] = [
  ...CONVOLUTION,
  ...POOLING,
  ...SOFTMAX,
  ...NORMALIZATION,
  ...DISTANCE,
  ...LAYERS,
];
