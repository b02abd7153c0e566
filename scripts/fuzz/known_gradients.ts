/** Intended differences of gradients, with reasons. */
import type { Difference } from "./compare.ts";
import { calls, type Evidence, numbersOf } from "./evidence.ts";
import { type Known, near, shownOf } from "./known_kind.ts";
import { isShownTensor, type Shown } from "./program.ts";

const isOfLeaf = (d: Difference): boolean => d.of === "grad" && (d.aspect === "value" || d.aspect === "kind");

/** Returns the sum of each matrix and its transpose; null if the matrices are not square. */
function symmetric(shown: Shown): number[] | null {
  if (!isShownTensor(shown) || shown.s.length < 2 || shown.s.at(-1) !== shown.s.at(-2)) return null;
  const n = shown.s.at(-1)!, values = numbersOf(shown);
  return values.map((x, i) => {
    const row = Math.floor(i / n) % n, column = i % n;
    return x + values[i + (column - row) * n + (row - column)]!;
  });
}

/** Returns true if the gradients of equal elements of a leaf have the same sum in both libraries. */
function sharedOut({ detail, here, there }: Difference, { program }: Evidence): boolean {
  const leaf = program.find((s) => "make" in s && detail.startsWith(`${s.as}.grad: `));
  const mine = numbersOf(shownOf(here)), other = numbersOf(shownOf(there));
  if (leaf === undefined || !("make" in leaf) || mine.length !== other.length) return false;
  const sums = Map.groupBy(leaf.make.data.keys(), (i) => leaf.make.data[i]);
  const sum = (list: readonly number[], at: readonly number[]) => at.reduce((s, i) => s + list[i]!, 0);
  return [...sums.values()].every((at) => near(sum(mine, at), sum(other, at)));
}

/** Kinds of differing gradients. */
export const GRADIENTS: readonly Known[] = [
  {
    kind: "writes without record",
    reason:
      "noGrad writes values and leaves histories alone (docs/views.md), so that gradients are finite differences; PyTorch loses that of a leaf behind a view that was made before",
    is: (d, { derivative, pairs, program }) =>
      isOfLeaf(d) && derivative?.here === true && pairs.every(([, , there]) => there === 0) &&
      program.some((s) => "call" in s && (s.ng === true || s.kw?.["max_norm"] !== undefined)),
  },
  {
    kind: "NaN gradients spread",
    reason:
      "behind NaN or infinities 0 times NaN is NaN in one of the two, where the other leaves elements out by position or as what is flat",
    is: (d, { pairs, strange }) =>
      isOfLeaf(d) && strange && pairs.length > 0 &&
      pairs.every(([, here, there]) =>
        Number.isNaN(here) && there === 0 || here === 0 && Number.isNaN(there)
      ),
  },
  {
    kind: "derivatives that are wrong there",
    reason:
      "gradients here are finite differences of PyTorch's own values in float64, PyTorch's are not: ldexp() of negative integers, atan2() of uint8, asStridedScatter(), kinks of the second order",
    is: (d, { derivative }) => isOfLeaf(d) && derivative !== null && derivative.here && !derivative.there,
  },
  {
    kind: "kinks",
    reason:
      "gradients here and there are one-sided finite differences of PyTorch's own values in float64, at a point where the sides differ",
    is: (d, { derivative }) => isOfLeaf(d) && derivative !== null && derivative.here && derivative.there,
  },
  {
    kind: "NaN there",
    reason:
      "at kinks and zeros PyTorch's formulas of the second order divide 0 by 0; here these are 0 or one-sided",
    is: (d, { pairs }) =>
      isOfLeaf(d) && pairs.length > 0 && pairs.every(([, , there]) => Number.isNaN(there)),
  },
  {
    kind: "gradients of symmetric matrices",
    reason:
      "eigh() reads a triangle: gradients are those of the symmetric matrix but for an antisymmetric part",
    is: (d, { program }) => {
      const mine = symmetric(shownOf(d.here)), other = symmetric(shownOf(d.there));
      return d.of === "grad" && calls(program, /eigh|eigvalsh/) && mine !== null && other !== null &&
        mine.every((x, i) => near(x, other[i]!));
    },
  },
  {
    kind: "no degrees of freedom",
    reason:
      "a variance divided by 0 has no derivative: infinities here have the signs of the quotients, those of PyTorch that of the gradient of the result",
    is: (d, { pairs, program }) =>
      isOfLeaf(d) && calls(program, /\.(var|std|var_mean|std_mean|cov|corrcoef)$/) && pairs.length > 0 &&
      pairs.every(([, here, there]) => !Number.isFinite(here) && !Number.isFinite(there)),
  },
  {
    kind: "ties",
    reason: "of equal elements PyTorch takes any, here the first comes first; gradients go there",
    is: (d, e) =>
      isOfLeaf(d) && calls(e.program, /quantile|topk|sort|kthvalue|median|mode|\.(max|min)$/) &&
      sharedOut(d, e),
  },
];
