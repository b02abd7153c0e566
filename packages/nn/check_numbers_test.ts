import { assertThrows } from "@std/assert";
import { BatchNorm2d, Conv2d, Embedding, Linear, LSTM, MultiheadAttention } from "./mod.ts";
import { useReference } from "./support_test.ts";

Deno.test("constructors of layers say which size is none", () => {
  useReference();
  const made: readonly (readonly [string, () => unknown])[] = [
    ["Linear as inFeatures must be a whole number from 0: current inFeatures is -1", () => new Linear(-1, 2)],
    [
      "Linear as outFeatures must be a whole number from 0: current outFeatures is 0.5",
      () => new Linear(1, 0.5),
    ],
    [
      "Conv2d as outChannels must be a whole number from 0: current outChannels is -2",
      () => new Conv2d(1, -2, 3),
    ],
    [
      "Embedding as numEmbeddings must be a whole number from 0: current numEmbeddings is NaN",
      () => new Embedding(NaN, 2),
    ],
    [
      "LSTM as hiddenSize must be a whole number from 0: current hiddenSize is Infinity",
      () => new LSTM(1, Infinity),
    ],
    [
      "BatchNorm2d as numFeatures must be a whole number from 0: current numFeatures is -3",
      () => new BatchNorm2d(-3),
    ],
    [
      "MultiheadAttention as embedDim must be a whole number from 0: current embedDim is -4",
      () => new MultiheadAttention(-4, 2),
    ],
  ];
  for (const [message, make] of made) assertThrows(make, RangeError, `Cannot make ${message}`);
});
