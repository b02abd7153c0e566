/** Bounds and standard deviations of PyTorch's default initializers, checked for every layer. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Tensor } from "@troodon/core";
import * as nn from "./mod.ts";
import { assertNormal, assertUniform, numbersOf } from "./draws_support_test.ts";
import { useReference } from "./support_test.ts";

/** Layers with the bound of the uniform distribution of their weights and biases. */
const WITHIN: Readonly<Record<string, readonly [make: () => nn.AnyModule, bound: number]>> = {
  Linear: [() => new nn.Linear(50, 300), 1 / Math.sqrt(50)],
  Bilinear: [() => new nn.Bilinear(30, 7, 300), 1 / Math.sqrt(30)],
  Conv1d: [() => new nn.Conv1d(12, 300, 5, { groups: 3 }), 1 / Math.sqrt(4 * 5)],
  Conv2d: [() => new nn.Conv2d(12, 300, [3, 2], { groups: 2 }), 1 / Math.sqrt(6 * 6)],
  Conv3d: [() => new nn.Conv3d(4, 300, [3, 2, 1]), 1 / Math.sqrt(4 * 6)],
  // For transposed convolutions, PyTorch computes the fan-in from the output channels.
  ConvTranspose1d: [() => new nn.ConvTranspose1d(30, 300, 5, { groups: 3 }), 1 / Math.sqrt(100 * 5)],
  ConvTranspose2d: [() => new nn.ConvTranspose2d(4, 300, [3, 2], { groups: 2 }), 1 / Math.sqrt(150 * 6)],
  ConvTranspose3d: [() => new nn.ConvTranspose3d(4, 300, [3, 2, 1]), 1 / Math.sqrt(300 * 6)],
  RNN: [() => new nn.RNN(20, 150), 1 / Math.sqrt(150)],
  LSTM: [() => new nn.LSTM(20, 80, { numLayers: 2, bidirectional: true }), 1 / Math.sqrt(80)],
  GRU: [() => new nn.GRU(20, 80), 1 / Math.sqrt(80)],
  RNNCell: [() => new nn.RNNCell(20, 150), 1 / Math.sqrt(150)],
  LSTMCell: [() => new nn.LSTMCell(20, 80), 1 / Math.sqrt(80)],
  GRUCell: [() => new nn.GRUCell(20, 80), 1 / Math.sqrt(80)],
};

for (const [name, [make, bound]] of Object.entries(WITHIN)) {
  Deno.test(`${name}() begins uniform within PyTorch's bound, weights and biases`, () => {
    useReference();
    const layer = make(), parameters = [...layer.namedParameters()];
    assert(parameters.length >= 2);
    for (const [, t] of parameters) assertUniform(t, bound);
  });
}

const only = (layer: nn.AnyModule, name: string): Tensor => new Map(layer.namedParameters()).get(name)!;

Deno.test("Embedding() and EmbeddingBag() begin with standard normal draws", () => {
  useReference();
  for (const layer of [new nn.Embedding(90, 40), new nn.EmbeddingBag(90, 40)]) assertNormal(layer.weight, 1);
  const padded = new nn.Embedding(50, 40, { paddingIdx: -2 });
  assert(numbersOf(padded.weight.select(0, 48)).every((x) => x === 0));
  assert(numbersOf(padded.weight.select(0, 49)).every((x) => x !== 0));
  const bags = new nn.EmbeddingBag(50, 40, { paddingIdx: 3 });
  assert(numbersOf(bags.weight.select(0, 3)).every((x) => x === 0));
});

Deno.test("MultiheadAttention() begins as Glorot and Bengio, and its last projection as any linear layer", () => {
  useReference();
  const xavier = (fanIn: number, fanOut: number) => Math.sqrt(6 / (fanIn + fanOut));
  const one = new nn.MultiheadAttention(40, 4, { addBiasKv: true });
  assertUniform(only(one, "in_proj_weight"), xavier(40, 120));
  assertUniform(only(one, "out_proj.weight"), 1 / Math.sqrt(40));
  const wide = new nn.MultiheadAttention(400, 4, { addBiasKv: true, kdim: 30, vdim: 50 });
  assertUniform(only(wide, "q_proj_weight"), xavier(400, 400));
  assertUniform(only(wide, "k_proj_weight"), xavier(30, 400));
  assertUniform(only(wide, "v_proj_weight"), xavier(50, 400));
  for (const name of ["bias_k", "bias_v"]) assertNormal(only(wide, name), Math.sqrt(2 / (400 + 400)));
  for (const name of ["in_proj_bias", "out_proj.bias"]) {
    assert(numbersOf(only(wide, name)).every((x) => x === 0), name);
  }
});

Deno.test("Transformer() begins as Glorot and Bengio, matrices alone", () => {
  useReference();
  const net = new nn.Transformer(48, 4, { numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 90 });
  let matrices = 0;
  for (const [name, t] of net.namedParameters()) {
    if (t.ndim > 1) {
      matrices++;
      assertUniform(t, Math.sqrt(6 / (t.shape[0]! + t.shape[1]!)));
    } else if (/linear1\.bias$/.test(name)) assertUniform(t, 1 / Math.sqrt(48));
  }
  assertEquals(matrices, 4 + 6);
});

Deno.test("Linear() without inputs begins with biases of 0", () => {
  useReference();
  assertEquals(new nn.Linear(0, 3).bias?.tolist(), [0, 0, 0]);
});

Deno.test("PReLU() and LSTM() refuse arguments of PyTorch that they do not take", () => {
  useReference();
  const prelu: unknown = 5, lstm: unknown = { projSize: 2 };
  assertThrows(() => new nn.PReLU(prelu as object), TypeError, "write { numParameters: 5 }");
  assertThrows(() => new nn.LSTM(3, 4, lstm as object), TypeError, "no option projSize");
});
