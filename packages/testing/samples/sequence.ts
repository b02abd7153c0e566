/** What models of sequences are made of. */
import * as core from "@troodon/core";
import type { RecurrentWeights, Tensor } from "@troodon/core";
import { casesOf, type OpCase, prepared } from "../case.ts";
import { booleans, given, type Operand, type Sample, uniform } from "../operand.ts";

const near = { tolerance: 2e-5 } as const;

const shapes = (...list: readonly (readonly number[])[]): Sample =>
  list.map((shape) => uniform(shape, -1, 1));

/** Operands of the weights of one layer. */
const layer = (gates: number, features: number, hidden: number): Sample =>
  shapes([gates * hidden, features], [gates * hidden, hidden], [gates * hidden], [gates * hidden]);

/** Weights of the layers that follow one another. */
function weightsOf(flat: readonly (Tensor | undefined)[]): RecurrentWeights[] {
  return Array.from({ length: flat.length / 4 }, (_, i) => {
    const [weightIh, weightHh, biasIh, biasHh] = flat.slice(4 * i);
    return { weightIh: weightIh!, weightHh: weightHh!, biasIh: biasIh!, biasHh: biasHh! };
  });
}

const CELLS: readonly OpCase[] = [
  ...casesOf(
    "rnnCell",
    near,
    [(x, h, ...w) => core.rnnCell(x!, h!, weightsOf(w)[0]!), [...shapes([2, 3], [2, 2]), ...layer(1, 3, 2)]],
    [
      (x, ...w) => core.rnnCell(x!, null, weightsOf(w)[0]!, { nonlinearity: "relu" }),
      [...shapes([3]), ...layer(1, 3, 2)],
    ],
  ),
  ...casesOf(
    "lstmCell",
    near,
    [
      (x, h, c, ...w) => core.lstmCell(x!, [h!, c!], weightsOf(w)[0]!),
      [...shapes([2, 1], [2, 2], [2, 2]), ...layer(4, 1, 2)],
      [...shapes([5, 7], [5, 9], [5, 9]), ...layer(4, 7, 9)],
    ],
    [
      (x, weightIh, weightHh) => core.lstmCell(x!, null, { weightIh: weightIh!, weightHh: weightHh! }),
      shapes([3], [8, 3], [8, 2]),
    ],
  ),
  ...casesOf(
    "gruCell",
    near,
    [(x, h, ...w) => core.gruCell(x!, h!, weightsOf(w)[0]!), [...shapes([2, 1], [2, 2]), ...layer(3, 1, 2)]],
    [
      (x, h, weightIh, weightHh) => core.gruCell(x!, h!, { weightIh: weightIh!, weightHh: weightHh! }),
      shapes([3], [2], [6, 3], [6, 2]),
    ],
  ),
];

const NETWORKS: readonly OpCase[] = [
  ...casesOf(
    "rnn",
    near,
    [
      (x, h, ...w) => core.rnn(x!, h!, weightsOf(w), { nonlinearity: "relu" }),
      [...shapes([3, 2, 2], [1, 2, 2]), ...layer(1, 2, 2)],
    ],
    [
      (x, ...w) => core.rnn(x!, null, weightsOf(w), { bidirectional: true, batchFirst: true }),
      [...shapes([2, 3, 1]), ...layer(1, 1, 2), ...layer(1, 1, 2)],
      [...shapes([2, 9, 3]), ...layer(1, 3, 5), ...layer(1, 3, 5), ...layer(1, 10, 5), ...layer(1, 10, 5)],
    ],
    [
      (x, h, ...w) => core.rnn(x!, h!, weightsOf(w)),
      [...shapes([3, 2], [2, 2]), ...layer(1, 2, 2), ...layer(1, 2, 2)],
    ],
  ),
  ...casesOf(
    "lstm",
    near,
    [
      (x, h, c, ...w) => core.lstm(x!, [h!, c!], weightsOf(w)),
      [...shapes([3, 2, 2], [1, 2, 1], [1, 2, 1]), ...layer(4, 2, 1)],
    ],
    [
      (x, ...w) => core.lstm(x!, null, weightsOf(w), { bidirectional: true, batchFirst: true }),
      [...shapes([2, 2, 1]), ...layer(4, 1, 1), ...layer(4, 1, 1)],
      [...shapes([2, 9, 3]), ...layer(4, 3, 5), ...layer(4, 3, 5), ...layer(4, 10, 5), ...layer(4, 10, 5)],
    ],
  ),
  // Three sequences packed, of which two go on and then one; both ways.
  ...casesOf("lstm", near, [
    (x, h, c, ...w) =>
      core.lstm(x!, [h!, c!], weightsOf(w), { batchSizes: [3, 2, 1], bidirectional: true }).flat(),
    [...shapes([6, 2], [2, 3, 1], [2, 3, 1]), ...layer(4, 2, 1), ...layer(4, 2, 1)],
  ]),
  ...casesOf(
    "gru",
    near,
    [
      (x, ...w) => core.gru(x!, null, weightsOf(w), { batchSizes: [2, 2, 1] }),
      [...shapes([5, 2]), ...layer(3, 2, 2)],
    ],
    [(x, h, ...w) => core.gru(x!, h!, weightsOf(w)), [...shapes([3, 2, 2], [1, 2, 1]), ...layer(3, 2, 1)]],
    [
      (x, ...w) => core.gru(x!, null, weightsOf(w)),
      [...shapes([4, 2]), ...layer(3, 2, 1), ...layer(3, 1, 1)],
      [...shapes([9, 2, 3]), ...layer(3, 3, 5), ...layer(3, 5, 5)],
    ],
  ),
];

const attention = (e: number): Sample => shapes([3 * e, e], [3 * e], [e, e], [e]);
const attentionWeights = (w: readonly (Tensor | undefined)[]) => ({
  inProjWeight: w[0]!,
  inProjBias: w[1]!,
  outProjWeight: w[2]!,
  outProjBias: w[3]!,
});

const both = ([output, weights]: readonly [Tensor, Tensor | null]) => weights ? [output, weights] : [output];

const ATTENTION: readonly OpCase[] = casesOf(
  "multiHeadAttention",
  near,
  [
    (q, k, v, ...w) => both(core.multiHeadAttention(q!, k!, v!, 2, attentionWeights(w))),
    [...shapes([2, 1, 2], [3, 1, 2], [3, 1, 2]), ...attention(2)],
    [...shapes([4, 3, 8], [5, 3, 8], [5, 3, 8]), ...attention(8)],
  ],
  [
    (x, ...w) =>
      both(
        core.multiHeadAttention(x!, x!, x!, 1, attentionWeights(w), {
          batchFirst: true,
          isCausal: true,
          needWeights: false,
        }),
      ),
    [...shapes([2, 3, 2]), ...attention(2)],
  ],
  [
    (x, mask, ...w) =>
      both(
        core.multiHeadAttention(x!, x!, x!, 2, attentionWeights(w), {
          attnMask: mask!,
          averageAttnWeights: false,
        }),
      ),
    [...shapes([3, 2], [3, 3]), ...attention(2)],
  ],
  [
    // Every query sees its own key at least.
    prepared(
      (x, hidden, ...w) => {
        const own = core.eye(3, 3, { device: hidden!.device, dtype: "bool" });
        return [x!, hidden!.logicalAnd(own.logicalNot()), ...w];
      },
      (x, attnMask, ...w) =>
        both(core.multiHeadAttention(x!, x!, x!, 2, attentionWeights(w), { attnMask: attnMask! })),
    ),
    [...shapes([3, 2]), booleans([3, 3]), ...attention(2)],
  ],
  [
    // The first query sees what is learnt and zeros alone.
    (x, biasK, biasV, keyPaddingMask, ...w) =>
      both(
        core.multiHeadAttention(x!, x!, x!, 2, { ...attentionWeights(w), biasK: biasK!, biasV: biasV! }, {
          addZeroAttn: true,
          keyPaddingMask: keyPaddingMask!,
          isCausal: true,
        }),
      ),
    [...shapes([3, 1, 2], [1, 1, 2], [1, 1, 2]), given([1, 1, 0], [1, 3], "bool"), ...attention(2)],
  ],
  [
    (q, k, v, wq, wk, wv, outProjWeight) =>
      both(
        core.multiHeadAttention(q!, k!, v!, 1, {
          inProjWeight: [wq!, wk!, wv!],
          outProjWeight: outProjWeight!,
        }),
      ),
    shapes([2, 2], [3, 1], [3, 3], [2, 2], [2, 1], [2, 3], [2, 2]),
  ],
);

const whole = (values: readonly number[], shape?: readonly number[]): Operand =>
  given(values, shape ?? [values.length], "int32");

const CTC: readonly OpCase[] = [
  // The labels one after another: as many as the lengths add up to, which would not if they were repeated.
  ...casesOf("ctcLoss", { ...near, anyLayout: false, halves: false }, [
    (x, targets, inputs, labels) => core.ctcLoss(x!, targets!, inputs!, labels!),
    [uniform([4, 2, 3]), whole([1, 2, 1]), whole([4, 3]), whole([2, 1])],
  ]),
  ...(["mean", "sum", "none"] as const).flatMap((reduction) =>
    casesOf("ctcLoss", { ...near, halves: false }, [
      (x, targets, inputs, labels) => core.ctcLoss(x!, targets!, inputs!, labels!, { reduction }),
      [uniform([5, 2, 3]), whole([1, 2, 1, 1, 1, 0], [2, 3]), whole([5, 4]), whole([3, 2])],
    ])
  ),
  ...casesOf("ctcLoss", { ...near, halves: false }, [
    (x, targets, inputs, labels) => core.ctcLoss(x!, targets!, inputs!, labels!),
    [
      uniform([12, 3, 6]),
      whole([1, 2, 2, 5, 5, 5, 3, 4, 1, 3, 3, 3], [3, 4]),
      whole([12, 9, 8]),
      whole([4, 2, 3]),
    ],
  ], [
    (x, targets) => core.ctcLoss(x!, targets!, [4], [2], { blank: 2 }),
    [uniform([4, 3]), whole([1, 1])],
  ], [
    // The first has no labels, the second more than fit.
    (x, targets) => core.ctcLoss(x!, targets!, [4, 2], [0, 3], { reduction: "none", zeroInfinity: true }),
    [uniform([4, 2, 3]), whole([1, 2, 1])],
  ]),
];

/** Recurrent networks, attention, and the loss of unaligned sequences. */
export const SEQUENCE: readonly OpCase[] = [
  ...CELLS,
  ...NETWORKS,
  ...ATTENTION,
  ...CTC,
];
