import * as core from "@troodon/core";
import { type Tensor, tensor } from "@troodon/core";
import { testGradients } from "./reference/gradients.ts";

const classes = (x: Tensor, ...values: number[]) => tensor(values, { device: x.device, dtype: "int32" });
const constant = (x: Tensor, ...values: number[]) => tensor(values, { device: x.device, dtype: x.dtype });

testGradients({
  "matmul() of vectors": [core.matmul, [3], [3]],
  "matmul() of batches that broadcast": [core.matmul, [2, 1, 2, 3], [3, 3, 2]],
  "matmul() of a batch and a matrix": [core.matmul, [2, 2, 3], [3, 2]],
  "addmm() with factors": [
    (x, a, b) => core.addmm(x, a, b, { beta: 0.5, alpha: 2 }),
    [2],
    [3, 2],
    [2, 2],
  ],
  "linear() with a bias": [core.linear, [2, 2, 3], [2, 3], [2]],
  "linear() without a bias": [(x, w) => core.linear(x, w), [3], [2, 3]],
  "bilinear()": [core.bilinear, [2, 2], [2, 3], [2, 2, 3], [2]],
  "einsum() with a repeated letter": [(a, b) => core.einsum("iij,jk->k", a, b), [2, 2, 3], [3, 2]],
  "trace()": [core.trace, [2, 3]],
  "conv2d()": [(x, w, b) => core.conv2d(x, w, b), [1, 2, 3, 4], [2, 2, 2, 2], [2]],
  "conv2d() with strides, padding and groups": [
    (x, w) => core.conv2d(x, w, null, { stride: [2, 1], padding: [1, 0], groups: 2 }),
    [1, 2, 4, 3],
    [2, 1, 3, 2],
  ],
  "conv2d() with dilation and padding that keeps extents": [
    (x, w, b) => core.conv2d(x, w, b, { dilation: 2, padding: "same" }),
    [1, 1, 3, 3],
    [1, 1, 2, 2],
    [1],
  ],
  "conv1d()": [(x, w, b) => core.conv1d(x, w, b), [1, 2, 5], [1, 2, 2], [1]],
  "convTranspose2d()": [
    (x, w, b) => core.convTranspose2d(x, w, b, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
    [1, 2, 2, 3],
    [2, 1, 3, 2],
    [2],
  ],
  "maxPool2d() of windows that overlap": [
    (x) => core.maxPool2d(x, 2, { stride: 1, padding: 1 }),
    [1, 2, 3, 3],
  ],
  "maxPool2d() with partial windows": [(x) => core.maxPool2d(x, 2, { ceilMode: true }), [1, 3, 5]],
  "avgPool2d() of windows that overlap": [
    (x) => core.avgPool2d(x, [2, 3], { stride: 1, padding: 1 }),
    [1, 1, 3, 3],
  ],
  "avgPool2d() that counts elements alone": [
    (x) => core.avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false, ceilMode: true }),
    [1, 1, 4, 4],
  ],
  "softmax()": [(x) => core.softmax(x, 0), [3, 2]],
  "logSoftmax()": [(x) => core.logSoftmax(x, 1), [2, 3]],
  "softmin()": [(x) => core.softmin(x, 1), [2, 2, 2]],
  "batchNorm() in training": [
    (x, w, b) => core.batchNorm(x, null, null, w, b, { training: true }),
    [3, 2, 2],
    [2],
    [2],
  ],
  "batchNorm() without weight and bias": [(x) => core.batchNorm(x, null, null), [4, 2]],
  "batchNorm() by running values": [
    (x, w, b) => core.batchNorm(x, constant(x, 0.1, 0.2), constant(x, 1, 2), w, b),
    [2, 2, 1, 2],
    [2],
    [2],
  ],
  "layerNorm()": [(x, w, b) => core.layerNorm(x, [3], w, b), [2, 3], [3], [3]],
  "layerNorm() with a weight alone": [(x, w) => core.layerNorm(x, [2, 2], w), [2, 2, 2], [2, 2]],
  "groupNorm()": [(x, w, b) => core.groupNorm(x, 2, w, b), [1, 4, 2], [4], [4]],
  "rmsNorm()": [(x, w) => core.rmsNorm(x, [3], w), [2, 3], [3]],
  "normalize()": [(x) => core.normalize(x), [2, 3]],
  "cosineSimilarity()": [(a, b) => core.cosineSimilarity(a, b), [2, 3], [2, 3]],
  "cdist()": [(a, b) => core.cdist(a, b.add(3)), [2, 2], [3, 2]],
  "embedding() with padding": [
    (w) => core.embedding(classes(w, 2, 0, 2, 1), w, { paddingIdx: 1 }).narrow(0, 0, 3),
    [3, 2],
  ],
  "dropout()": [
    (x) => {
      x.device.generator.manualSeed(3);
      return core.dropout(x, { p: 0.4 });
    },
    [10],
  ],
  "scaledDotProductAttention() that is causal": [
    (q, k, v) => core.scaledDotProductAttention(q, k, v, { isCausal: true }),
    [2, 2],
    [3, 2],
    [3, 1],
  ],
  "crossEntropy() of classes": [(x) => core.crossEntropy(x, classes(x, 2, 0, -100)), [3, 3]],
  "crossEntropy() of classes, each": [
    (x) => core.crossEntropy(x, classes(x, 1, 0), { reduction: "none" }),
    [2, 2],
  ],
  "crossEntropy() of classes, smoothed and weighted": [
    (x, w) => core.crossEntropy(x, classes(x, 1, 0), { labelSmoothing: 0.1, weight: w.square() }),
    [2, 3],
    [3],
  ],
  "nllLoss()": [(x) => core.nllLoss(x, classes(x, 1, 0, 1), { ignoreIndex: 0 }), [3, 2]],
  "gaussianNllLoss() of shapes that broadcast": [
    (x, y, v) => core.gaussianNllLoss(x, y, v.exp()),
    [2, 3],
    [1, 3],
    [2, 1],
  ],
  "smoothL1Loss()": [(x, y) => core.smoothL1Loss(x, y, { beta: 0.7 }), [4], [4]],
  "huberLoss()": [(x, y) => core.huberLoss(x, y, { delta: 0.7, reduction: "sum" }), [2, 2], [2, 2]],
  "binaryCrossEntropy()": [(x) => core.binaryCrossEntropy(x.sigmoid(), constant(x, 0, 1, 0.3)), [3]],
  "binaryCrossEntropy() with factors": [
    (x, w) => core.binaryCrossEntropy(x.sigmoid(), constant(x, 0, 1, 0.3), { weight: w }),
    [3],
    [3],
  ],
  "binaryCrossEntropyWithLogits() with factors": [
    (x, w) =>
      core.binaryCrossEntropyWithLogits(x, constant(x, 0, 1, 0.3), { posWeight: constant(x, 3), weight: w }),
    [3],
    [3],
  ],
  "klDiv() whose gradient reads the target alone": [
    (x) => core.klDiv(x, constant(x, 0.25, 0.75).expand([3, 2]), { reduction: "batchmean" }),
    [3, 2],
  ],
  "gaussianNllLoss()": [(x, y, v) => core.gaussianNllLoss(x, y, v.exp()), [3], [3], [3]],
});
