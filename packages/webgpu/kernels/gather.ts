import type { GatherCall } from "@troodon/core";
import { computeType, sizeOf } from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { reportIndex } from "../status.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { kindOf } from "../wgsl/types.ts";

/** Elements picked along an axis; see {@linkcode GatherCall}. */
export function gather(
  { traits, status }: Planner,
  { axis, refusal }: Planned<GatherCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [x, index, output] = [inputs[0]!, inputs[1]!, outputs[0]!];
  const count = sizeOf(output.shape);
  if (count === 0) return [];
  const operands = new Operands(inputs, outputs), reports = operands.append(status);
  const kind = kindOf(computeType(output.dtype)), text = new ShaderText(traits, operands);
  const extent = x.shape[axis] ?? 1, stride = x.strides[axis] ?? 0;
  text.declare(reports, "atomic<i32>");
  text.define("report_index", reportIndex(refusal ?? "gather", reports));
  const main = entry(text.size(count), [
    ...positions({ extents: output.shape }, "i", "p"),
    `let at = ${text.load(1, "index")}(${offsetOf(index.strides, "p")});`,
    `if (at < 0 || at >= ${extent}) { report_index(at, ${extent}u); return; }`,
    `let start = ${offsetOf(x.strides.map((s, a) => a === axis ? 0 : s), "p")};`,
    `let value = ${text.load(0, kind)}(start + u32(at) * ${stride >>> 0}u);`,
    `${text.store(2, kind)}(${offsetOf(output.strides, "p")}, value);`,
  ]);
  return [text.finish("gather", main, grid(count))];
}
