import type { ArgReduceCall } from "@troodon/core";
import { coalesce, computeType, pickAxes, rowMajor, sizeOf, sizeOfSpace } from "@troodon/core/kernel";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { checkPositions } from "../wgsl/representable.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { type Team, teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";
import { kindOf, typeName, zeroOf } from "../wgsl/types.ts";

/** Positions of the first largest or smallest elements; see {@linkcode ArgReduceCall}. */
export function argreduce(
  planner: Planner,
  call: Planned<ArgReduceCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [x, output] = [inputs[0]!, outputs[0]!], { axis } = call, lines = sizeOf(output.shape);
  if (lines === 0) return [];
  const length = x.shape[axis] ?? 1;
  checkPositions("argreduce", length);
  const others = x.strides.filter((_, a) => a !== axis && x.shape[a] !== 1).map(Math.abs);
  const along = Math.abs(x.strides[axis] ?? 0) <= Math.min(...others);
  const team = teamFor(planner.limits, lines, length, along, true);
  if (team.splits === 1) return [best(planner, call, team, [x], output, length)];
  // Each workgroup leaves the position that is best in its part of a line; of these the best one is found.
  const shape = [team.splits, ...output.shape], buffer = planner.scratch(4 * lines * team.splits);
  const found = { buffer, dtype: "int32" as const, shape, strides: rowMajor(shape), offset: 0 };
  return [
    best(planner, call, team, [x], found, length),
    best(
      planner,
      call,
      teamFor(planner.limits, lines, team.splits, false, false),
      [x, found],
      output,
      team.splits,
    ),
  ];
}

/** Looks at all positions of a line or, where there is a second input, at those that it holds. */
function best(
  { traits }: Planner,
  { op, axis }: Planned<ArgReduceCall>,
  team: Team,
  inputs: readonly PlanView[],
  output: PlanView,
  length: number,
): Draft {
  const operands = new Operands(inputs, [output]), x = inputs[0]!, given = inputs.length > 1;
  const kind = kindOf(computeType(x.dtype)), text = new ShaderText(traits, operands);
  // An axis of splits comes first in what workgroups leave for each other.
  const strides = [x, ...inputs.slice(1), output].map((v) =>
    v.strides.slice(v.strides.length - x.shape.length)
  );
  const axes = x.shape.map((_, a) => a).filter((a) => a !== axis);
  const outer = coalesce(pickAxes({ extents: x.shape, strides }, axes));
  const lines = sizeOfSpace(outer),
    stride = x.strides[axis] ?? 0,
    last = inputs.length;
  // Elements are compared by integers: see `rank()` and `key()` of the prelude.
  const word = kind === "f" ? "u32" : typeName(kind, 1), sign = op === "max" ? ">" : "<";
  const loaded = (at: string): string => `${text.load(0, kind)}(${at})`;
  let value = loaded;
  if (kind === "f") {
    text.use("rank");
    value = (at) => `rank(${loaded(at)})`;
    if (op === "min") {
      // NaN is the least as well.
      text.define("least_rank", "fn least_rank(r: u32) -> u32 { return select(r, 0u, r == 0xffffffffu); }");
      value = (at) => `least_rank(rank(${loaded(at)}))`;
    }
  }
  if (kind === "l") text.use("less_long");
  // The better one before the other, then the one that comes first.
  text.define(
    "beats",
    kind === "l"
      ? `fn beats(x: vec2u, i: u32, y: vec2u, j: u32) -> bool {
  return j == 0xffffffffu || less_long(${op === "max" ? "y, x" : "x, y"}) || (all(x == y) && i < j);
}`
      : `fn beats(x: ${word}, i: u32, y: ${word}, j: u32) -> bool {
  return j == 0xffffffffu || x ${sign} y || (x == y && i < j);
}`,
  );
  const part = team.splits > 1 ? ` + group.z * ${lines}u` : "";
  const main = teamMain(text, team, {
    lines,
    length,
    setup: [...positions(outer, "row", "q"), `let base = ${offsetOf(outer.strides[0]!, "q")};`],
    rounds: [{
      states: [{ type: word, identity: kind === "f" ? "0u" : zeroOf(kind) }, {
        type: "u32",
        identity: "0xffffffffu",
      }],
      step: [
        given
          ? `let at = u32(${text.load(1, "i")}(${offsetOf(outer.strides[1]!, "q")} + k * ${lines}u));`
          : "let at = k;",
        `let x = ${value(`base + at * ${stride >>> 0}u`)};`,
        // A part of a line may be empty.
        `if (${given ? "at != 0xffffffffu && " : ""}beats(x, at, a0, a1)) { a0 = x; a1 = at; }`,
      ],
      merge: ["if (b1 != 0xffffffffu && beats(b0, b1, a0, a1)) { a0 = b0; a1 = b1; }"],
    }],
    done: [`${text.store(last, "i")}(${offsetOf(outer.strides[last]!, "q")}${part}, i32(a1));`],
  });
  return text.finish("argreduce", main, teamGroups(team, lines), { steps: teamSteps(team, length) });
}
