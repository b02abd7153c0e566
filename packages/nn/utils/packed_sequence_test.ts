import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randn, type Tensor, tensor } from "@troodon/core";
import {
  GRU,
  LSTM,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  RNN,
  unpackSequence,
  unpadSequence,
} from "../mod.ts";
import { useReference } from "../support_test.ts";

const numbers = (t: Tensor): number[] => Array.from(t.dataSync(), Number);

function assertNear(actual: Tensor, expected: Tensor): void {
  assertEquals(actual.shape, expected.shape);
  const wanted = numbers(expected);
  numbers(actual).forEach((y, i) => assertAlmostEquals(y, wanted[i]!, 1e-12));
}

const LENGTHS = [2, 5, 1, 5, 3];

/** Sequences of those lengths. */
const drawn = (): Tensor[] => LENGTHS.map((n) => randn([n, 3], { dtype: "float64" }));

Deno.test("packPaddedSequence() leaves out padding, and padPackedSequence() puts it back", () => {
  useReference();
  for (const batchFirst of [false, true]) {
    const padded = padSequence(drawn(), { batchFirst });
    const packed = packPaddedSequence(padded, LENGTHS, { batchFirst, enforceSorted: false });
    assertEquals(packed.batchSizes, [5, 4, 3, 2, 2]);
    assertEquals(packed.sortedIndices, [1, 3, 4, 0, 2]);
    assertEquals(packed.data.shape, [16, 3]);
    const [again, lengths] = padPackedSequence(packed, { batchFirst });
    assertEquals([lengths, again.tolist()], [LENGTHS, padded.tolist()]);
    const [longer] = padPackedSequence(packed, { batchFirst, totalLength: 6, paddingValue: 7 });
    assertEquals(longer.shape, batchFirst ? [5, 6, 3] : [6, 5, 3]);
    assertEquals(numbers(batchFirst ? longer.select(1, 5) : longer.select(0, 5)), new Array(15).fill(7));
  }
});

Deno.test("packPaddedSequence() passes gradients on to what is packed alone", () => {
  useReference();
  const x = randn([3, 2], { dtype: "float64" }).requiresGrad_();
  const { data } = packPaddedSequence(x.mul(1), tensor([3, 1], { dtype: "int32" }));
  data.mul(data).sum().backward();
  assertEquals(x.grad!.tolist(), [
    [2 * Number(x.at(0, 0).item()), 2 * Number(x.at(0, 1).item())],
    [2 * Number(x.at(1, 0).item()), 0],
    [2 * Number(x.at(2, 0).item()), 0],
  ]);
});

Deno.test("packSequence() takes sequences of any length, and unpackSequence() gives them back", () => {
  useReference();
  const sequences = drawn(), back = unpackSequence(packSequence(sequences, { enforceSorted: false }));
  assertEquals(back.map((t) => t.tolist()), sequences.map((t) => t.tolist()));
  assertThrows(() => packSequence(sequences), RangeError, "enforceSorted: false");
});

Deno.test("padSequence() pads on either side, and unpadSequence() undoes it", () => {
  useReference();
  const sequences = [tensor([1, 2, 3]), tensor([4])];
  assertEquals(padSequence(sequences, { paddingValue: -1 }).tolist(), [[1, 4], [2, -1], [3, -1]]);
  assertEquals(padSequence(sequences, { batchFirst: true, paddingSide: "left" }).tolist(), [[1, 2, 3], [
    0,
    0,
    4,
  ]]);
  const whole = padSequence(sequences);
  assertEquals(unpadSequence(whole, [3, 1]).map((t) => t.tolist()), [[1, 2, 3], [4]]);
  assertThrows(() => unpadSequence(whole, [4, 1]), RangeError, "lengths are [4, 1]");
  assertThrows(() => padSequence([]), RangeError, "none");
});

Deno.test("packPaddedSequence() refuses lengths that do not fit", () => {
  useReference();
  const x = randn([3, 2]);
  assertThrows(() => packPaddedSequence(x, [4, 1]), RangeError, "lengths are [4, 1]");
  assertThrows(() => packPaddedSequence(x, [3, 0]), RangeError, "from 1 to the time");
  assertThrows(() => packPaddedSequence(x, [1, 3]), RangeError, "must not rise");
  assertThrows(
    () => padPackedSequence(packPaddedSequence(x, [3, 1]), { totalLength: 2 }),
    RangeError,
    "at least 3",
  );
});

Deno.test("LSTM() reads each packed sequence as if it were alone, with its gradient", () => {
  useReference();
  const options = { dtype: "float64", numLayers: 2, bidirectional: true } as const;
  const lstm = new LSTM(3, 2, options), sequences = drawn().map((t) => t.requiresGrad_());
  const state = [randn([4, 5, 2], { dtype: "float64" }), randn([4, 5, 2], { dtype: "float64" })] as const;
  const packed = packSequence(sequences, { enforceSorted: false });
  const [output, [h, c]] = lstm.forward(packed, state);
  const each = unpackSequence(output);
  each.map((t) => t.square().sum()).reduce((a, b) => a.add(b)).add(h.sum()).add(c.sum()).backward();
  const found = sequences.map((t) => t.grad!.clone()), weight = lstm.weightHhL1Reverse!.grad!.clone();
  lstm.zeroGrad();
  sequences.forEach((x, i) => {
    const alone = x.detach().requiresGrad_(), own = state.map((t) => t.narrow(1, i, 1)) as [Tensor, Tensor];
    const [y, [hi, ci]] = lstm.forward(alone.unsqueeze(1), own);
    assertNear(each[i]!, y.squeeze(1));
    assertNear(h.narrow(1, i, 1), hi);
    assertNear(c.narrow(1, i, 1), ci);
    y.square().sum().add(hi.sum()).add(ci.sum()).backward();
    assertNear(found[i]!, alone.grad!);
  });
  assertNear(weight, lstm.weightHhL1Reverse!.grad!);
});

Deno.test("RNN() and GRU() read packed sequences from zeros", () => {
  useReference();
  const sequences = drawn().sort((a, b) => b.shape[0]! - a.shape[0]!);
  for (
    const layer of [
      new RNN(3, 2, { dtype: "float64", bidirectional: true }),
      new GRU(3, 2, { dtype: "float64" }),
    ]
  ) {
    const [output, h] = layer.forward(packSequence(sequences)), each = unpackSequence(output);
    sequences.forEach((x, i) => {
      const [y, hi] = layer.forward(x);
      assertNear(each[i]!, y);
      assertNear(h.select(1, i), hi);
    });
  }
});

Deno.test("padSequence() and packPaddedSequence() refuse what is no batch of sequences", () => {
  useReference();
  const x = randn([3, 2]),
    refused = [[x, []], [x, [3]], [x, [3, 1.5]], [x, [3, -1]], [randn([3]), [1]]] as const;
  for (const [batch, lengths] of refused) {
    assertThrows(() => packPaddedSequence(batch, lengths), RangeError, "must be a length from 1");
  }
  assertThrows(() => packPaddedSequence(randn([3, 0]), []), RangeError, "must be a length from 1");
  for (const lengths of [[3], [3, 1, 1], [3, -1], [3, 0.5]]) {
    assertThrows(() => unpadSequence(x, lengths), RangeError, "must be a length up to the time");
  }
  assertEquals(unpadSequence(x, [0, 3]).map((t) => t.shape), [[0], [3]]);
  assertEquals(unpadSequence(x, [2, 1, 0], { batchFirst: true }).map((t) => t.shape), [[2], [1], [0]]);
  for (const sequences of [[tensor(1)], [tensor([1]), tensor([[1]])], [tensor([[1, 2]]), tensor([[1]])]]) {
    assertThrows(() => padSequence(sequences), RangeError, "differ in length alone");
  }
  const side = "middle" as "left";
  assertThrows(() => padSequence([x], { paddingSide: side }), RangeError, '"middle"');
});

Deno.test("packPaddedSequence() takes time first and sorted lengths by default, equal ones too", () => {
  useReference();
  const x = tensor([[1, 2, 3], [4, 5, 6]]), packed = packPaddedSequence(x, [2, 2, 1]);
  assertEquals([packed.data.tolist(), packed.batchSizes, packed.sortedIndices], [
    [1, 2, 3, 4, 5],
    [3, 2],
    null,
  ]);
  assertEquals(packed.lengths, [2, 2, 1]);
  assertEquals(padPackedSequence(packed)[0].tolist(), [[1, 2, 3], [4, 5, 0]]);
  assertEquals(padPackedSequence(packed, { totalLength: 2 })[0].shape, [2, 3]);
  for (const totalLength of [1, 2.5, NaN]) {
    assertThrows(() => padPackedSequence(packed, { totalLength }), RangeError, "at least 2");
  }
  assertEquals(packSequence([tensor([1, 2]), tensor([3, 4])]).batchSizes, [2, 2]);
});
