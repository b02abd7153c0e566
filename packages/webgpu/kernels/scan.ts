import type { ComputeType, ScanCall } from "@troodon/core";
import { coalesce, computeType, pickAxes, sizeOf } from "@troodon/core/kernel";
import { type Draft, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands, type Region } from "../operands.ts";
import type { WorkLimits } from "../plan/work.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { kindOf } from "../wgsl/types.ts";
import { type Carry, carryOf, type Walk, walkMain, walkSteps } from "./scan_walk.ts";

/** Elements of a line that one thread takes before others join. */
const ALONE = 64;
const MOST = 256;
/** Lines that leave a GPU empty, and elements of a line from which on it is worth several workgroups. */
const FEW = 64, LONG = 2 ** 17;

/**
 * Running results along an axis; see {@linkcode ScanCall}. Each thread brings a
 * piece of its line together, the pieces' results are scanned in memory of the
 * workgroup, and each thread walks its piece again from what comes before it.
 * A line that is too long for a workgroup has several blocks: their results
 * come first, then the running results of these, then each block from what
 * comes before it.
 */
export function scan(
  planner: Planner,
  call: Planned<ScanCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const size = sizeOf(outputs[0]!.shape);
  if (size === 0) return [];
  const x = inputs[0]!, compute = computeType(outputs[0]!.dtype);
  const length = x.shape[call.axis] ?? 1, lines = size / length, walk = { lines, length };
  const shares = split(planner.limits, walk, true), { blocks } = shares;
  const elements = (of: readonly PlanView[], totals?: Region): Draft =>
    walkElements(planner, call, compute, { ...walk, ...shares }, [x, ...of], totals);
  if (blocks === 1) return [elements(outputs)];
  // A result of sums of float32 is a pair, as is one of int64.
  const totals = planner.scratch(8 * lines * blocks), between = { lines, length: blocks };
  return [
    elements([], totals),
    walkTotals(planner, call.op, compute, { ...between, ...split(planner.limits, between, false) }, totals),
    elements(outputs, totals),
  ];
}

type Extents = Pick<Walk, "lines" | "length">;
type Shares = Pick<Walk, "blocks" | "rows" | "lanes" | "part">;

/** Walks over elements and stores their running results, or without an output those of blocks to `totals`. */
function walkElements(
  { traits }: Planner,
  { op, axis, reverse }: Planned<ScanCall>,
  compute: ComputeType,
  walk: Extents & Shares,
  views: readonly PlanView[],
  totals: Region | undefined,
): Draft {
  const x = views[0]!, operands = new Operands([x], views.slice(1));
  const bound = totals && operands.append(totals);
  const text = new ShaderText(traits, operands), kind = kindOf(compute), carry = carryOf(text, op, compute);
  if (bound !== undefined) text.declare(bound, carry.type);
  const strides = operands.views.map((v) => v.strides);
  const axes = x.shape.map((_, a) => a).filter((a) => a !== axis);
  const outer = coalesce(pickAxes({ extents: x.shape, strides }, axes));
  const along = strides.map((s) => (s[axis] ?? 0) >>> 0);
  const place = reverse ? `${walk.length - 1}u - k` : "k";
  const value = carry.taken(`${text.load(0, kind)}(start + (${place}) * ${along[0]}u)`);
  const setup = [
    ...positions(outer, walk.blocks > 1 ? "line" : "row", "q"),
    ...["start", "to"].slice(0, views.length).map((name, t) =>
      `let ${name} = ${offsetOf(outer.strides[t]!, "q")};`
    ),
  ];
  const all: Walk = views.length === 1 ? { ...walk, setup, value, total: `b${bound}[row] = result;` } : {
    ...walk,
    setup,
    value,
    store: `${text.store(1, kind)}(to + (${place}) * ${along[1]}u, ${carry.stored});`,
    ...(bound !== undefined && { before: `b${bound}[row - 1u]` }),
  };
  return finish(text, carry, all);
}

/** Turns the results of blocks into running ones. */
function walkTotals(
  { traits }: Planner,
  op: ScanCall["op"],
  compute: ComputeType,
  walk: Extents & Shares,
  totals: Region,
): Draft {
  const operands = new Operands([], []), bound = operands.append(totals);
  const text = new ShaderText(traits, operands), carry = carryOf(text, op, compute);
  text.declare(bound, carry.type);
  const at = `b${bound}[row * ${walk.length}u + k]`;
  return finish(text, carry, { ...walk, setup: [], value: at, store: `${at} = result;` });
}

function finish(text: ShaderText, carry: Carry, walk: Walk): Draft {
  const { lines, blocks, rows } = walk, steps = walkSteps(walk);
  return text.finish("scan", walkMain(text, carry, walk), grid(lines * blocks, rows), { steps });
}

/** How rows are shared out among threads, and lines among workgroups if they may be. */
function split({ steps }: WorkLimits, { lines, length }: Extents, splittable: boolean): Shares {
  const enough = lines >= 4096 && length <= 4096;
  const lanes = length <= ALONE || enough ? 1 : MOST, part = Math.ceil(length / lanes);
  if (splittable && (part * 2 > steps || (lines < FEW && length >= LONG))) {
    const short = Math.max(1, Math.min(ALONE, Math.floor(steps / 2))),
      blocks = Math.ceil(length / (MOST * short));
    if (blocks > 1) return { blocks, rows: 1, lanes: MOST, part: short };
  }
  return { blocks: 1, rows: lanes === 1 ? Math.min(64, 2 ** Math.ceil(Math.log2(lines))) : 1, lanes, part };
}
