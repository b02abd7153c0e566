/** Tensors from numbers alone: each call takes the device and the floating type of an operand. */
import * as core from "@troodon/core";
import type { Tensor, TensorOptions } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { integers, uniform } from "../operand.ts";

type Call = (options: TensorOptions, x: Tensor) => Tensor;

const makes = (name: string, ...calls: readonly Call[]): OpCase[] =>
  casesOf(
    name,
    { differentiable: false, anyLayout: false },
    ...calls.map((call) =>
      [(x: Tensor) => call({ device: x.device, dtype: x.dtype }, x), [uniform([2, 3])]] as const
    ),
  );

/** Random draws, which are the same on every device: from a seed that the call sets. */
const draws = (name: string, ...calls: readonly Call[]): OpCase[] =>
  makes(
    name,
    ...calls.map((call): Call => (options, x) => {
      x.device.generator.manualSeed(3);
      return call(options, x);
    }),
  ).map((c) => ({ ...c, tolerance: 1e-5 }));

/** Constants, ramps, copies of host data, and random draws. */
export const CREATION: readonly OpCase[] = [
  ...makes("tensor", (o) => core.tensor([[1, 2], [3, 4.5]], o)),
  ...makes("fromTypedArray", (o) => core.fromTypedArray(Float64Array.of(1, 2, 3), [3, 1], o)),
  ...makes("zeros", (o) => core.zeros([2, 3], o), (o) => core.zeros([0], o)),
  ...makes("ones", (o) => core.ones([2, 3], o)),
  ...makes("full", (o) => core.full([], 2.5, o), (o) => core.full([3], 200, { ...o, dtype: "uint8" })),
  // A fraction is not 0, so it becomes true, wherever it is written.
  ...makes(
    "full",
    (o) => core.full([3], 0.5, { ...o, dtype: "bool" }),
    ({ device }) => core.zeros([3], { device: device!, dtype: "bool" }).fill_(-0.5),
    ({ device }) => core.zeros([3], { device: device!, dtype: "bool" }).set("1:", 0.25),
  ),
  ...makes("empty", (o) => core.empty([2, 3], o).fill_(1)),
  ...makes("zerosLike", (_, x) => core.zerosLike(x)),
  ...makes("onesLike", (_, x) => core.onesLike(x)),
  ...makes("fullLike", (_, x) => core.fullLike(x, -1)),
  ...makes(
    "arange",
    (o) => core.arange(5, undefined, 1, o),
    (o) => core.arange(1, 2, 0.25, o),
    ({ device }) => core.arange(9, 0, -2, { device: device! }),
  ),
  ...makes("linspace", (o) => core.linspace(-1, 1, 7, o)),
  ...makes("logspace", (o) => core.logspace(-1, 1, 5, o)),
  ...makes("hannWindow", (o) => core.hannWindow(5, o)),
  ...makes("hammingWindow", (o) => core.hammingWindow(5, o)),
  ...makes("blackmanWindow", (o) => core.blackmanWindow(5, o)),
  ...makes("bartlettWindow", (o) => core.bartlettWindow(5, o)),
  ...makes("kaiserWindow", (o) => core.kaiserWindow(5, o)),
  ...makes("emptyLike", (_, x) => core.emptyLike(x).fill_(1)),
  ...makes("eye", (o) => core.eye(3, 4, o)),
  ...makes(
    "newTensor",
    (_, x) => x.newTensor([[1, 2.5], [3, 4]]),
    (_, x) => x.newTensor(7, { dtype: "int32" }),
  ),
  ...makes("newFull", (_, x) => x.newFull([2], 3)),
  ...makes("newZeros", (_, x) => x.newZeros([2])),
  ...makes("newOnes", (_, x) => x.newOnes([2])),
  ...makes("newArange", (_, x) => x.newArange(5), ({ dtype }, x) => x.newArange(5, dtype!)),
  ...draws("rand", (o) => core.rand([5, 7], o)),
  ...draws("randn", (o) => core.randn([5, 7], o)),
  ...draws(
    "randint",
    (o) => core.randint(-3, 9, [5, 7], o),
    ({ device }) => core.randint(0, 200, [9], { device: device! }),
    ({ device }) => core.randint(0, 256, [9], { device: device!, dtype: "uint8" }),
    ({ device }) => core.randint(2 ** 30, 2 ** 31, [9], { device: device!, dtype: "int32" }),
    ({ device }) => core.randint(-(2 ** 52), 2 ** 52, [9], { device: device! }),
    ({ device }) =>
      core.tidySync(() =>
        core.randint(2n ** 62n, 2n ** 62n + 5n, [9], { device: device! }).remainder(1000003)
      ),
  ),
  ...draws("randintLike", (_, x) => core.randintLike(x, -3, 9), (_, x) => core.randintLike(x, 9)),
  ...draws(
    "normal",
    (o) => core.normal(2, 3, { size: [5, 7], ...o }),
    (_, x) => core.tidySync(() => core.normal(x, x.abs())),
  ),
  ...draws(
    "poisson",
    (_, x) => core.tidySync(() => core.poisson(x.square())),
    (_, x) => core.tidySync(() => core.poisson(x.square().mul(20).add(12))),
  ),
  ...draws("randperm", ({ device }) => core.randperm(9, { device: device! })),
  ...draws("randLike", (_, x) => core.randLike(x)),
  ...draws("randnLike", (_, x) => core.randnLike(x)),
  ...draws("bernoulli", (_, x) => core.tidySync(() => core.bernoulli(x.sigmoid()))),
  ...draws("uniform_", (_, x) => core.uniform_(x.clone(), -1, 2)),
  ...draws("normal_", (_, x) => core.normal_(x.clone(), 1, 2)),
  ...draws(
    "bernoulli_",
    (_, x) => core.bernoulli_(x.clone(), 0.3),
    (_, x) => core.tidySync(() => core.bernoulli_(x.clone(), x.sigmoid())),
  ),
  ...draws("exponential_", (_, x) => core.exponential_(x.clone(), 3)),
  ...draws("geometric_", (_, x) => core.geometric_(x.clone(), 0.3)),
  ...draws("cauchy_", (_, x) => core.cauchy_(x.clone(), 1, 0.5)),
  ...draws("logNormal_", (_, x) => core.logNormal_(x.clone(), 0.5, 0.3)),
  ...casesOf("zerosLike", { differentiable: false }, [(x) => core.zerosLike(x!), [integers([3], 0, 9)]]),
];
