import { assertEquals, assertThrows } from "@std/assert";
import { body, expr as e, type KernelCall, sizeOf } from "@troodon/core";
import type { Kernel } from "../kernel.ts";
import { context, read, tensor } from "../test_support.ts";
import type { CpuView } from "../view.ts";
import { KERNELS } from "./mod.ts";

/** What a call makes of outputs of 4 and 7, without axes. */
function results(call: KernelCall, inputs: readonly CpuView[], ...dtypes: readonly ("float32" | "int32")[]) {
  const outputs = dtypes.map((dtype, i) => tensor([], () => [4, 7][i]!, { dtype }));
  try {
    (KERNELS[call.kernel] as Kernel<KernelCall>)(context, call, inputs, outputs);
  } finally {
    context.clear();
  }
  return outputs.map((output) => read(output)[0]);
}

Deno.test("KERNELS take tensors without axes", () => {
  const x = tensor([], () => 2.5),
    [first, second] = [0, 1].map((i) => tensor([], () => i, { dtype: "int32" }));
  for (const op of ["sum", "max", "logaddexp"] as const) {
    for (const reverse of [false, true]) {
      assertEquals(results({ kernel: "scan", op, axis: 0, reverse }, [x], "float32"), [2.5]);
    }
  }
  assertEquals(results({ kernel: "argreduce", op: "max", axis: 0 }, [x], "int32"), [0]);
  assertEquals(results({ kernel: "sort", axis: 0, descending: true }, [x], "float32", "int32"), [2.5, 0]);
  const gather = { kernel: "gather", axis: 0 } as const;
  assertEquals(results(gather, [x, first!], "float32"), [2.5]);
  assertThrows(() => results(gather, [x, second!], "float32"), RangeError, "index is 1");
  for (const mode of ["set", "add"] as const) {
    const scatter = { kernel: "scatter", axis: 0, mode } as const;
    assertEquals(results(scatter, [first!, x], "float32"), [mode === "set" ? 2.5 : 6.5]);
    assertThrows(() => results(scatter, [second!, x], "float32"), RangeError, "index is 1");
  }
  const lone = { body: body(e.mul(e.input(0), 3)), compute: "float32", scalars: [], shape: [] } as const;
  assertEquals(results({ kernel: "map", ...lone }, [x], "float32"), [7.5]);
  assertEquals(results({ kernel: "reduce", op: "sum", axes: [], ...lone }, [x], "float32"), [7.5]);
});

/** An operand: its type, its shape, and what all its elements are. */
type Operand = readonly ["float32" | "int32", readonly number[], number];

const f32 = (shape: readonly number[], value = 7): Operand => ["float32", shape, value];
const int32 = (shape: readonly number[]): Operand => ["int32", shape, 7];

const window = { size: [2, 2], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
const lone = { body: body(e.input(0)), compute: "float32", scalars: [] } as const;

/** Calls of which some operand has no elements: what each element of each output is then; 7 where it stays as it was. */
const CASES: readonly (readonly [KernelCall, readonly Operand[], readonly Operand[], readonly number[]])[] = [
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

for (const [call, inputs, outputs, values] of CASES) {
  const shapes = inputs.map(([, shape]) => `[${shape}]`).join();
  Deno.test(`KERNELS.${call.kernel}() takes operands without elements: ${shapes}`, () => {
    const [from, to] = [inputs, outputs].map((operands) =>
      operands.map(([dtype, shape, value]) => tensor(shape, () => value, { dtype }))
    );
    try {
      (KERNELS[call.kernel] as Kernel<KernelCall>)(context, call, from!, to!);
    } finally {
      context.clear();
    }
    to!.forEach((view, i) =>
      assertEquals(new Set(read(view)), new Set(sizeOf(view.shape) ? [values[i]!] : []))
    );
  });
}
