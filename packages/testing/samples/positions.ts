/** Cases of gather, scatter and the like. */
import * as core from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { booleans, distinct, given, integers, uniform } from "../operand.ts";

const index = given([2, 0, 1, 2, 1, 1], [2, 3], "int32");
const rows = given([2, 0, 2], [3], "int32");
const once = given([2, 0, 3], [3], "int32");
const columns = given([0, 2, 1, 0], [2, 2], "int32");

/** Cases of gather, scatter and the like. */
export const POSITIONS: readonly OpCase[] = [
  ...casesOf(
    "gather",
    {},
    [(x, i) => core.gather(x!, 0, i!), [uniform([3, 3]), index], [integers([3, 4], -9, 9), index]],
    [(x, i) => core.gather(x!, 1, i!), [uniform([2, 3]), columns], [
      uniform([5, 67]),
      integers([5, 33], 0, 67),
    ]],
  ),
  ...casesOf("takeAlongDim", {}, [(x, i) => core.takeAlongDim(x!, i!, 1), [uniform([2, 3]), columns]], [
    (x, i) => core.takeAlongDim(x!, i!),
    [uniform([2, 3]), integers([5], 0, 6)],
  ]),
  ...casesOf("indexSelect", {}, [
    (x, i) => core.indexSelect(x!, 1, i!),
    [uniform([2, 3]), given([2, 0, 2, 1], [4], "int32")],
    [uniform([5, 67]), integers([33], 0, 67)],
  ]),
  {
    name: "scatter",
    op: (x, i, s) => core.scatter(x!, 1, i!, s!),
    inPlace: (x, i, s) => core.scatter_(x!, 1, i!, s!),
    // Each position once, so that no order decides.
    samples: [[uniform([2, 3]), given([0, 2, 1, 0], [2, 2], "int32"), uniform([2, 2])]],
    anyLayout: false,
  },
  ...casesOf("scatter", { anyLayout: false }, [
    (x, i) => core.scatter(x!, 0, i!, 0.5),
    [uniform([3, 3]), index],
  ]),
  {
    name: "scatterAdd",
    op: (x, i, s) => core.scatterAdd(x!, 0, i!, s!),
    inPlace: (x, i, s) => core.scatterAdd_(x!, 0, i!, s!),
    samples: [[uniform([3, 3]), index, uniform([2, 3])], [
      uniform([3, 35]),
      integers([9, 33], 0, 3),
      uniform([9, 33]),
    ]],
  },
  ...(["sum", "prod", "mean", "amax", "amin"] as const).flatMap((reduce) =>
    [true, false].map((includeSelf): OpCase => ({
      name: "scatterReduce",
      op: (x, i, s) => core.scatterReduce(x!, 0, i!, s!, reduce, { includeSelf }),
      inPlace: (x, i, s) => core.scatterReduce_(x!, 0, i!, s!, reduce, { includeSelf }),
      samples: [[distinct([3, 3]), index, distinct([2, 3])], [
        uniform([3, 35]),
        integers([9, 33], 0, 3),
        uniform([9, 33]),
      ], [integers([3, 4], -9, 9), integers([6, 4], 0, 3), integers([6, 4], -9, 9)]],
      // Repeated operands have ties, at which there is no derivative.
      anyLayout: false,
    }))
  ),
  // Where factors are 0.
  ...casesOf("scatterReduce", { anyLayout: false }, [
    (x, i, s) => core.scatterReduce(x!, 0, i!, s!, "prod"),
    [given([0, 2, 3]), given([0, 1, 1, 2, 2], [5], "int32"), given([4, 0, 5, 0, 6])],
  ]),
  ...casesOf("scatter", { anyLayout: false }, [
    (x, i, s) => core.scatter(x!, 0, i!, s!, { reduce: "multiply" }),
    [uniform([3, 3]), index, uniform([2, 3])],
  ], [
    (x, i, s) => core.scatter(x!, 0, i!, s!, { reduce: "add" }),
    [uniform([3, 3]), index, uniform([2, 3])],
  ]),
  {
    name: "indexAdd",
    op: (x, i, s) => core.indexAdd(x!, 0, i!, s!, { alpha: 2 }),
    inPlace: (x, i, s) => core.indexAdd_(x!, 0, i!, s!, { alpha: 2 }),
    samples: [[uniform([3, 2]), rows, uniform([3, 2])], [
      integers([3, 2], -9, 9),
      rows,
      integers([3, 2], -9, 9),
    ], [
      uniform([67, 5]),
      integers([33], 0, 67),
      uniform([33, 5]),
    ]],
  },
  {
    name: "indexCopy",
    op: (x, i, s) => core.indexCopy(x!, 1, i!, s!),
    inPlace: (x, i, s) => core.indexCopy_(x!, 1, i!, s!),
    samples: [[uniform([2, 4]), once, uniform([2, 3])]],
    anyLayout: false,
  },
  {
    name: "indexFill",
    op: (x, i) => core.indexFill(x!, 0, i!, -0.5),
    inPlace: (x, i) => core.indexFill_(x!, 0, i!, -0.5),
    samples: [[uniform([4, 2]), given([2, 0, -1], [3], "int32")]],
  },
  ...casesOf("indexFill", {}, [(x, i, v) => core.indexFill(x!, 1, i!, v!), [
    uniform([2, 4]),
    given([2, 0, -1], [3], "int32"),
    uniform([]),
  ]]),
  ...(["prod", "mean", "amax", "amin"] as const).map((reduce): OpCase => ({
    name: "indexReduce",
    op: (x, i, s) => core.indexReduce(x!, 0, i!, s!, reduce),
    inPlace: (x, i, s) => core.indexReduce_(x!, 0, i!, s!, reduce),
    samples: [[distinct([3, 2]), rows, uniform([3, 2])], [
      uniform([67, 5]),
      integers([33], 0, 67),
      uniform([33, 5]),
    ]],
    anyLayout: false,
  })),
  ...casesOf("take", {}, [
    (x, i) => core.take(x!, i!),
    [uniform([2, 3]), given([0, 5, -1, 2], [2, 2], "int32")],
    [integers([5, 67], -9, 9), integers([33], -335, 335)],
  ]),
  {
    name: "put",
    op: (x, i, s) => core.put(x!, i!, s!),
    inPlace: (x, i, s) => core.put_(x!, i!, s!),
    samples: [[uniform([2, 3]), given([0, 4, -1], [3], "int32"), uniform([3])], [
      uniform([6]),
      given([0, 4, -1], [3], "int32"),
      uniform([3]),
    ]],
    anyLayout: false,
  },
  ...casesOf("put", {}, [
    (x, i, s) => core.put(x!, i!, s!, { accumulate: true }),
    [uniform([2, 3]), given([0, 4, 0, -2], [2, 2], "int32"), uniform([4])],
  ]),
  {
    name: "maskedScatter",
    op: (x, m, s) => core.maskedScatter(x!, m!, s!),
    inPlace: (x, m, s) => core.maskedScatter_(x!, m!, s!),
    samples: [[uniform([2, 3]), booleans([2, 3]), uniform([6])], [
      uniform([2, 3]),
      booleans([3]),
      uniform([3, 3]),
    ], [
      uniform([5, 67]),
      booleans([5, 67]),
      uniform([5, 67]),
    ]],
  },
];
