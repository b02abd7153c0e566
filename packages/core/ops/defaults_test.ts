/** Options that are left out: each has the value that PyTorch documents for it. */
import { assertEquals, assertNotEquals } from "@std/assert";
import {
  addcdiv,
  addcmul,
  addmm,
  avgPool2d,
  batchNorm,
  bincount,
  cdist,
  celu,
  conv1d,
  conv2d,
  conv3d,
  convTranspose2d,
  cosineEmbeddingLoss,
  cosineSimilarity,
  crossEntropy,
  ctcLoss,
  Device,
  elu,
  gaussianNllLoss,
  Generator,
  groupNorm,
  gumbelSoftmax,
  hardshrink,
  hardtanh,
  hingeEmbeddingLoss,
  huberLoss,
  instanceNorm,
  interpolate,
  isclose,
  klDiv,
  layerNorm,
  leakyRelu,
  localResponseNorm,
  marginRankingLoss,
  maxPool2d,
  mseLoss,
  multiMarginLoss,
  nllLoss,
  norm,
  normal_,
  normalize,
  pad,
  pairwiseDistance,
  poissonNllLoss,
  ReferenceBackend,
  scaledDotProductAttention,
  searchsorted,
  smoothL1Loss,
  softplus,
  softshrink,
  sort,
  tensor,
  topk,
  tripletMarginLoss,
  zeros,
} from "../mod.ts";
import { float, row, some, testDefaults, whole } from "./defaults_support_test.ts";

const x = float([[-3, -0.7, 0.4], [0.003, 25, 2]]), a = some(3, 4), b = some(3, 4).cos();
const image = some(1, 2, 6, 6), volume = some(1, 2, 4, 4, 4), tiny = some(4, 3).mul(1e-3);
const targets = whole([0, 2, 1]), signs = float([1, -1, 1]), logs = some(3, 4).logSoftmax(-1);
const REDUCTION = { reduction: ["mean", "sum"] } as const;

testDefaults({
  elu: row((o) => elu(x, o), { alpha: [1, 2] }),
  celu: row((o) => celu(x, o), { alpha: [1, 2] }),
  leakyRelu: row((o) => leakyRelu(x, o), { negativeSlope: [0.01, 0.02] }),
  hardtanh: row((o) => hardtanh(x, o), { minVal: [-1, -2], maxVal: [1, 2] }),
  softshrink: row((o) => softshrink(x, o), { lambda: [0.5, 1] }),
  hardshrink: row((o) => hardshrink(x, o), { lambda: [0.5, 1] }),
  softplus: row((o) => softplus(float([1, 19, 21]), o), {
    beta: [1, 2],
    threshold: [20, 10],
  }),
  addmm: row((o) => addmm(some(3, 3), a, b.t(), o), {
    alpha: [1, 2],
    beta: [1, 2],
  }),
  addcmul: row((o) => addcmul(a, b, b, o), { value: [1, 2] }),
  addcdiv: row((o) => addcdiv(a, b, b.add(3), o), { value: [1, 2] }),
  bincount: row((o) => bincount(targets, o), { minlength: [0, 5] }),
  pad: row((o) => pad(image, [1, 2, 0, 1], o), {
    mode: ["constant", "reflect"],
    value: [0, 1],
  }),
  localResponseNorm: row((o) => localResponseNorm(image, 2, o), {
    alpha: [1e-4, 1e-3],
    beta: [0.75, 0.5],
    k: [1, 2],
  }),
  normalize: row((o) => normalize(tiny.mul(1e-9), o), {
    p: [2, 1],
    dim: [1, 0],
    eps: [1e-12, 2e-12],
  }),
  cosineSimilarity: row(
    (o) => cosineSimilarity(tiny.mul(1e-6), tiny.add(1), o),
    {
      dim: [1, 0],
      eps: [1e-8, 2e-8],
    },
  ),
  pairwiseDistance: row((o) => pairwiseDistance(a, b, o), {
    p: [2, 1],
    eps: [1e-6, 2e-6],
    keepdim: [false, true],
  }),
  cdist: row((o) => cdist(a, b, o), { p: [2, 1] }),
  norm: row((o) => norm(a, "p" in o ? Number(o.p) : undefined), { p: [2, 1] }),
  sort: row((o) => sort(a, undefined, o).values, { descending: [false, true] }),
  topk: row((o) => topk(a, 2, undefined, o).values, { largest: [true, false] }),
  searchsorted: row(
    (o) => searchsorted(float([1, 2]), float([1, 2]), o),
    {
      right: [false, true],
    },
  ),
  isclose: row(
    (o) => isclose(float([1 + 1.5e-5, 1.5e-8, NaN]), float([1, 0, NaN]), o),
    { rtol: [1e-5, 2e-5], atol: [1e-8, 2e-8], equalNan: [false, true] },
  ),
  layerNorm: row((o) => layerNorm(tiny, [3], null, null, o), {
    eps: [1e-5, 2e-5],
  }),
  groupNorm: row((o) => groupNorm(image, 2, null, null, o), {
    eps: [1e-5, 2e-5],
  }),
  instanceNorm: row((o) => instanceNorm(image, null, null, o), {
    eps: [1e-5, 2e-5],
  }),
  "batchNorm by the batch": row((o) => {
    const mean = float([0, 0]), variance = float([1, 1]);
    return batchNorm(image, mean, variance, null, null, { training: true, ...o }).sum().add(mean).add(
      variance,
    );
  }, { momentum: [0.1, 0.2] }),
  batchNorm: row(
    (o) => batchNorm(image, float([1, 2]), float([3, 4]), null, null, o),
    { training: [false, true], eps: [1e-5, 2e-5] },
  ),
  scaledDotProductAttention: row(
    (o) => scaledDotProductAttention(a, b, a, o),
    { isCausal: [false, true], scale: [0.5, 1] },
  ),
  conv1d: row((o) => conv1d(some(1, 2, 6), some(2, 2, 2), null, o), {
    stride: [1, 2],
    padding: [0, 1],
    dilation: [1, 2],
  }),
  conv2d: row((o) => conv2d(image, some(2, 2, 2, 2), null, o), {
    stride: [1, 2],
    padding: [0, 1],
    dilation: [1, 2],
  }),
  conv3d: row((o) => conv3d(volume, some(2, 2, 2, 2, 2), null, o), {
    stride: [1, 2],
    padding: [0, 1],
    dilation: [1, 2],
  }),
  convTranspose2d: row(
    (o) => convTranspose2d(image, some(2, 2, 2, 2), null, o),
    { stride: [1, 2], padding: [0, 1], dilation: [1, 2] },
  ),
  avgPool2d: row((o) => avgPool2d(image, 3, o), {
    stride: [3, 2],
    padding: [0, 1],
  }),
  "avgPool2d with padding": row(
    (o) => avgPool2d(image, 4, { padding: 1, stride: 3, ...o }),
    {
      countIncludePad: [true, false],
      ceilMode: [false, true],
    },
  ),
  maxPool2d: row((o) => maxPool2d(image, 2, o), {
    stride: [2, 1],
    padding: [0, 1],
    dilation: [1, 2],
  }),
  interpolate: row((o) => interpolate(image, { size: [9, 5], ...o }), {
    mode: ["nearest", "bilinear"],
  }),
  "interpolate by lines": row((o) => interpolate(image, { size: [9, 5], mode: "bilinear", ...o }), {
    alignCorners: [false, true],
  }),
  mseLoss: row((o) => mseLoss(a, b, o), REDUCTION),
  smoothL1Loss: row((o) => smoothL1Loss(a.mul(3), b, o), {
    beta: [1, 2],
    ...REDUCTION,
  }),
  huberLoss: row((o) => huberLoss(a.mul(3), b, o), {
    delta: [1, 2],
    ...REDUCTION,
  }),
  poissonNllLoss: row((o) => poissonNllLoss(a.abs(), b.abs(), o), {
    logInput: [true, false],
    ...REDUCTION,
  }),
  "poissonNllLoss of rates": row(
    (o) => poissonNllLoss(float([0, 1]), float([1, 1]), { logInput: false, ...o }),
    { eps: [1e-8, 2e-8] },
  ),
  gaussianNllLoss: row(
    (o) => gaussianNllLoss(a, b, b.abs().mul(0).add(1e-7), o),
    { full: [false, true], eps: [1e-6, 2e-6], ...REDUCTION },
  ),
  klDiv: row((o) => klDiv(logs, logs.exp().flip(0), o), {
    logTarget: [false, true],
    ...REDUCTION,
  }),
  hingeEmbeddingLoss: row(
    (o) => hingeEmbeddingLoss(some(3), signs, o),
    {
      margin: [1, 2],
      ...REDUCTION,
    },
  ),
  marginRankingLoss: row(
    (o) => marginRankingLoss(some(3), some(3).cos(), signs, o),
    { margin: [0, 1], ...REDUCTION },
  ),
  cosineEmbeddingLoss: row(
    (o) => cosineEmbeddingLoss(a, a.add(0.1), signs, o),
    { margin: [0, 0.5], ...REDUCTION },
  ),
  tripletMarginLoss: row(
    (o) => tripletMarginLoss(a, b, b.add(0.1), o),
    {
      margin: [1, 2],
      p: [2, 1],
      eps: [1e-6, 2e-6],
      swap: [false, true],
      ...REDUCTION,
    },
  ),
  multiMarginLoss: row((o) => multiMarginLoss(a, targets, o), {
    margin: [1, 2],
    p: [1, 2],
    ...REDUCTION,
  }),
  nllLoss: row((o) => nllLoss(logs, whole([0, 2, -100]), o), REDUCTION),
  crossEntropy: row((o) => crossEntropy(a, whole([0, 2, -100]), o), {
    labelSmoothing: [0, 0.1],
    ...REDUCTION,
  }),
  ctcLoss: row(
    (o) => ctcLoss(some(4, 1, 3).logSoftmax(-1), whole([[1, 2]]), [4], [2], o),
    {
      blank: [0, 1],
    },
  ),
  "ctcLoss of two": row(
    (o) => ctcLoss(some(4, 2, 3).logSoftmax(-1), whole([[1, 2], [2, 1]]), [4, 4], [2, 2], o),
    REDUCTION,
  ),
  "ctcLoss of too long a target": row(
    (o) => ctcLoss(some(1, 1, 3).logSoftmax(-1), whole([[1, 2]]), [1], [2], o),
    { zeroInfinity: [false, true] },
  ),
});

Deno.test("gumbelSoftmax() draws soft samples along the last axis at a temperature of 1", () => {
  const draw = (options = {}) => {
    const device = new Device(new ReferenceBackend(), { generator: new Generator(3) });
    return gumbelSoftmax(tensor([[1, 2, 3], [0, 1, -1]], { device, dtype: "float64" }), options).tolist();
  };
  assertEquals(draw({ tau: 1, hard: false, dim: -1 }), draw());
  for (const other of [{ tau: 2 }, { hard: true }, { dim: 0 }]) assertNotEquals(draw(other), draw());
});

Deno.test("normal_() draws around 0 with a deviation of 1 where nothing is said", () => {
  const draw = (...moments: number[]) => {
    const device = new Device(new ReferenceBackend(), { generator: new Generator(5) });
    return normal_(zeros([8], { device, dtype: "float64" }), ...moments).tolist() as number[];
  };
  assertEquals(draw(), draw(0, 1));
  assertEquals(draw(3, 2), draw().map((v) => 3 + 2 * v));
});
