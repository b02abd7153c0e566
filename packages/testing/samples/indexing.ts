/** Cases of ops that read and write elements by indices. */
import * as core from "@troodon/core";
import { casesOf, type OpCase, prepared } from "../case.ts";
import { booleans, given, integers, type Operand, uniform } from "../operand.ts";

const long = (positions: readonly number[]): Operand => given(positions, [positions.length], "int64");
const rows = given([2, 0, -1], [3], "int32");
const columns = given([1, -2, 0], [3], "int32");
const block = given([0, 1, -1, 2], [2, 2], "int32");

const PICKED: readonly OpCase[] = [
  ...casesOf(
    "at",
    {},
    [(x, i) => core.at(x!, i!), [uniform([3, 2]), rows], [integers([3, 4], -9, 9), block], [
      uniform([67, 5]),
      integers([33], -67, 67),
    ]],
    [(x, i) => core.at(x!, ":", i!), [uniform([2, 3]), rows]],
    [(x, i, j) => core.at(x!, i!, j!), [uniform([3, 2]), rows, columns], [
      uniform([3, 3, 2]),
      block,
      given(
        [
          1,
          0,
        ],
        [2],
        "int32",
      ),
    ]],
    [(x, i, j) => core.at(x!, i!, j!), [uniform([4, 3]), long([2, 0, -1]), long([1, -2, 0])]],
    // Axes that are apart.
    [(x, i, j) => core.at(x!, i!, ":", j!), [uniform([3, 2, 2]), rows, columns]],
    [(x, m) => core.at(x!, m!), [uniform([2, 3]), booleans([2, 3])], [uniform([4, 2]), booleans([4])]],
    [(x, m) => core.at(x!, "...", m!, null), [uniform([2, 3]), booleans([3])]],
    [(x) => core.at(x!, [[0, -1], [1, 1]], 1, "::2"), [uniform([2, 2, 3])]],
    [(x) => core.at(x!, 1, { start: 1, step: 2 }), [uniform([2, 6])], [integers([2, 6], -9, 9)]],
    [(x) => core.at(x!, { end: -1 }, 0), [uniform([3, 2])], [integers([3, 2], -9, 9)]],
    [(x) => core.at(x!, null, "...", "::-1", true), [uniform([2, 3])]],
  ),
];

const PUT: readonly OpCase[] = [
  {
    name: "indexPut",
    op: (x, i, v) => core.indexPut(x!, [i!], v!),
    inPlace: (x, i, v) => core.indexPut_(x!, [i!], v!),
    anyLayout: false,
    samples: [[uniform([4, 2]), rows, uniform([3, 2])], [uniform([4, 2]), rows, uniform([])], [
      uniform([4]),
      rows,
      uniform([1]),
    ]],
  },
  {
    name: "indexPut",
    op: (x, i, v) => core.indexPut(x!, [null, i!], v!, { accumulate: true }),
    inPlace: (x, i, v) => core.indexPut_(x!, [null, i!], v!, { accumulate: true }),
    samples: [[uniform([2, 3]), block, uniform([2, 2, 2])], [
      uniform([5, 67]),
      integers([33], -67, 67),
      uniform([33]),
    ]],
  },
  {
    name: "indexPut",
    op: (x, m, v) => core.indexPut(x!, [m!], v!),
    inPlace: (x, m, v) => core.indexPut_(x!, [m!], v!),
    samples: [[uniform([2, 3]), booleans([2, 3]), uniform([])], [
      uniform([3, 2]),
      booleans([3]),
      uniform([2]),
    ]],
  },
  {
    name: "indexPut",
    op: (x, i, j, v) => core.indexPut(x!, [i!, j!], v!),
    inPlace: (x, i, j, v) => core.indexPut_(x!, [i!, j!], v!),
    anyLayout: false,
    samples: [[uniform([4, 3]), rows, columns, uniform([3])]],
  },
  {
    name: "indexPut",
    // Axes that are apart.
    op: (x, i, j, v) => core.indexPut(x!, [i!, null, j!], v!),
    inPlace: (x, i, j, v) => core.indexPut_(x!, [i!, null, j!], v!),
    anyLayout: false,
    samples: [[uniform([4, 2, 3]), rows, columns, uniform([3, 2])]],
  },
  ...casesOf(
    "indexPut",
    { anyLayout: false },
    [
      prepared(
        (x, v) => [x!, core.tensor([1, 0, 1], { device: x!.device, dtype: "bool" }), v!],
        (x, m, v) => core.indexPut(x!, [m!], v!),
      ),
      [uniform([3, 2]), uniform([2, 2])],
    ],
  ),
  ...casesOf(
    "set",
    { anyLayout: false },
    [(x, v) => core.set(x!.mul(1), [[2, 0]], v!), [uniform([3, 2]), uniform([2])]],
    [(x, m, v) => core.set(x!.mul(1), m!, v!), [uniform([3, 2]), booleans([3, 2]), uniform([])]],
    [(x, m) => core.set(x!.mul(1), m!, 0.5), [uniform([3, 2]), booleans([3])], [
      integers([3, 2], 0, 3),
      booleans([3, 2]),
    ]],
  ),
  ...casesOf(
    "set",
    { anyLayout: false },
    [(x, v) => core.set(x!.mul(1), [0, "1:"], v!), [uniform([2, 3]), uniform([2])]],
    [(x, v) => core.set(x!.mul(1), ["...", -1], v!), [uniform([2, 3]), uniform([2])], [
      uniform([2, 3]),
      uniform([]),
    ]],
    [(x, i, j, v) => core.set(x!.mul(1), [i!, j!], v!), [uniform([4, 3]), rows, columns, uniform([3])]],
    [(x, i, j, v) => core.set(x!.mul(1), [i!, ":", j!], v!), [
      uniform([4, 2, 3]),
      rows,
      columns,
      uniform([3, 2]),
    ]],
    [(x, i, v) => core.set(x!.mul(1), [":", i!], v!), [uniform([2, 3]), long([-1, 0]), uniform([2])]],
    [(x, m, v) => core.set(x!.mul(1), [":", m!], v!), [uniform([2, 3]), booleans([3]), uniform([2, 1])]],
    [(x) => core.set(x!.mul(1), ["1:", null], 2), [uniform([3])]],
    // Into what is part of another.
    [(x, v) =>
      core.tidySync(() => {
        const y = x!.mul(1);
        y.t().set([[0, 2], 1], v!);
        return y;
      }), [uniform([2, 3]), uniform([2])]],
  ),
];

/** Cases of ops that read and write elements by indices. */
export const INDEXING: readonly OpCase[] = [...PICKED, ...PUT];
