import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { defaultDevice, randn, Scope, type Tensor, zeros } from "@troodon/core";
import {
  GRU,
  LSTM,
  MultiheadAttention,
  RNN,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "../mod.ts";
import { useReference } from "../support_test.ts";

const numbers = (t: Tensor): number[] => Array.from(t.dataSync(), Number);

Deno.test("LSTM() starts uniform within 1 / sqrt(hiddenSize), and names its weights as fields", () => {
  useReference();
  const lstm = new LSTM(3, 16, { numLayers: 2, bidirectional: true });
  assertEquals(lstm.weightIhL1Reverse?.shape, [64, 32]);
  assertEquals(lstm.biasHhL0?.shape, [64]);
  assertEquals(lstm.weightIhL2, undefined);
  for (const parameter of lstm.parameters()) assert(numbers(parameter).every((w) => Math.abs(w) <= 0.25));
});

Deno.test("LSTM() gives back its weights where memory is refused to one of them", () => {
  useReference();
  const device = defaultDevice(), { buffers } = device.memory;
  for (let refused = 1; refused <= 8; refused++) {
    let left = refused;
    using _ = device.listen({
      allocate() {
        if (--left === 0) throw new RangeError("no more");
      },
    });
    assertThrows(() => new LSTM(2, 3, { numLayers: 2 }), RangeError, "no more");
    assertEquals(device.memory.buffers, buffers, `buffer ${refused}`);
  }
});

Deno.test("LSTM() goes on from a state as if it had not stopped", () => {
  useReference();
  const lstm = new LSTM(2, 3, { dtype: "float64" }), x = randn([6, 2, 2], { dtype: "float64" });
  const [whole] = lstm.forward(x);
  const [, state] = lstm.forward(x.narrow(0, 0, 4));
  const [rest] = lstm.forward(x.narrow(0, 4, 2), state);
  const expected = numbers(whole.narrow(0, 4, 2));
  numbers(rest).forEach((y, i) => assertAlmostEquals(y, expected[i]!, 1e-12));
});

Deno.test("GRU() drops between layers while training only", () => {
  useReference();
  const gru = new GRU(2, 3, { numLayers: 2, dropout: 0.5, batchFirst: true }), x = randn([2, 4, 2]);
  const of = () => numbers(gru.forward(x)[0]);
  assert(of().join() !== of().join());
  gru.eval();
  assertEquals(of(), of());
});

Deno.test("RNN() refuses layers and inputs that make no sense", () => {
  useReference();
  assertThrows(() => new RNN(2, 3, { numLayers: 0 }), RangeError, "numLayers is 0");
  assertThrows(() => new RNN(2, 3, { dropout: 2 }), RangeError, "dropout 2");
  assertThrows(() => new RNN(2, 3).forward(randn([4, 1, 5])), RangeError, "features are 5");
});

Deno.test("recurrent layers and attention leave nothing behind a scope", () => {
  const device = useReference();
  const lstm = new LSTM(2, 2), attention = new MultiheadAttention(2, 1), x = randn([3, 1, 2]);
  const encoder = new TransformerEncoder(() => new TransformerEncoderLayer(2, 1, { dimFeedforward: 4 }), 2);
  const before = device.memory.buffers;
  {
    using _ = new Scope();
    lstm.forward(x)[0].sum().backward();
    attention.forward(x, x, x)[0].sum().backward();
    encoder.forward(x).sum().backward();
  }
  for (const module of [lstm, attention, encoder]) module.zeroGrad();
  assertEquals(device.memory.buffers, before);
});

Deno.test("TransformerEncoder() with isCausal sees nothing ahead", () => {
  useReference();
  const encoder = new TransformerEncoder(
    () => new TransformerEncoderLayer(4, 2, { dimFeedforward: 8, batchFirst: true, dtype: "float64" }),
    2,
  ).eval();
  const x = randn([1, 5, 4], { dtype: "float64" });
  const whole = numbers(encoder.forward(x, { isCausal: true }).narrow(1, 0, 3));
  const begin = numbers(encoder.forward(x.narrow(1, 0, 3), { isCausal: true }));
  begin.forEach((y, i) => assertAlmostEquals(y, whole[i]!, 1e-12));
});

Deno.test("MultiheadAttention() refuses heads that do not divide the embedding", () => {
  useReference();
  assertThrows(() => new MultiheadAttention(6, 4), RangeError, "4 and 6");
});

Deno.test("TransformerEncoder and TransformerDecoder copy a layer, whose weights the copies begin with", () => {
  useReference();
  const layer = new TransformerEncoderLayer(2, 1, { dimFeedforward: 4 }),
    encoder = new TransformerEncoder(layer, 2);
  const weights = [layer, ...encoder.layers].map(({ linear1 }) => linear1.weight);
  assertEquals(new Set(weights).size, 3);
  assertEquals(weights.map((w) => w.tolist()), [0, 0, 0].map(() => layer.linear1.weight.tolist()));
  assertEquals([...encoder.parameters()].length, 2 * [...layer.parameters()].length);
  const decoder = new TransformerDecoder(new TransformerDecoderLayer(2, 1, { dimFeedforward: 4 }), 3);
  assertEquals(decoder.forward(zeros([4, 2, 2]), zeros([5, 2, 2])).shape, [4, 2, 2]);
});
