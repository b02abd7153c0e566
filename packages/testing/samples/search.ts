/** Cases of ops that find, count and mark elements. */
import * as core from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { booleans, distinct, given, integers, uniform } from "../operand.ts";

const discrete = { differentiable: false } as const;

/** Cases of ops that find, count and mark elements. */
export const SEARCH: readonly OpCase[] = [
  ...casesOf("nonzero", discrete, [(x) => core.nonzero(x!), [booleans([3, 4])], [integers([7], 0, 3)], [
    given([0, 0]),
  ]]),
  ...casesOf("maskedSelect", {}, [
    (x, m) => core.maskedSelect(x!, m!),
    [uniform([2, 3]), booleans([2, 3])],
    [uniform([4, 5]), booleans([5])],
  ]),
  ...casesOf("unique", discrete, [(x) => core.unique(x!), [integers([3, 7], 0, 5)], [given([0.5, -1, 0.5])]]),
  ...casesOf(
    "unique",
    discrete,
    [(x) => core.unique(x!, { dim: 0, returnCounts: true }), [integers([7, 2], 0, 3)]],
    [(x) => core.unique(x!, { dim: -1 }), [integers([2, 9], 0, 2)]],
    [(x) => core.unique(x!), [given([])]],
  ),
  ...casesOf(
    "uniqueConsecutive",
    discrete,
    [(x) => core.uniqueConsecutive(x!), [given([])], [integers([3, 7], 0, 2)]],
    [(x) => core.uniqueConsecutive(x!, { dim: 1, returnInverse: true }), [integers([2, 9], 0, 2)]],
  ),
  ...casesOf("argwhere", discrete, [(x) => core.argwhere(x!), [booleans([3, 4])]]),
  ...casesOf("nonzero", discrete, [(x) => core.nonzero(x!, { asTuple: true }), [booleans([3, 4])], [
    given([3], []),
  ]]),
  ...casesOf(
    "bucketize",
    discrete,
    [(x, b) => core.bucketize(x!, b!), [integers([5, 7], -2, 9), given([0, 2, 2, 5])]],
    [(x, b) => core.bucketize(x!, b!, { right: true, outInt32: true }), [uniform([5]), given([-1, 0, 1])]],
    [(b) => core.bucketize(2, b!), [given([0, 2, 2, 5])]],
  ),
  ...casesOf(
    "isin",
    discrete,
    [(x, y) => core.isin(x!, y!), [integers([3, 4], 0, 9), integers([2, 2], 0, 9)], [
      given([1, NaN, 3, 0]),
      given([NaN, 3, NaN, NaN, 1]),
    ], [uniform([2]), given([])]],
    [(x, y) => core.isin(x!, y!, { invert: true }), [integers([3, 4], 0, 9), integers([5], 0, 9)]],
    [(x) => core.isin(x!, 3), [integers([7], 0, 5)]],
    [(x) => core.isin(3, x!), [integers([7], 0, 5)]],
  ),
  ...casesOf(
    "nonzeroStatic",
    discrete,
    [(x) => core.nonzeroStatic(x!, 5), [booleans([3, 4])], [integers([7], 0, 3)], [given([0, 0])], [
      given([]),
    ]],
    [(x) => core.nonzeroStatic(x!, 2, { fillValue: 7 }), [integers([2, 2, 3], 0, 2)], [given([3], [])]],
  ),
  ...casesOf("unravelIndex", discrete, [
    (i) => core.unravelIndex(i!, [3, 4, 5]),
    [integers([7], 0, 60)],
    [integers([2, 3], 0, 60)],
  ]),
  ...casesOf("msort", {}, [(x) => core.msort(x!), [distinct([4, 3])], [integers([5, 2], -9, 9)]]),
  ...casesOf("trilIndices", discrete, [
    (x) => core.trilIndices(3, 4, { offset: -1, device: x!.device }),
    [given([0])],
  ]),
  ...casesOf("triuIndices", discrete, [
    (x) => core.triuIndices(3, 2, { offset: 1, device: x!.device }),
    [given([0])],
  ]),
  ...casesOf("uniqueAll", discrete, [(x) => core.uniqueAll(x!), [integers([3, 7], 0, 5)]]),
  ...casesOf(
    "bincount",
    discrete,
    [(x) => core.bincount(x!, { minlength: 7 }), [integers([9], 0, 5)]],
    [(x, w) => core.bincount(x!, { weights: w!, minlength: 7 }), [integers([9], 0, 5), uniform([9])]],
  ),
  ...casesOf(
    "searchsorted",
    discrete,
    [(s, x) => core.searchsorted(s!, x!), [given([1, 2, 2, 5]), given([0, 1, 2, 3, 5, 6], [2, 3])]],
    [(s, o, x) => core.searchsorted(s!, x!, { sorter: o!, side: "right" }), [
      given([5, 1, 2, 2]),
      given([1, 2, 3, 0], [4], "int32"),
      given([0, 1, 2, 3, 5, 6]),
    ]],
    [(s, x) => core.searchsorted(s!, x!, { right: true }), [given([1, 2, 2, 5]), given([0, 1, 2, 3, 5, 6])]],
  ).map((c) => ({ ...c, anyLayout: false })),
  ...casesOf("oneHot", discrete, [(x) => core.oneHot(x!, 6), [integers([3, 4], 0, 6)]], [
    (x) => core.oneHot(x!),
    [given([1, 4, 0], [3], "int32")],
  ]),
];
