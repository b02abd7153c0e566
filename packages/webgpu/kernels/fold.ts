import { computeType, type FoldCall, sizeOf } from "@troodon/core";
import { entry, type GpuView, grid, type KernelContext } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { offsetOf, positions } from "../space.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { wordsOf } from "../wgsl/words.ts";
import { kindOf } from "../wgsl/types.ts";

/** Sliding windows added up where they overlap, each element by its own thread; see {@linkcode FoldCall}. */
export function fold(
  context: KernelContext,
  { axis, step, dilation }: FoldCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const [x, output] = [inputs[0]!, outputs[0]!];
  const count = sizeOf(output.shape);
  if (count === 0) return;
  const operands = new Operands(inputs, outputs);
  const shader = context.plan(`fold${axis},${step},${dilation}${operands.key}`, () => {
    const kind = kindOf(computeType(output.dtype)), text = new ShaderText(context.traits, operands);
    const windows = x.shape[axis]!, size = x.shape.at(-1)!;
    const elsewhere = x.strides.slice(0, -1).map((s, a) => a === axis ? 0 : s);
    const main = entry(`${count}u`, [
      ...positions({ extents: output.shape, strides: [] }, "i", "p"),
      `let base = ${offsetOf(elsewhere, "p")};`,
      `var sum = ${kind === "f" ? "0f" : "0i"};`,
      `for (var s = 0u; s < ${size}u; s++) {`,
      `  let start = i32(p${axis}) - i32(s * ${dilation}u);`,
      `  if (start >= 0 && start % ${step} == 0 && start / ${step} < ${windows}) {`,
      `    let w = u32(start) / ${step}u;`,
      `    sum += ${text.load(0, kind)}(base + w * ${x.strides[axis]! >>> 0}u + s * ${
        x.strides.at(-1)! >>> 0
      }u);`,
      "  }",
      "}",
      `${text.store(1, kind)}(${offsetOf(output.strides, "p")}, sum);`,
    ]);
    return context.compile(text.finish("fold", main));
  });
  context.dispatch(shader, operands, wordsOf(operands), grid(count));
}
