/** Kernel calls on operands without elements, which every backend must take. */
import type { KernelCall } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";

/** An operand of a kernel call: dtype, shape, and the value of all its elements. */
export type FilledOperand = readonly [dtype: "float32" | "int32", shape: readonly number[], value: number];

/** A kernel call with its inputs, its outputs before the call, and the value of each output's elements after it; 7 where they stay unchanged. */
export type EmptyKernel = readonly [
  call: KernelCall,
  inputs: readonly FilledOperand[],
  outputs: readonly FilledOperand[],
  values: readonly number[],
];

const f32 = (shape: readonly number[], value = 7): FilledOperand => ["float32", shape, value];
const int32 = (shape: readonly number[]): FilledOperand => ["int32", shape, 7];

const window = { size: [2, 2], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
const lone = { body: body(e.input(0)), compute: "float32", scalars: [] } as const;

/** Kernel calls with an operand of no elements, for every family and every fused kernel. */
export const EMPTY_KERNELS: readonly EmptyKernel[] = [
  [{ kernel: "map", ...lone, shape: [3, 0] }, [f32([3, 0])], [f32([3, 0])], [7]],
  [{ kernel: "reduce", op: "sum", ...lone, shape: [3, 0], axes: [1] }, [f32([3, 0])], [f32([3, 1])], [0]],
  [{ kernel: "reduce", op: "prod", ...lone, shape: [0, 3], axes: [1] }, [f32([0, 3])], [f32([0, 1])], [7]],
  [{ kernel: "argreduce", op: "max", axis: 1 }, [f32([0, 3])], [int32([0, 1])], [7]],
  [{ kernel: "scan", op: "sum", axis: 1, reverse: false }, [f32([3, 0])], [f32([3, 0])], [7]],
  [{ kernel: "scan", op: "sum", axis: 1, reverse: true }, [f32([0, 3])], [f32([0, 3])], [7]],
  [{ kernel: "sort", axis: 0, descending: true }, [f32([3, 0])], [f32([3, 0]), int32([3, 0])], [7, 7]],
  [{ kernel: "matmul", scalars: [] }, [f32([3, 0]), f32([0, 4])], [f32([3, 4])], [0]],
  [{ kernel: "matmul", scalars: [] }, [f32([0, 3]), f32([3, 4])], [f32([0, 4])], [7]],
  [{ kernel: "gather", axis: 0 }, [f32([3, 2]), int32([0, 2])], [f32([0, 2])], [7]],
  [{ kernel: "scatter", axis: 0, mode: "set" }, [int32([0, 2]), f32([0, 2])], [f32([3, 2])], [7]],
  [{ kernel: "scatter", axis: 0, mode: "add" }, [int32([0, 2]), f32([0, 2])], [f32([3, 2])], [7]],
  [{ kernel: "fold", axis: 0, step: 1, dilation: 1 }, [f32([0, 2, 3])], [f32([0, 2])], [7]],
  [{ kernel: "softmax" }, [f32([0, 3])], [f32([0, 3])], [7]],
  [{ kernel: "logSoftmax" }, [f32([3, 0])], [f32([3, 0])], [7]],
  [{ kernel: "softmaxGrad" }, [f32([0, 3]), f32([0, 3])], [f32([0, 3])], [7]],
  [{ kernel: "logSoftmaxGrad" }, [f32([0, 3]), f32([0, 3])], [f32([0, 3])], [7]],
  [
    { kernel: "crossEntropy", ignoreIndex: -1 },
    [f32([0, 3]), int32([0])],
    [f32([0]), f32([0, 3])],
    [7, 7],
  ],
  [
    { kernel: "crossEntropyGrad", ignoreIndex: -1 },
    [f32([0]), f32([0, 3]), int32([0])],
    [f32([0, 3])],
    [7],
  ],
  [
    { kernel: "crossEntropyLoss", ignoreIndex: -1, reduction: "sum" },
    [f32([0, 3]), int32([0])],
    [f32([]), f32([0, 3])],
    [0, 7],
  ],
  [
    { kernel: "crossEntropyLoss", ignoreIndex: -1, reduction: "mean" },
    [f32([0, 3]), int32([0])],
    [f32([]), f32([0, 3]), f32([])],
    [NaN, 7, 0],
  ],
  [
    { kernel: "crossEntropyLossGrad", ignoreIndex: -1 },
    [f32([]), f32([0, 3]), int32([0])],
    [f32([0, 3])],
    [7],
  ],
  [{ kernel: "layerNorm", eps: 1 }, [f32([0, 3])], [f32([0, 3]), f32([0]), f32([0])], [7, 7, 7]],
  [
    { kernel: "layerNormGrad" },
    [f32([0, 3]), f32([0, 3]), f32([0]), f32([0])],
    [f32([0, 3]), f32([3]), f32([3])],
    [7, 0, 0],
  ],
  [{ kernel: "batchNorm", eps: 1 }, [f32([4, 0, 3])], [f32([4, 0, 3]), f32([0]), f32([0])], [7, 7, 7]],
  [
    { kernel: "batchNormGrad" },
    [f32([0, 3, 2]), f32([0, 3, 2]), f32([3]), f32([3])],
    [f32([0, 3, 2]), f32([3]), f32([3])],
    [7, 0, 0],
  ],
  [
    { kernel: "conv2d", window, groups: 1 },
    [f32([0, 2, 3, 3]), f32([4, 2, 2, 2])],
    [f32([0, 4, 2, 2])],
    [7],
  ],
  [
    { kernel: "conv2d", window, groups: 1 },
    [f32([2, 0, 3, 3]), f32([4, 0, 2, 2]), f32([4], 3)],
    [f32([2, 4, 2, 2])],
    [3],
  ],
  [
    { kernel: "conv2dInputGrad", window, groups: 1 },
    [f32([0, 4, 2, 2]), f32([4, 2, 2, 2])],
    [f32([0, 2, 3, 3])],
    [7],
  ],
  [
    { kernel: "conv2dInputGrad", window, groups: 1 },
    [f32([2, 4, 0, 2]), f32([4, 2, 2, 2])],
    [f32([2, 2, 1, 3])],
    [0],
  ],
  [
    { kernel: "conv2dWeightGrad", window, groups: 1 },
    [f32([0, 4, 2, 2]), f32([0, 2, 3, 3])],
    [f32([4, 2, 2, 2]), f32([4])],
    [0, 0],
  ],
  [{ kernel: "maxPool2d", window }, [f32([0, 2, 3, 3])], [f32([0, 2, 2, 2]), int32([0, 2, 2, 2])], [7, 7]],
  [{ kernel: "maxPool2d", window }, [f32([2, 2, 1, 3])], [f32([2, 2, 0, 2])], [7]],
  [
    { kernel: "maxPool2dGrad", window },
    [f32([2, 2, 0, 2]), int32([2, 2, 0, 2])],
    [f32([2, 2, 1, 3])],
    [0],
  ],
  [{ kernel: "avgPool2d", window, countIncludePad: true }, [f32([2, 0, 3, 3])], [f32([2, 0, 2, 2])], [7]],
  [{ kernel: "avgPool2dGrad", window, countIncludePad: false }, [f32([2, 2, 0, 2])], [f32([2, 2, 1, 3])], [
    0,
  ]],
];
