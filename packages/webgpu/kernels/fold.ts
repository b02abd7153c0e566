import type { FoldCall } from "@troodon/core";
import { computeType, sizeOf } from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { checkPositions } from "../wgsl/representable.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { kindOf, sumOf, zeroOf } from "../wgsl/types.ts";

/** Sliding windows added up where they overlap, each element by its own thread; see {@linkcode FoldCall}. */
export function fold(
  { traits, limits }: Planner,
  { axis, step, dilation }: Planned<FoldCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [x, output] = [inputs[0]!, outputs[0]!];
  const count = sizeOf(output.shape);
  if (count === 0) return [];
  checkPositions("fold", output.shape[axis]!);
  const operands = new Operands(inputs, outputs);
  const kind = kindOf(computeType(output.dtype)), text = new ShaderText(traits, operands);
  const windows = x.shape[axis]!, size = x.shape.at(-1)!;
  const byWindow = size > limits.steps && windows < size;
  const elsewhere = x.strides.slice(0, -1).map((s, a) => a === axis ? 0 : s);
  const along = `${x.strides[axis]! >>> 0}u`, inside = `${x.strides.at(-1)! >>> 0}u`;
  const main = entry(text.size(count), [
    ...positions({ extents: output.shape }, "i", "p"),
    `let base = ${offsetOf(elsewhere, "p")};`,
    `var sum = ${zeroOf(kind)};`,
    ...(byWindow
      // The same elements in the same order, by the windows that they are in.
      ? [
        `for (var window = ${windows - 1}; window >= 0; window--) {`,
        `  let within = i32(p${axis}) - window * ${step};`,
        `  if (within >= 0 && within % ${dilation} == 0 && within / ${dilation} < ${size}) {`,
        `    let s = u32(within) / ${dilation}u;`,
        "    let w = u32(window);",
      ]
      : [
        `for (var s = 0u; s < ${size}u; s++) {`,
        `  let start = i32(p${axis}) - i32(s * ${dilation}u);`,
        `  if (start >= 0 && start % ${step} == 0 && start / ${step} < ${windows}) {`,
        `    let w = u32(start) / ${step}u;`,
      ]),
    `    sum = ${
      sumOf(kind, "sum", `${text.load(0, kind)}(base + w * ${along} + s * ${inside})`, (f) => text.use(f))
    };`,
    "  }",
    "}",
    `${text.store(1, kind)}(${offsetOf(output.strides, "p")}, sum);`,
  ]);
  return [text.finish("fold", main, grid(count), { steps: byWindow ? windows : size })];
}
