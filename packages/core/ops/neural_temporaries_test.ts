import { assertEquals } from "@std/assert";
import * as core from "../mod.ts";
import { arange, Device, ReferenceBackend, type Tensor } from "../mod.ts";

/** Each is given float32 [2, 4, 4], the same as [2, 4, 2, 2], its [4, 4], and classes [4]. */
const CASES: Readonly<Record<string, (x: Tensor, images: Tensor, m: Tensor, classes: Tensor) => Tensor>> = {
  "matmul() of a matrix and a vector": (x, _i, m) => {
    using v = m.at(0);
    return x.matmul(v);
  },
  "matmul() of vectors": (_x, _i, m) => {
    using v = m.at(0);
    return v.matmul(v);
  },
  "matmul() of a batch": (x, _i, m) => x.matmul(m),
  "matmul() of batches": (x, _i, m) => m.matmul(x),
  "addmm()": (_x, _i, m) => m.addmm(m, m),
  "trace()": (_x, _i, m) => m.trace(),
  "linear()": (x, _i, m) => x.linear(m),
  "bilinear()": (x, _i, m) => {
    using weight = x.narrow(1, 0, 4);
    return core.bilinear(m, m, weight);
  },
  "einsum()": (x, _i, m) => core.einsum("bii,ij,jk->kb", x, m, m),
  "einsum() of nothing to do": (x) => core.einsum("abc", x),
  "conv2d() of one image": (_x, images, _m) => {
    using one = images.at(0);
    return one.conv2d(images, null, { padding: 1 });
  },
  "conv1d()": (x) => x.conv1d(x),
  "convTranspose2d() of one image": (_x, images, m) => {
    using one = images.at(0);
    using bias = m.at(0);
    using weight = images.reshape([4, 4, 1, 2]);
    return core.convTranspose2d(one, weight, bias);
  },
  "convTranspose1d()": (x, _i, m) => {
    using weight = m.reshape([4, 1, 4]);
    return core.convTranspose1d(x, weight);
  },
  "maxPool2d()": (_x, images) => images.maxPool2d(2),
  "maxPool2d() of one image": (x) => x.maxPool2d(2),
  "maxPool1d()": (x) => x.maxPool1d(2),
  "avgPool2d()": (x) => x.avgPool2d(3, { ceilMode: true, padding: 1 }),
  "avgPool1d()": (x) => x.avgPool1d(2),
  "lpPool2d()": (x) => core.lpPool2d(x, 2, 2),
  "softmax()": (x) => x.softmax(1),
  "softmin()": (x) => x.softmin(-1),
  "batchNorm()": (_x, images, m) => {
    using mean = m.mean(0);
    using spread = mean.square();
    return core.batchNorm(images, mean, spread, mean, mean, { training: true });
  },
  "batchNorm() by running values": (_x, images, m) => {
    using mean = m.mean(0);
    using spread = mean.square();
    return core.batchNorm(images, mean, spread, mean);
  },
  "layerNorm()": (x, _i, m) => x.layerNorm([4, 4], m, m),
  "layerNorm() with a bias": (x, _i, m) => x.layerNorm([4, 4], null, m),
  "groupNorm()": (_x, images, m) => {
    using weight = m.mean(0);
    return core.groupNorm(images, 2, weight, weight);
  },
  "rmsNorm()": (x, _i, m) => core.rmsNorm(x, [4, 4], m),
  "normalize()": (x) => x.normalize(),
  "cosineSimilarity()": (x) => core.cosineSimilarity(x, x),
  "pairwiseDistance()": (x) => core.pairwiseDistance(x, x),
  "cdist()": (_x, _i, m) => core.cdist(m, m),
  "embedding()": (_x, _i, m, classes) => core.embedding(classes, m, { paddingIdx: 0 }),
  "dropout()": (x) => x.dropout(),
  "scaledDotProductAttention()": (x) =>
    core.scaledDotProductAttention(x, x, x, { isCausal: true, dropoutP: 0.1, attnMask: x }),
  "conv3d()": (x, images) => {
    using volume = x.reshape([1, 1, 2, 4, 4]);
    using weight = images.reshape([4, 1, 2, 2, 2]);
    return core.conv3d(volume, weight, null, { padding: 1 });
  },
  "convTranspose3d()": (x, images) => {
    using volume = x.reshape([1, 4, 2, 2, 2]);
    using weight = images.reshape([4, 1, 2, 2, 2]);
    return core.convTranspose3d(volume, weight, null, { stride: 2, outputPadding: 1 });
  },
  "maxPool3d()": (x) => {
    using volume = x.reshape([1, 2, 4, 4]);
    return core.maxPool3d(volume, [1, 2, 2]);
  },
  "avgPool3d()": (x) => {
    using volume = x.reshape([1, 2, 4, 4]);
    return core.avgPool3d(volume, [1, 2, 2], { divisorOverride: 3 });
  },
  "adaptiveAvgPool2d()": (x) => core.adaptiveAvgPool2d(x, 3),
  "adaptiveAvgPool2d() to the same": (x) => core.adaptiveAvgPool1d(x, 4),
  "adaptiveMaxPool2d()": (x) => core.adaptiveMaxPool2d(x, 3),
  "interpolate()": (x) => core.interpolate(x, { scaleFactor: 1.5 }),
  "interpolate() by cubes": (_x, images) => core.interpolate(images, { size: 3, mode: "bicubic" }),
  "localResponseNorm()": (x) => core.localResponseNorm(x, 2),
  "dropout2d()": (_x, images) => core.dropout2d(images),
  "channelShuffle()": (x) => core.channelShuffle(x, 2),
  "rnn()": (x, _i, m) => {
    const [output, h] = core.rnn(x, null, [{ weightIh: m, weightHh: m }]);
    h.dispose();
    return output;
  },
  "lstm()": (x, _i, m) => {
    using features = x.narrow(2, 0, 1);
    using weightHh = m.narrow(1, 0, 1), bias = m.select(1, 0);
    const weights = { weightIh: weightHh, weightHh, biasIh: bias, biasHh: bias };
    const [output, [h, c]] = core.lstm(features, null, [weights, weights], { bidirectional: true });
    h.dispose();
    c.dispose();
    return output;
  },
  "multiHeadAttention()": (x, _i, m) => {
    const [output, weights] = core.multiHeadAttention(x, x, x, 2, {
      inProjWeight: [m, m, m],
      outProjWeight: m,
    }, { isCausal: true });
    weights?.dispose();
    return output;
  },
  "ctcLoss()": (x, _i, _m, classes) => core.ctcLoss(x, classes, [2, 2, 2, 2], [1, 1, 1, 1]),
  "pixelShuffle()": (_x, images) => images.pixelShuffle(2),
  "pixelUnshuffle()": (x) => x.pixelUnshuffle(2),
  "mseLoss()": (x) => core.mseLoss(x, x),
  "gaussianNllLoss()": (x) => core.gaussianNllLoss(x, x, x),
  "gaussianNllLoss() of a variance for each row": (x) => {
    using variance = x.select(2, 0);
    return core.gaussianNllLoss(x, x, variance);
  },
  "klDiv()": (x) => core.klDiv(x, x, { reduction: "batchmean" }),
  "multilabelSoftMarginLoss()": (x) => core.multilabelSoftMarginLoss(x, x),
  "nllLoss()": (_x, _i, m, classes) => core.nllLoss(m, classes),
  "crossEntropy()": (_x, _i, m, classes) => core.crossEntropy(m, classes),
  "crossEntropy() of uint8": (_x, _i, m, classes) => {
    using bytes = classes.to("uint8");
    return core.crossEntropy(m, bytes);
  },
  "crossEntropy(), weighted and smoothed": (_x, _i, m, classes) => {
    using weight = m.at(1);
    return core.crossEntropy(m, classes, { weight, labelSmoothing: 0.1, reduction: "none" });
  },
  "crossEntropy() of probabilities": (_x, _i, m) => core.crossEntropy(m, m, { labelSmoothing: 0.1 }),
  "crossEntropy() of pixels": (x) => {
    using labels = x.argmax(1);
    return core.crossEntropy(x, labels, { reduction: "none" });
  },
  "cosineEmbeddingLoss()": (_x, _i, m, classes) => core.cosineEmbeddingLoss(m, m, classes),
  "tripletMarginLoss()": (x) => core.tripletMarginLoss(x, x, x, { swap: true }),
  "multiMarginLoss()": (_x, _i, m, classes) => core.multiMarginLoss(m, classes, { p: 2 }),
};

for (const [name, run] of Object.entries(CASES)) {
  Deno.test(`${name} leaves nothing behind`, () => {
    const device = new Device(new ReferenceBackend());
    const x = arange(0, 32, 1, { device, dtype: "float32" }).reshape([2, 4, 4]);
    const images = x.reshape([2, 4, 2, 2]), m = x.at(0).clone(), classes = arange(0, 4, 1, { device });
    const references = [x, m, classes].map((t) => t.storage.references), { buffers } = device.memory;
    run(x, images, m, classes).dispose();
    assertEquals(device.memory.buffers, buffers);
    assertEquals([x, m, classes].map((t) => t.storage.references), references);
  });
}
