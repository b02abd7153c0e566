/** What moves elements: views and copies. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase, type OpResult } from "../case.ts";
import { booleans, integers, type Sample, uniform } from "../operand.ts";

const any = (...shape: number[]): Sample[] => [[uniform(shape)], [integers(shape, -9, 9)]];

type Call = (x: Tensor) => OpResult;

/** Calls of one tensor, each with floats and integers of one shape. */
const moves = (name: string, ...calls: readonly (readonly [Call, readonly number[]])[]): OpCase[] =>
  casesOf(name, {}, ...calls.map(([call, shape]) => [(x: Tensor) => call(x), ...any(...shape)] as const));

const VIEWS: readonly OpCase[] = [
  ...moves("reshape", [(x) => core.reshape(x, [3, 2]), [2, 3]], [(x) => core.reshape(x, [-1]), [2, 3, 4]], [
    (x) => core.reshape(x, [0, 5]),
    [5, 0],
  ]),
  ...moves("view", [(x) => core.view(x, [3, -1]), [2, 3]]).map((c) => ({ ...c, anyLayout: false })),
  // What it shows depends on where the elements lie.
  ...moves(
    "asStrided",
    [(x) => core.asStrided(x, [2, 2], [1, 3], 1), [2, 3]],
    [(x) => core.asStrided(x, [3, 2], [1, 1]), [4]],
    [(x) => core.asStrided(x, [2, 3], [0, 2]), [6]],
    [(x) => core.tidySync(() => core.asStrided(x.t(), [4], [1], 2)), [2, 3]],
    [(x) => core.tidySync(() => core.asStrided(x.slice(0, 1), [2], [2], 1)), [4]],
    [(x) => core.asStrided(x, [0, 2], [1, 1]), [3]],
  ).map((c) => ({ ...c, anyLayout: false })),
  ...casesOf(
    "asStridedScatter",
    { anyLayout: false },
    [(x, y) => core.asStridedScatter(x!, y!, [2, 2], [1, 3], 1), [uniform([2, 3]), uniform([2, 2])]],
    [(x, y) => core.tidySync(() => core.asStridedScatter(x!.t(), y!, [2], [2], 1)), [
      uniform([2, 3]),
      uniform([2]),
    ]],
  ),
  ...moves("flatten", [(x) => core.flatten(x), [2, 3]], [(x) => core.flatten(x, 1, 2), [2, 3, 2]], [
    (x) => core.flatten(x),
    [],
  ]),
  ...moves("unflatten", [(x) => core.unflatten(x, 1, [2, -1]), [2, 6]]),
  ...moves("squeeze", [(x) => core.squeeze(x), [1, 3, 1]], [(x) => core.squeeze(x, 0), [1, 3, 1]]),
  ...moves("unsqueeze", [(x) => core.unsqueeze(x, 1), [2, 3]], [(x) => core.unsqueeze(x, -1), [2, 3]]),
  ...moves("permute", [(x) => core.permute(x, [2, 0, 1]), [2, 3, 4]]),
  ...moves("transpose", [(x) => core.transpose(x, 0, -1), [2, 3, 4]]),
  ...moves("t", [(x) => core.t(x), [2, 3]], [(x) => core.t(x), [3]]),
  ...moves("movedim", [(x) => core.movedim(x, 0, -1), [2, 3, 4]], [(x) => core.movedim(x, [0, 1], [2, 0]), [
    2,
    3,
    4,
  ]]),
  ...moves("expand", [(x) => core.expand(x, [4, 2, 3]), [2, 1]], [(x) => core.expand(x, [2, -1]), [3]], [
    (x) => core.expand(x, [0, 3]),
    [3],
  ]),
  ...moves("broadcastTo", [(x) => core.broadcastTo(x, [2, 3]), [3]]),
  ...casesOf("expandAs", {}, [(x, y) => core.expandAs(x!, y!), [uniform([3]), booleans([2, 3])]]),
  ...moves("select", [(x) => core.select(x, 1, -1), [2, 3]]),
  ...moves("narrow", [(x) => core.narrow(x, 1, 1, 2), [2, 4]], [(x) => core.narrow(x, 0, 1, 0), [2, 4]]),
  ...moves("slice", [(x) => core.slice(x, 1, 1, 6, 2), [2, 7]], [(x) => core.slice(x, 0, -2), [5]], [
    (x) => core.slice(x, 0, undefined, undefined, -2),
    [5, 2],
  ]),
  ...moves("split", [(x) => core.split(x, 2), [5, 2]], [(x) => core.split(x, [1, 3], 1), [2, 4]]),
  ...moves("chunk", [(x) => core.chunk(x, 2, 1), [2, 5]]),
  ...moves("unbind", [(x) => core.unbind(x), [2, 3]], [(x) => core.unbind(x, -1), [2, 3]]),
  ...moves("diagonal", [(x) => core.diagonal(x), [3, 4]], [(x) => core.diagonal(x, -1), [4, 3]], [
    (x) => core.diagonal(x, 1, 1, 2),
    [2, 3, 3],
  ]),
  ...moves("flip", [(x) => core.flip(x, 0), [3, 2]], [(x) => core.flip(x, [0, -1]), [2, 3, 2]]),
  ...moves("slidingWindow", [(x) => core.slidingWindow(x, 0, 3, 2), [7]], [
    (x) => core.slidingWindow(x, 1, 2, 1, { dilation: 2 }),
    [2, 6],
  ]),
];

const COPIES: readonly OpCase[] = [
  ...moves("repeat", [(x) => core.repeat(x, [2, 1, 3]), [2, 3]], [(x) => core.repeat(x, [0]), [3]]),
  ...moves("tile", [(x) => core.tile(x, [2]), [2, 3]]),
  ...moves("repeatInterleave", [(x) => core.repeatInterleave(x, 2, 1), [2, 3]], [
    (x) => core.repeatInterleave(x, 3),
    [2, 2],
  ]),
  ...moves("roll", [(x) => core.roll(x, 2), [2, 3]], [(x) => core.roll(x, [1, -1], [0, 1]), [3, 4]]),
  ...moves("tril", [(x) => core.tril(x), [3, 4]], [(x) => core.tril(x, -1), [2, 3, 3]]),
  ...moves("triu", [(x) => core.triu(x), [3, 4]], [(x) => core.triu(x, 1), [4, 3]]),
  ...moves("diag", [(x) => core.diag(x), [3]], [(x) => core.diag(x, 1), [2]], [(x) => core.diag(x, -1), [
    3,
    3,
  ]]),
  ...casesOf("meshgrid", {}, [(x, y) => core.meshgrid([x!, y!]), [uniform([2]), uniform([3])]], [
    (x, y) => core.meshgrid([x!, y!], { indexing: "xy" }),
    [uniform([2]), uniform([3])],
  ]),
  ...casesOf(
    "cat",
    {},
    [
      (x, y) => core.cat([x!, y!]),
      [uniform([2, 3]), uniform([1, 3])],
      [integers([2], -4, 4), integers([3], -4, 4)],
      [uniform([0, 2]), uniform([3, 2])],
    ],
    [(x, y, z) => core.cat([x!, y!, z!], 1), [uniform([2, 1, 2]), uniform([2, 3, 2]), uniform([2, 2, 2])]],
  ),
  ...casesOf("stack", {}, [(x, y) => core.stack([x!, y!]), [uniform([2, 3]), uniform([2, 3])]], [
    (x, y) => core.stack([x!, y!], -1),
    [uniform([2, 3]), uniform([2, 3])],
  ]),
  ...(["constant", "reflect", "replicate", "circular"] as const).flatMap((mode) =>
    casesOf(
      "pad",
      {},
      [(x) => core.pad(x!, [1, 2], { mode }), [uniform([1, 2, 4])]],
      [(x) => core.pad(x!, [2, 1, 0, 1], { mode }), [uniform([1, 2, 3, 4])]],
    )
  ),
  ...casesOf("pad", {}, [(x) => core.pad(x!, [1, 0, 2, 1], { value: -1.5 }), [uniform([2, 3])], [
    uniform([0, 2]),
  ]], [
    (x) => core.pad(x!, [-1, 2]),
    [uniform([2, 4])],
  ]),
  ...casesOf(
    "unfold",
    {},
    [(x) => core.unfold(x!, { kernelSize: 2 }), [uniform([1, 2, 3, 4])], [uniform([2, 3, 4])]],
    [(x) => core.unfold(x!, { kernelSize: [2, 3], stride: 2, padding: 1, dilation: 1 }), [
      uniform([2, 1, 5, 4]),
    ]],
  ),
  ...casesOf(
    "fold",
    {},
    [(x) => core.fold(x!, { outputSize: [3, 4], kernelSize: 2 }), [uniform([1, 8, 6])], [uniform([8, 6])]],
    [(x) => core.fold(x!, { outputSize: [5, 4], kernelSize: [2, 3], stride: 2, padding: 1 }), [
      uniform([1, 6, 6]),
    ]],
  ),
  ...casesOf(
    "overlapAdd",
    {},
    [(x) => core.overlapAdd(x!, 0, 7, 2), [uniform([3, 3])]],
    [(x) => core.overlapAdd(x!, 1, 6, 1, { dilation: 2 }), [uniform([2, 4, 2])]],
  ),
];

/** Views and copies. */
export const SHAPE: readonly OpCase[] = [...VIEWS, ...COPIES];
