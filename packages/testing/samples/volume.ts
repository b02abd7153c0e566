/** Ops over three axes, pooling to given extents, resampling. */
import * as core from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { distinct, type Sample, uniform } from "../operand.ts";

const near = { tolerance: 2e-5 } as const;

const shapes = (...list: readonly (readonly number[])[]): Sample => list.map((shape) => uniform(shape));

const CONVOLUTION: readonly OpCase[] = [
  ...casesOf(
    "conv3d",
    near,
    [
      (x, w, b) => core.conv3d(x!, w!, b!),
      shapes([1, 2, 2, 3, 2], [2, 2, 2, 2, 1], [2]),
      shapes([2, 3, 5, 6, 7], [4, 3, 2, 3, 3], [4]),
    ],
    [
      (x, w) =>
        core.conv3d(x!, w!, null, { stride: [2, 1, 1], padding: [1, 0, 1], dilation: [1, 2, 1], groups: 2 }),
      shapes([2, 3, 3, 2], [2, 1, 2, 2, 2]),
    ],
    [(x, w) => core.conv3d(x!, w!, null, { padding: "same" }), shapes([1, 3, 2, 2], [1, 1, 2, 3, 1])],
  ),
  ...casesOf(
    "convTranspose3d",
    near,
    [
      (x, w, b) =>
        core.convTranspose3d(x!, w!, b!, { stride: 2, padding: [1, 0, 1], outputPadding: [1, 1, 0] }),
      shapes([1, 2, 2, 2, 2], [2, 1, 3, 2, 2], [1]),
      shapes([2, 3, 3, 2, 4], [3, 2, 3, 3, 3], [2]),
    ],
    [
      (x, w) => core.convTranspose3d(x!, w!, null, { groups: 2, dilation: [2, 1, 1] }),
      shapes([2, 2, 1, 2], [2, 2, 2, 2, 1]),
    ],
    [
      (x, w) =>
        core.convTranspose3d(x!, w!, null, {
          dilation: [3, 1, 2],
          padding: [1, 0, 0],
          outputPadding: [2, 0, 1],
        }),
      shapes([1, 2, 2, 2], [1, 1, 2, 1, 2]),
    ],
  ),
];

const POOLING: readonly OpCase[] = [
  ...casesOf(
    "maxPool3d",
    {},
    [(x) => core.maxPool3d(x!, 2), [distinct([1, 1, 2, 4, 4])], [distinct([2, 3, 4, 6, 5])]],
    [
      (x) => core.maxPool3d(x!, [2, 3, 2], { stride: [1, 2, 1], padding: [1, 1, 0], ceilMode: true }),
      [distinct([1, 3, 4, 3])],
    ],
  ),
  ...casesOf("adaptiveMaxPool1dWithIndices", {}, [
    (x) => core.adaptiveMaxPool1dWithIndices(x!, 3),
    [distinct([2, 2, 7])],
  ]),
  ...casesOf("adaptiveMaxPool3dWithIndices", {}, [
    (x) => core.adaptiveMaxPool3dWithIndices(x!, [2, 3, null]),
    [distinct([1, 3, 5, 4])],
    [distinct([2, 2, 3, 5, 4])],
  ]),
  ...casesOf("maxPool3dWithIndices", {}, [
    (x) => core.maxPool3dWithIndices(x!, [2, 2, 3], { stride: [1, 2, 1], padding: [0, 1, 1] }),
    [distinct([1, 3, 4, 3])],
    [distinct([2, 2, 3, 5, 4])],
  ]),
  ...casesOf(
    "avgPool3d",
    {},
    [(x) => core.avgPool3d(x!, 2), [uniform([1, 1, 2, 4, 4])], [uniform([2, 3, 4, 6, 5])]],
    [
      (x) => core.avgPool3d(x!, [2, 3, 2], { stride: [1, 2, 1], padding: [1, 1, 0], countIncludePad: false }),
      [uniform([1, 3, 4, 3])],
    ],
    [(x) => core.avgPool3d(x!, 2, { stride: 1, divisorOverride: 3 }), [uniform([1, 2, 3, 3])]],
  ),
  ...casesOf("lpPool3d", near, [
    (x) => core.lpPool3d(x!, 2, [2, 1, 2], { stride: 1 }),
    [uniform([1, 1, 3, 2, 4], 0.2, 2)],
  ]),
  ...casesOf("lpPool1d", near, [(x) => core.lpPool1d(x!, 2, 2), [uniform([2, 2, 5], 0.2, 2)]]),
  ...casesOf(
    "adaptiveAvgPool1d",
    {},
    [(x) => core.adaptiveAvgPool1d(x!, 3), [uniform([2, 2, 7])], [uniform([3, 2])]],
  ),
  ...casesOf(
    "adaptiveAvgPool2d",
    {},
    [(x) => core.adaptiveAvgPool2d(x!, [2, 3]), [uniform([1, 2, 5, 4])], [uniform([2, 3, 9, 11])]],
    [(x) => core.adaptiveAvgPool2d(x!, 2), [uniform([2, 4, 6])], [uniform([2, 3, 5])]],
    [(x) => core.adaptiveAvgPool2d(x!, [null, 1]), [uniform([1, 2, 3, 5])]],
  ),
  ...casesOf("adaptiveAvgPool3d", {}, [(x) => core.adaptiveAvgPool3d(x!, [2, 1, 3]), [
    uniform([1, 1, 3, 3, 4]),
  ]]),
  ...casesOf("adaptiveMaxPool1d", {}, [(x) => core.adaptiveMaxPool1d(x!, 3), [distinct([2, 2, 7])]]),
  ...casesOf(
    "adaptiveMaxPool2d",
    {},
    [(x) => core.adaptiveMaxPool2d(x!, [2, 3]), [distinct([1, 2, 5, 4])], [distinct([2, 3, 9, 11])]],
    [(x) => core.adaptiveMaxPool2d(x!, 2), [distinct([2, 4, 6])]],
  ),
  ...casesOf("adaptiveMaxPool2dWithIndices", {}, [
    (x) => core.adaptiveMaxPool2dWithIndices(x!, [2, 3]),
    [distinct([2, 5, 4])],
    [distinct([1, 1, 4, 6])],
  ]),
  ...casesOf("adaptiveMaxPool3d", {}, [(x) => core.adaptiveMaxPool3d(x!, [2, 1, 3]), [
    distinct([1, 1, 3, 3, 4]),
  ]]),
];

const RESAMPLING: readonly OpCase[] = casesOf(
  "interpolate",
  { ...near },
  [(x) => core.interpolate(x!, { scaleFactor: 2 }), [uniform([1, 2, 2, 3])], [uniform([2, 3, 9])]],
  [
    (x) => core.interpolate(x!, { size: [5, 4], mode: "bilinear" }),
    [uniform([1, 2, 3, 7])],
    [uniform([2, 3, 12, 9])],
  ],
  [(x) => core.interpolate(x!, { size: [5, 2], mode: "bilinear", alignCorners: true }), [
    uniform([1, 1, 3, 4]),
  ]],
  [(x) => core.interpolate(x!, { scaleFactor: [1.5, 2], mode: "bicubic" }), [uniform([1, 1, 5, 4])]],
  [(x) => core.interpolate(x!, { size: [3, 5], mode: "bilinear", antialias: true }), [uniform([1, 1, 7, 4])]],
  [(x) => core.interpolate(x!, { scaleFactor: 0.4, mode: "bicubic", antialias: true }), [
    uniform([1, 1, 6, 9]),
  ]],
  [(x) => core.interpolate(x!, { size: 7, mode: "bicubic", alignCorners: true }), [uniform([1, 1, 5, 4])]],
  [(x) => core.interpolate(x!, { scaleFactor: 0.7, mode: "linear" }), [uniform([1, 2, 7])]],
  [(x) => core.interpolate(x!, { size: 3, mode: "trilinear" }), [uniform([1, 1, 2, 3, 4])]],
  [(x) => core.interpolate(x!, { size: 3, mode: "nearest-exact" }), [uniform([1, 2, 5])]],
  [(x) => core.interpolate(x!, { size: 3, mode: "area" }), [uniform([1, 2, 5, 4])]],
);

/** Convolution and pooling of volumes, pooling to given extents, resampling. */
export const VOLUME: readonly OpCase[] = [...CONVOLUTION, ...POOLING, ...RESAMPLING];
