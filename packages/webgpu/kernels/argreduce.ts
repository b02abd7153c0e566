import { type ArgReduceCall, computeType, sizeOf } from "@troodon/core";
import type { GpuView, KernelContext } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { coalesce, offsetOf, pick, positions } from "../space.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { wordsOf } from "../wgsl/words.ts";
import { teamFor, teamGroups, teamMain } from "../wgsl/team.ts";
import { kindOf } from "../wgsl/types.ts";

/** Positions of the first largest or smallest elements; see {@linkcode ArgReduceCall}. */
export function argreduce(
  context: KernelContext,
  { op, axis }: ArgReduceCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const x = inputs[0]!, lines = sizeOf(outputs[0]!.shape);
  if (lines === 0) return;
  const operands = new Operands(inputs, outputs);
  const plan = context.plan(`argreduce${op},${axis}${operands.key}`, () => {
    const kind = kindOf(computeType(x.dtype)), text = new ShaderText(context.traits, operands);
    const axes = x.shape.map((_, a) => a).filter((a) => a !== axis);
    const outer = coalesce(
      pick({ extents: x.shape, strides: [x.strides, outputs[0]!.strides] }, axes),
    );
    const length = x.shape[axis] ?? 1, stride = x.strides[axis] ?? 0;
    const others = axes.filter((a) => x.shape[a] !== 1).map((a) => Math.abs(x.strides[a]!));
    const team = teamFor(lines, length, Math.abs(stride) <= Math.min(...others), false);
    const sign = op === "max" ? ">" : "<", type = kind === "f" ? "f32" : "i32";
    if (kind === "f") text.use("unordered");
    // NaN before all, then the better one, then the one that comes first.
    text.define(
      "beats",
      kind === "f"
        ? `fn beats(x: f32, i: u32, y: f32, j: u32) -> bool {
  if (j == 0xffffffffu) { return true; }
  let u = unordered(x);
  let v = unordered(y);
  if (u || v) { return u && (!v || i < j); }
  return x ${sign} y || (x == y && i < j);
}`
        : `fn beats(x: i32, i: u32, y: i32, j: u32) -> bool {
  return j == 0xffffffffu || x ${sign} y || (x == y && i < j);
}`,
    );
    const main = teamMain(text, team, {
      lines,
      length,
      setup: [...positions(outer, "row", "q"), `let base = ${offsetOf(outer.strides[0]!, "q")};`],
      rounds: [{
        states: [{ type, identity: `${type}(0)` }, { type: "u32", identity: "0xffffffffu" }],
        step: [
          `let x = ${text.load(0, kind)}(base + k * ${stride >>> 0}u);`,
          "if (beats(x, k, a0, a1)) { a0 = x; a1 = k; }",
        ],
        merge: ["if (b1 != 0xffffffffu && beats(b0, b1, a0, a1)) { a0 = b0; a1 = b1; }"],
      }],
      done: [`${text.store(1, "i")}(${offsetOf(outer.strides[1]!, "q")}, i32(a1));`],
    });
    return { shader: context.compile(text.finish("argreduce", main)), groups: teamGroups(team, lines) };
  });
  context.dispatch(plan.shader, operands, wordsOf(operands), plan.groups);
}
