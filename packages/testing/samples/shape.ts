/** Cases of ops that move elements: views and copies. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase, type OpResult } from "../case.ts";
import { booleans, given, integers, type Sample, uniform } from "../operand.ts";

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
    [(x) => core.tidySync(() => core.asStrided(x.expand([3, 2]), [2], [1])), [2]],
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
  ...moves("ravel", [(x) => core.ravel(x), [2, 3]]),
  ...casesOf("viewAs", { anyLayout: false }, [(x, y) => core.viewAs(x!, y!), [
    uniform([2, 3]),
    booleans([6]),
  ]]),
  ...casesOf("reshapeAs", {}, [(x, y) => core.reshapeAs(x!, y!), [uniform([2, 3]), booleans([6])]]),
  ...moves("moveaxis", [(x) => core.moveaxis(x, [0, 1], [2, 0]), [2, 3, 4]]),
  ...moves("swapaxes", [(x) => core.swapaxes(x, 0, -1), [2, 3, 4]]),
  ...moves("swapdims", [(x) => core.swapdims(x, 0, -1), [2, 3, 4]]),
  ...moves("adjoint", [(x) => core.adjoint(x), [2, 3, 4]]),
  ...moves("mT", [(x) => x.mT, [2, 3]]),
  ...moves("mH", [(x) => x.mH, [2, 3]]),
  ...moves("atleast1d", [(x) => core.atleast1d(x), []], [(x) => core.atleast1d([x, x]), [2]]),
  ...moves("atleast2d", [(x) => core.atleast2d(x), [3]], [(x) => core.atleast2d([x]), [1, 2, 1]]),
  ...moves("atleast3d", [(x) => core.atleast3d(x), [3]], [(x) => core.atleast3d(x), [2, 3]]),
  ...casesOf("broadcastTensors", {}, [
    (x, y) => core.broadcastTensors([x!, y!]),
    [uniform([2, 1]), uniform([3])],
  ]),
  ...moves("sumToSize", [(x) => core.sumToSize(x, [3, 1]), [2, 3, 4]], [(x) => core.sumToSize(x, []), [2]], [
    (x) => core.sumToSize(x, [2, 3]),
    [2, 3],
  ]),
  ...moves("tensorSplit", [(x) => core.tensorSplit(x, 3), [7, 2]], [
    (x) => core.tensorSplit(x, [1, -1, 1], 1),
    [2, 4],
  ]),
  ...moves("hsplit", [(x) => core.hsplit(x, 2), [2, 4]], [(x) => core.hsplit(x, [1]), [3]]),
  ...moves("vsplit", [(x) => core.vsplit(x, 2), [4, 2]]),
  ...moves("dsplit", [(x) => core.dsplit(x, [1]), [2, 1, 3]]),
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
  ...moves(
    "repeatInterleave",
    [(x) => core.repeatInterleave(x, 2, 1), [2, 3]],
    [
      (x) => core.repeatInterleave(x, 3),
      [2, 2],
    ],
    [(x) => core.repeatInterleave(x, [2, 0, 1], 1), [2, 3]],
    [(x) => core.repeatInterleave(x, [2]), [2, 3]],
  ),
  ...casesOf(
    "repeatInterleave",
    {},
    [(x, n) => core.repeatInterleave(x!, n!, 0), [uniform([3, 2]), integers([3], 0, 4)]],
    [(x, n) => core.repeatInterleave(x!, n!, 0, { outputSize: 3 }), [
      uniform([3, 2]),
      given([2, 0, 1], [3], "int32"),
    ]],
    [(n) => core.repeatInterleave(n!), [given([2, 0, 1], [3], "int32")]],
  ),
  ...moves("narrowCopy", [(x) => core.narrowCopy(x, 1, 1, 2), [2, 4]]),
  ...moves("fliplr", [(x) => core.fliplr(x), [2, 3]]),
  ...moves("flipud", [(x) => core.flipud(x), [2, 3]]),
  ...moves("rot90", [(x) => core.rot90(x), [2, 3]], [(x) => core.rot90(x, 2, [0, 2]), [2, 1, 3]], [
    (x) => core.rot90(x, -1, [1, 0]),
    [2, 3],
  ], [(x) => core.rot90(x, 4), [2, 3]]),
  ...moves("diagflat", [(x) => core.diagflat(x, 1), [2, 2]]),
  ...moves("diagEmbed", [(x) => core.diagEmbed(x), [2, 3]], [
    (x) => core.diagEmbed(x, { offset: -1, dim1: 0, dim2: 2 }),
    [2, 3],
  ], [(x) => core.diagEmbed(x, { offset: 2 }), [2]]),
  ...casesOf(
    "fillDiagonal_",
    { anyLayout: false },
    [(x) => core.fillDiagonal_(x!.mul(2), 7, { wrap: true }), [uniform([7, 3])]],
    [(x) => core.fillDiagonal_(x!.mul(2), 7), [uniform([3, 4])], [integers([3, 3, 3], 0, 4)]],
  ),
  ...casesOf(
    "sliceScatter",
    {},
    [(x, y) => core.sliceScatter(x!, y!, { start: 1, end: 5, step: 2 }), [uniform([5, 2]), uniform([2, 2])]],
    [(x, y) => core.sliceScatter(x!, y!, { dim: 1, start: -2 }), [uniform([2, 3]), uniform([2, 2])]],
  ),
  ...casesOf("selectScatter", {}, [
    (x, y) => core.selectScatter(x!, y!, 1, -2),
    [uniform([2, 3]), uniform([2])],
  ]),
  ...casesOf(
    "diagonalScatter",
    {},
    [(x, y) => core.diagonalScatter(x!, y!, { offset: 1 }), [uniform([3, 3]), uniform([2])]],
    [(x, y) => core.diagonalScatter(x!, y!, { offset: -1, dim1: 1, dim2: 2 }), [
      uniform([2, 3, 2]),
      uniform([2, 2]),
    ]],
  ),
  ...(["hstack", "vstack", "dstack", "columnStack"] as const).flatMap((name) =>
    casesOf(
      name,
      {},
      [(x, y) => core[name]([x!, y!]), [uniform([3]), uniform([3])], [uniform([2, 3]), uniform([2, 3])], [
        uniform([]),
        uniform([]),
      ]],
    )
  ),
  ...casesOf("blockDiag", {}, [
    (x, y, z) => core.blockDiag([x!, y!, z!]),
    [uniform([2, 3]), uniform([1, 1]), uniform([2])],
    [uniform([2, 2]), uniform([]), uniform([0, 2])],
  ]),
  ...casesOf("cartesianProd", {}, [
    (x, y, z) => core.cartesianProd([x!, y!, z!]),
    [uniform([2]), uniform([3]), uniform([2])],
  ], [(x) => core.cartesianProd([x!]), [uniform([2])]]),
  ...moves("combinations", [(x) => core.combinations(x), [4]], [
    (x) => core.combinations(x, { r: 2, withReplacement: true }),
    [3],
  ], [(x) => core.combinations(x, { r: 3 }), [2]]),
  ...moves("roll", [(x) => core.roll(x, 2), [2, 3]], [(x) => core.roll(x, [1, -1], [0, 1]), [3, 4]]),
  ...moves("tril", [(x) => core.tril(x), [3, 4]], [(x) => core.tril(x, -1), [2, 3, 3]]),
  {
    name: "tril",
    op: (x) => core.tril(x!, 1),
    inPlace: (x) => core.tril_(x!, 1),
    samples: [[uniform([3, 4])]],
  },
  {
    name: "triu",
    op: (x) => core.triu(x!, -1),
    inPlace: (x) => core.triu_(x!, -1),
    samples: [[uniform([2, 4, 4])]],
  },
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
