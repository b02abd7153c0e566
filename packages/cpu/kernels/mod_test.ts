import { assertEquals, assertThrows } from "@std/assert";
import type { KernelCall } from "@troodon/core";
import { body, expr as e, sizeOf } from "@troodon/core/kernel";
import { EMPTY_KERNELS } from "@troodon/testing";
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

for (const [call, inputs, outputs, values] of EMPTY_KERNELS) {
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
