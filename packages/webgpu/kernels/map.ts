import { isFloating, type MapCall } from "@troodon/core";
import { coalesce, isContiguous, rowMajor, sizeOf, type Space } from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { type Operand, Operands } from "../operands.ts";
import { packing } from "../wgsl/access.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { checkPositions } from "../wgsl/representable.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { kindOf, type Lanes, type NumberKind } from "../wgsl/types.ts";

/** An expression at every position; see {@linkcode MapCall}. */
export function map(
  { traits }: Planner,
  { body, compute, scalars, shape }: Planned<MapCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  if (sizeOf(shape) === 0) return [];
  if (body.usesCoordinate) checkPositions("map", Math.max(...shape, 1));
  const operands = new Operands(inputs, outputs);
  const strides = operands.views.map((v) => v.strides);
  const plain: Space = { extents: shape, strides };
  const space = body.usesCoordinate ? plain : coalesce(plain);
  const lanes = body.usesCoordinate ? 1 : lanesOf(space, operands, kindOf(compute), traits.half);
  const splat = operands.views.map((_, t) => space.strides[t]!.at(-1) === 0);
  // With four lanes the innermost axis is counted in fours.
  const inFours = (s: readonly number[], t: number): readonly number[] =>
    lanes === 1 || splat[t] ? s : s.map((stride, axis) => axis === s.length - 1 ? stride : stride / 4);
  const extents = space.extents.map((e, axis) =>
    axis === space.extents.length - 1 ? Math.ceil(e / lanes) : e
  );
  const count = sizeOf(extents);
  const text = new ShaderText(traits, operands, { lanes, splat: lanes === 1 ? [] : splat });
  const kind = kindOf(compute), calculate = text.body("calculate", body, compute, scalars);
  const index = (t: number): string => {
    const s = inFours(space.strides[t]!, t);
    return isContiguous({ shape: extents, strides: s }) ? "i" : offsetOf(s, "p");
  };
  const input = (t: number): string => {
    const value = `${text.load(t, kind)}(${index(t)})`;
    return lanes === 4 && splat[t] ? `${kind === "f" ? "vec4f" : "vec4i"}(${value})` : value;
  };
  const element = lanes === 1 ? "i" : "(vec4u(i * 4u) + vec4u(0u, 1u, 2u, 3u))";
  const result = calculate.call(input, (axis) => `p${axis}`, element);
  const several = body.outputs.length > 1;
  const main = entry("numbers[0].w", [
    ...positions({ extents }, "i", "p"),
    `let y = ${result};`,
    ...body.outputs.map((_, o) => {
      const t = operands.inputs + o;
      return `${text.store(t, kind)}(${index(t)}, ${several ? `y.y${o}` : "y"});`;
    }),
  ]);
  return [text.finish("map", main, grid(count), { count })];
}

/** Four where all operands have four elements side by side, or the same one for all. */
function lanesOf({ extents, strides }: Space, operands: Operands, kind: NumberKind, half: boolean): Lanes {
  if (kind === "l" || operands.views.some(({ dtype }) => dtype === "int64")) return 1;
  const inner = extents.length - 1, extent = extents[inner] ?? 1;
  if (extent < 4 || (extents.length > 1 && extent % 4 !== 0)) return 1;
  const types: (string | undefined)[] = [];
  for (const [t, view] of operands.views.entries()) {
    const s = strides[t]!, splat = s[inner] === 0, output = t >= operands.inputs;
    if (splat) {
      if (output || packing(view.dtype, half) === 2 || (kind === "i" && isFloating(view.dtype))) return 1;
    } else if (s[inner] !== 1 || view.offset % 4 !== 0 || s.some((x, axis) => axis < inner && x % 4 !== 0)) {
      return 1;
    }
    // The last four may reach beyond the view: loads do no harm there, stores must not.
    if (output && extent % 4 !== 0 && !ends(view)) return 1;
    const type = splat ? "one" : "four";
    if ((types[view.binding] ??= type) !== type) return 1;
  }
  return 4;
}

/** Whether the view is dense and nothing follows it in its buffer. */
function ends({ shape, strides, last }: Operand): boolean {
  return last && isContiguous({ shape, strides: strides.length > 0 ? strides : rowMajor(shape) });
}
