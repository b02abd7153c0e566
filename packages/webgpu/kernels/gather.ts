import { computeType, type GatherCall, sizeOf } from "@troodon/core";
import { entry, type GpuView, grid, type KernelContext } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { offsetOf, positions } from "../space.ts";
import { reportIndex } from "../status.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { wordsOf } from "../wgsl/words.ts";
import { kindOf } from "../wgsl/types.ts";

/** Elements picked along an axis; see {@linkcode GatherCall}. */
export function gather(
  context: KernelContext,
  { axis }: GatherCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const [x, index, output] = [inputs[0]!, inputs[1]!, outputs[0]!];
  const count = sizeOf(output.shape);
  if (count === 0) return;
  const operands = new Operands(inputs, outputs);
  const status = operands.append(context.status);
  const shader = context.plan(`gather${axis}${operands.key}`, () => {
    const kind = kindOf(computeType(output.dtype)), text = new ShaderText(context.traits, operands);
    const extent = x.shape[axis] ?? 1, stride = x.strides[axis] ?? 0;
    text.declare(status, "atomic<i32>");
    text.define("report_index", reportIndex("gather", status));
    const main = entry(`${count}u`, [
      ...positions({ extents: output.shape, strides: [] }, "i", "p"),
      `let at = ${text.load(1, "i")}(${offsetOf(index.strides, "p")});`,
      `if (at < 0 || at >= ${extent}) { report_index(at, ${extent}u); return; }`,
      `let start = ${offsetOf(x.strides.map((s, a) => a === axis ? 0 : s), "p")};`,
      `let value = ${text.load(0, kind)}(start + u32(at) * ${stride >>> 0}u);`,
      `${text.store(2, kind)}(${offsetOf(output.strides, "p")}, value);`,
    ]);
    return context.compile(text.finish("gather", main));
  });
  context.suspect();
  context.dispatch(shader, operands, wordsOf(operands), grid(count));
}
