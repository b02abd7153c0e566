/** Calls of the fused kernels. */
import { below, type FamilyCase, of, type OperandCase } from "./operand_cases_test.ts";

const window = { size: [3, 2], stride: [1, 2], padding: [1, 0, 1, 1], dilation: [1, 1] } as const;
const plain = { size: [3, 3], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
/** Windows that give the same shapes: nothing but one of their numbers differs. */
const around = { size: [3, 3], stride: [3, 3], padding: [1, 1, 1, 1], dilation: [1, 1] } as const;
const wide = { ...around, dilation: [2, 2] } as const, above = { ...around, padding: [2, 0, 1, 1] } as const;
const pooled = { size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
const overlapping = { size: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1] } as const;

function convolutions(): FamilyCase[] {
  const [x, weight, y] = [[3, 4, 7, 8], [6, 2, 3, 2], [3, 6, 7, 4]];
  const [small, few, made] = [[2, 3, 6, 9], [5, 3, 3, 3], [2, 5, 4, 7]];
  const same = [[2, 2, 9, 9], [3, 2, 3, 3], [2, 3, 3, 3]] as const;
  const ways = [
    ...[[window, 2, x, weight, y], [plain, 1, small, few, made]] as const,
    ...[around, wide, above].map((window) => [window, 1, ...same] as const),
  ];
  return ways.flatMap(([window, groups, x, weight, y]) => {
    const bias = [weight![0]!];
    return [
      {
        call: { kernel: "conv2d", window, groups },
        inputs: [of(x!), of(weight!), of(bias)],
        outputs: [of(y!)],
      },
      { call: { kernel: "conv2d", window, groups }, inputs: [of(x!), of(weight!)], outputs: [of(y!)] },
      {
        call: { kernel: "conv2dInputGrad", window, groups },
        inputs: [of(y!), of(weight!)],
        outputs: [of(x!)],
      },
      {
        call: { kernel: "conv2dWeightGrad", window, groups },
        inputs: [of(y!), of(x!)],
        outputs: [of(weight!), of(bias)],
      },
    ] as const;
  });
}

function pools(): FamilyCase[] {
  const x = [3, 2, 6, 8], halves = [3, 2, 3, 4];
  const positions = of(halves, {
    dtype: "int32",
    value: (i) => 16 * (Math.floor(i / 4) % 3) + 2 * (i % 4) + 1,
  });
  return [
    {
      call: { kernel: "maxPool2d", window: pooled },
      inputs: [of(x)],
      outputs: [of(halves), of(halves, { dtype: "int32" })],
    },
    { call: { kernel: "maxPool2d", window: pooled, relu: true }, inputs: [of(x)], outputs: [of(halves)] },
    {
      call: { kernel: "maxPool2d", window: overlapping },
      inputs: [of(x)],
      outputs: [of(x), of(x, { dtype: "int32" })],
    },
    { call: { kernel: "maxPool2d", window: overlapping }, inputs: [of(x)], outputs: [of(x)] },
    { call: { kernel: "maxPool2dGrad", window: pooled }, inputs: [of(halves), positions], outputs: [of(x)] },
    {
      call: { kernel: "maxPool2dGrad", window: overlapping },
      inputs: [of(x), of(x, { dtype: "int32", value: (i) => i % 48 })],
      outputs: [of(x)],
    },
    {
      call: { kernel: "avgPool2d", window: pooled, countIncludePad: true },
      inputs: [of(x)],
      outputs: [of(halves)],
    },
    {
      call: { kernel: "avgPool2d", window: overlapping, countIncludePad: false },
      inputs: [of(x)],
      outputs: [of(x)],
    },
    {
      call: { kernel: "avgPool2dGrad", window: pooled, countIncludePad: true },
      inputs: [of(halves)],
      outputs: [of(x)],
    },
    {
      call: { kernel: "avgPool2dGrad", window: overlapping, countIncludePad: false },
      inputs: [of(x)],
      outputs: [of(x)],
    },
  ];
}

function rows(): FamilyCase[] {
  return [[7, 10], [5, 37]].flatMap(([count, n]): FamilyCase[] => {
    const shape = [count!, n!], each = [count!], classes = below(n!, each), ignoreIndex = 3;
    return [
      { call: { kernel: "softmax" }, inputs: [of(shape)], outputs: [of(shape)] },
      { call: { kernel: "logSoftmax" }, inputs: [of(shape)], outputs: [of(shape)] },
      { call: { kernel: "softmaxGrad" }, inputs: [of(shape), of(shape)], outputs: [of(shape)] },
      { call: { kernel: "logSoftmaxGrad" }, inputs: [of(shape), of(shape)], outputs: [of(shape)] },
      {
        call: { kernel: "crossEntropy", ignoreIndex },
        inputs: [of(shape), classes],
        outputs: [of(each), of(shape)],
      },
      {
        call: { kernel: "crossEntropyGrad", ignoreIndex },
        inputs: [of(each), of(shape), classes],
        outputs: [of(shape)],
      },
      {
        call: { kernel: "crossEntropyLoss", ignoreIndex, reduction: "mean" },
        inputs: [of(shape), classes],
        outputs: [of([]), of(shape), of([])],
      },
      {
        call: { kernel: "crossEntropyLoss", ignoreIndex, reduction: "sum" },
        inputs: [of(shape), classes],
        outputs: [of([]), of(shape)],
      },
      {
        call: { kernel: "crossEntropyLossGrad", ignoreIndex },
        inputs: [of([]), of(shape), classes, of([], { value: () => 5 })],
        outputs: [of(shape)],
      },
      {
        call: { kernel: "layerNorm", eps: 1e-5 },
        inputs: [of(shape), of([n!]), of([n!])],
        outputs: [of(shape), of([count!, 1]), of([count!, 1])],
      },
      {
        call: { kernel: "layerNormGrad" },
        inputs: [of(shape), of(shape), of([count!, 1]), of([count!, 1]), of([n!])],
        outputs: [of(shape), of([n!]), of([n!])],
      },
    ];
  });
}

function batches(): FamilyCase[] {
  return (["float32", "float64"] as const).flatMap((dtype): FamilyCase[] => {
    const x = of([4, 5, 9], { dtype }), channels = (): OperandCase => of([5], { dtype });
    return [
      {
        call: { kernel: "batchNorm", eps: 1e-5 },
        inputs: [x, channels(), channels()],
        outputs: [of(x.shape, { dtype }), channels(), channels()],
      },
      {
        call: { kernel: "batchNormGrad" },
        inputs: [of(x.shape, { dtype }), x, channels(), channels(), channels()],
        outputs: [of(x.shape, { dtype }), channels(), channels()],
      },
    ];
  });
}

/** Some calls of every fused kernel. */
export const FUSED_CASES: readonly FamilyCase[] = [...convolutions(), ...pools(), ...rows(), ...batches()];
