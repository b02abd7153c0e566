/** Products. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase, type OpResult, prepared } from "../case.ts";
import { integers, type Sample, uniform } from "../operand.ts";

const TOLERANCE = 1e-5;

const pair = (a: readonly number[], b: readonly number[]): Sample => [uniform(a), uniform(b)];

// Long sums of smaller numbers, so that float32 does not lose more than the tolerance.
const small = (...shapes: readonly (readonly number[])[]): Sample => shapes.map((s) => uniform(s, -0.5, 0.5));

const products = (
  name: string,
  op: (a: Tensor, b: Tensor) => Tensor,
  ...samples: readonly Sample[]
): OpCase[] => casesOf(name, { tolerance: TOLERANCE }, [(a, b) => op(a!, b!), ...samples]);

/** An equation and the shapes of its operands. */
const sums = (equation: string, ...shapes: readonly (readonly number[])[]): OpCase[] =>
  casesOf("einsum", { tolerance: TOLERANCE }, [
    (...tensors): OpResult => core.einsum(equation, ...tensors),
    shapes.map((shape) => uniform(shape)),
  ]);

/** Products of matrices and vectors. */
export const MATMUL: readonly OpCase[] = [
  ...products(
    "matmul",
    core.matmul,
    pair([2, 3], [3, 4]),
    pair([3], [3]),
    pair([3], [3, 2]),
    pair([2, 3], [3]),
    pair([2, 2, 3], [2, 3, 2]),
    pair([2, 1, 2, 3], [3, 3, 2]),
    pair([2, 2, 3], [3, 2]),
    pair([3], [2, 3, 2]),
    // Around the blocks of a fast kernel, and nothing at all.
    pair([1, 1], [1, 1]),
    pair([17, 33], [33, 9]),
    pair([5, 70], [70, 37]),
    pair([67, 19], [19, 66]),
    pair([3, 8, 16], [3, 16, 24]),
    small([130, 330], [330, 70]),
    small([261, 40], [40, 1030]),
    pair([0, 3], [3, 2]),
    pair([2, 0], [0, 3]),
    pair([0, 2, 3], [0, 3, 2]),
  ),
  ...casesOf("matmul", {}, [
    (a, b) => core.matmul(a!, b!),
    [integers([3, 5], -9, 9), integers([5, 4], -9, 9)],
  ]).map((c) => ({ ...c, differentiable: false })),
  // What layers do: the other side transposed.
  ...casesOf(
    "matmul",
    { tolerance: TOLERANCE },
    [prepared((a, b) => [a!, b!.t()], core.matmul), pair([2, 3], [4, 3]), pair([19, 33], [18, 33])],
    [prepared((a, b) => [a!.t(), b!], core.matmul), pair([3, 2], [3, 4]), pair([33, 19], [33, 18])],
  ),
  ...products("mm", core.mm, pair([2, 3], [3, 4]), pair([9, 65], [65, 33])),
  ...products("bmm", core.bmm, pair([2, 2, 3], [2, 3, 2]), pair([3, 9, 17], [3, 17, 5])),
  ...products("mv", core.mv, pair([2, 3], [3]), pair([33, 65], [65])),
  ...products("dot", core.dot, pair([5], [5]), pair([129], [129])),
  ...products("outer", core.outer, pair([3], [4]), pair([33], [17])),
  ...casesOf(
    "addmm",
    { tolerance: TOLERANCE },
    [
      (x, a, b) => core.addmm(x!, a!, b!),
      [uniform([2, 4]), uniform([2, 3]), uniform([3, 4])],
      [uniform([4]), uniform([2, 3]), uniform([3, 4])],
      [uniform([33]), uniform([17, 9]), uniform([9, 33])],
    ],
    [
      (x, a, b) => core.addmm(x!, a!, b!, { beta: 0.5, alpha: 2 }),
      [uniform([2, 4]), uniform([2, 3]), uniform([3, 4])],
    ],
  ),
  ...casesOf(
    "linear",
    { tolerance: TOLERANCE },
    [
      (x, w, b) => core.linear(x!, w!, b!),
      [uniform([2, 3]), uniform([4, 3]), uniform([4])],
      [uniform([3]), uniform([4, 3]), uniform([4])],
      [uniform([2, 2, 3]), uniform([2, 3]), uniform([2])],
      [uniform([17, 65]), uniform([33, 65]), uniform([33])],
      [uniform([0, 3]), uniform([2, 3]), uniform([2])],
    ],
    [(x, w) => core.linear(x!, w!), pair([2, 3], [4, 3])],
  ),
  ...casesOf("linearRelu", { tolerance: TOLERANCE }, [
    (x, w, b) => core.linearRelu(x!, w!, b!),
    [uniform([2, 3]), uniform([4, 3]), uniform([4])],
    [uniform([2, 5, 3]), uniform([7, 3]), uniform([7])],
    [uniform([0, 3]), uniform([4, 3]), uniform([4])],
    [uniform([33, 40]), uniform([65, 40]), uniform([65])],
  ]),
  ...casesOf("bilinear", { tolerance: TOLERANCE }, [
    (a, b, w, bias) => core.bilinear(a!, b!, w!, bias!),
    [uniform([2, 3]), uniform([2, 2]), uniform([2, 3, 2]), uniform([2])],
  ]),
  ...casesOf("trace", {}, [(x) => core.trace(x!), [uniform([3, 3])], [uniform([5, 33])]]),
  ...sums("ij,jk->ik", [2, 3], [3, 4]),
  ...sums("ii->i", [3, 3]),
  ...sums("ii", [3, 3]),
  ...sums("ij->ji", [2, 3]),
  ...sums("bij,bjk->bik", [2, 2, 3], [2, 3, 2]),
  ...sums("i,j,k->ijk", [2], [3], [2]),
  ...sums("...ij,...jk->...ik", [2, 1, 2, 2], [3, 2, 2]),
  ...sums("bhqd,bhkd->bhqk", [1, 2, 3, 2], [1, 2, 2, 2]),
  ...sums("ij,ij->", [2, 3], [2, 3]),
];
