import {
  coalesce,
  COMBINATIONS,
  type ComputeType,
  computeType,
  pickAxes,
  type ScanCall,
  sizeOf,
} from "@troodon/core";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { ownNumber, prefixes } from "../wgsl/agree.ts";
import { identityText } from "../wgsl/combine.ts";
import type { EntryPoint } from "../wgsl/entry_point.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { kindOf, typeName } from "../wgsl/types.ts";

/** Elements of a line that one thread takes before others join. */
const ALONE = 64;
const MOST = 256;

/**
 * Running results along an axis; see {@linkcode ScanCall}. Each thread brings a
 * piece of its line together, the pieces' results are scanned in memory of the
 * workgroup, and each thread walks its piece again from what comes before it.
 */
export function scan(
  { traits }: Planner,
  { op, axis, reverse }: Planned<ScanCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [x, output] = [inputs[0]!, outputs[0]!];
  if (sizeOf(output.shape) === 0) return [];
  const length = x.shape[axis] ?? 1, lines = sizeOf(output.shape) / length;
  const operands = new Operands(inputs, outputs);
  const { rows, lanes } = split(lines, length);
  const compute = computeType(output.dtype),
    kind = kindOf(compute),
    text = new ShaderText(traits, operands);
  const { join, taken, stored, type, identity } = kind === "f" && op === "sum"
    ? exactly(text)
    : plainly(text, op, compute);
  const strides = operands.views.map((v) => v.strides);
  const axes = x.shape.map((_, a) => a).filter((a) => a !== axis);
  const outer = coalesce(pickAxes({ extents: x.shape, strides }, axes));
  const along = strides.map((s) => (s[axis] ?? 0) >>> 0), part = Math.ceil(length / lanes);
  const place = reverse ? `${length - 1}u - k` : "k";
  const value = `${text.load(0, kind)}(start + (${place}) * ${along[0]}u)`;
  const size = rows * lanes, total = { name: "result", type, identity };
  const before = lanes > 1 ? prefixes(text, size, total, join) : undefined;
  const body = [
    `let row = (group.x + group.y * groups.x) * ${rows}u + local / ${lanes}u;`,
    `let lane = local % ${lanes}u;`,
    `let exists = row < ${lines}u;`,
    `let first = lane * ${part}u;`,
    `let last = min(${length}u, first + ${part}u);`,
    ...positions(outer, "row", "q"),
    `let start = ${offsetOf(outer.strides[0]!, "q")};`,
    `let to = ${offsetOf(outer.strides[1]!, "q")};`,
    `var result = ${total.identity};`,
    ...(before
      ? [
        "if (exists) {",
        `  for (var k = first; k < last; k++) { result = ${join("result", taken(value))}; }`,
        "}",
        ...before.statements,
        "result_shared[local] = result;",
        "workgroupBarrier();",
        `result = ${total.identity};`,
        "if (lane > 0u) { result = result_shared[local - 1u]; }",
      ]
      : []),
    "if (exists) {",
    "  for (var k = first; k < last; k++) {",
    `    result = ${join("result", taken(value))};`,
    `    ${text.store(1, kind)}(to + (${place}) * ${along[1]}u, ${stored});`,
    "  }",
    "}",
  ];
  const groups = Math.ceil(lines / rows), folds = Math.ceil(groups / 65535);
  const main: EntryPoint = {
    shared: before?.declarations ?? [],
    threads: size,
    numbers: "groups",
    parameters: before ? ownNumber(text) : [],
    body,
  };
  return [text.finish("scan", main, [Math.ceil(groups / folds), folds, 1], { steps: 2 * part })];
}

/** WGSL of the running value of a scan: its type, identity, and how two are combined. */
interface Carry {
  /** The text of what two results make together, the first one in front. */
  readonly join: (a: string, b: string) => string;
  /** An element as a result of its own. */
  readonly taken: (value: string) => string;
  /** WGSL expression of the element stored from `result`. */
  readonly stored: string;
  readonly type: string;
  readonly identity: string;
}

/** Running values in the compute type of the call. */
function plainly(text: ShaderText, op: ScanCall["op"], compute: ComputeType): Carry {
  const combine = text.body("combine", COMBINATIONS[op].body, compute);
  return {
    join: (a, b) => combine.call((i) => i === 0 ? a : b),
    taken: (value) => value,
    stored: "result",
    type: typeName(kindOf(compute), 1),
    identity: identityText(op, compute),
  };
}

/**
 * Sums of float32 with what rounding has left of them (Knuth, The Art of Computer Programming 2, 4.2.2): running sums of
 * many elements are as right as one of two. Compilers would take the remainder for 0: its parts are made opaque to them.
 */
function exactly(text: ShaderText): Carry {
  text.use("opaque");
  text.define(
    "sum_exactly",
    `
fn sum_exactly(a: vec2f, b: vec2f) -> vec2f {
  let s = opaque(a.x + b.x);
  if ((bitcast<u32>(s) & 0x7f800000u) == 0x7f800000u) { return vec2f(s, 0f); }
  let t = opaque(s - a.x);
  let rest = ((a.x - opaque(s - t)) + (b.x - t)) + (a.y + b.y);
  let high = opaque(s + rest);
  return vec2f(high, rest - opaque(high - s));
}`,
  );
  return {
    join: (a, b) => `sum_exactly(${a}, ${b})`,
    taken: (value) => `vec2f(${value}, 0f)`,
    stored: "result.x",
    type: "vec2f",
    identity: "vec2f(0f)",
  };
}

/** Lines of a workgroup, and threads of a line. */
function split(lines: number, length: number): { rows: number; lanes: number } {
  const enough = lines >= 4096 && length <= 4096;
  const lanes = length <= ALONE || enough ? 1 : MOST;
  return { rows: lanes === 1 ? Math.min(64, 2 ** Math.ceil(Math.log2(lines))) : 1, lanes };
}
