/** What takes elements from positions, and puts them there. */
import * as core from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { given, integers, uniform } from "../operand.ts";

const index = given([2, 0, 1, 2, 1, 1], [2, 3], "int32");
const columns = given([0, 2, 1, 0], [2, 2], "int32");

/** What takes elements from positions, and puts them there. */
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
  {
    name: "indexAdd",
    op: (x, i, s) => core.indexAdd(x!, 0, i!, s!),
    inPlace: (x, i, s) => core.indexAdd_(x!, 0, i!, s!),
    samples: [[uniform([3, 2]), given([2, 0, 2], [3], "int32"), uniform([3, 2])]],
  },
];
