import type { ReduceOp, ScatterCall } from "@troodon/core";
import {
  body,
  bytesOf,
  COMBINATIONS,
  computeType,
  expr,
  identityOf,
  isHalf,
  relaid,
  rowMajor,
  sizeOf,
} from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { STATUS_SLOT } from "../plan/plan.ts";
import { reportIndex } from "../status.ts";
import { identityText } from "../wgsl/combine.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";
import { dtypeOf, kindOf, typeName } from "../wgsl/types.ts";
import { map } from "./map.ts";
import { ITSELF, raised, reduce } from "./reduce.ts";

/** Threads that keep a GPU busy, and those that share a line at most: each of them reads all of its indices. */
const BUSY = 16384, SHARES = 64;
/** Threads that look through one line for a place. */
const LANES = 256;
/** Threads for which looking through whole lines pays. */
const FEW = 1024;
/** Comparisons of an index with a place that are cheaper than a thread that waits. */
const COMPARISONS = 2 ** 28;

const COMBINED = { add: "sum", mul: "prod", max: "max", min: "min" } as const;

/** Elements put or combined along an axis, in a fixed order; see {@linkcode ScatterCall}. */
export function scatter(
  planner: Planner,
  { axis, mode }: Planned<ScatterCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const source = inputs[1]!, output = outputs[0]!;
  const size = sizeOf(source.shape);
  if (size === 0) return [];
  if (mode === "set") return put(planner, axis, inputs, output);
  const lines = size / (source.shape[axis] ?? 1), extent = output.shape[axis] ?? 1;
  const shares = Math.max(1, Math.min(Math.ceil(BUSY / lines), SHARES, extent));
  const length = size / lines, { steps } = planner.limits;
  const op = COMBINED[mode], few = lines * shares < FEW && size * extent <= COMPARISONS;
  if (few && length <= steps * LANES) return combineByPlace(planner, axis, op, inputs, output);
  const chunks = Math.min(Math.ceil(length / steps), countChunks(planner, lines * shares, output));
  if (chunks > 1) return combineByChunk(planner, axis, op, inputs, output, shares, chunks);
  if (!isHalf(output.dtype)) return combineByLine(planner, axis, op, inputs, output, shares);
  // Many elements may be combined with one: it is rounded once, at the end.
  const { shape } = output, buffer = planner.scratch(4 * sizeOf(shape));
  const sums = { buffer, dtype: "float32", shape, strides: rowMajor(shape), offset: 0 } as const;
  const copy = { kernel: "map", body: ITSELF, compute: "float32", shape } as const;
  return [
    ...map(planner, copy, [output], [sums]),
    ...combineByLine(planner, axis, op, inputs, sums, shares),
    ...map(planner, copy, [sums], [output]),
  ];
}

/** The text of a shader, with what all of these begin with: the kind, the extent, and how to report. */
function begin({ traits }: Planner, operands: Operands, output: PlanView, axis: number, ownWords: number) {
  const kind = kindOf(computeType(output.dtype)), text = new ShaderText(traits, operands, { ownWords });
  const reports = operands.slots.indexOf(STATUS_SLOT);
  text.declare(reports, "atomic<i32>");
  text.define("report_index", reportIndex("scatter", reports));
  return { kind, text, extent: output.shape[axis] ?? 1, stride: (output.strides[axis] ?? 0) >>> 0 };
}

/** Text that combines two values. */
function joiner(text: ShaderText, op: ReduceOp, output: PlanView): (a: string, b: string) => string {
  const combine = text.body("combine", COMBINATIONS[op].body, computeType(output.dtype));
  return (a, b) => combine.call((i) => i === 0 ? a : b);
}

const except = (strides: readonly number[], axis: number): number[] =>
  strides.map((s, a) => a === axis ? 0 : s);

/** Each place remembers the last element that wants it; then those elements are stored. */
function put(
  planner: Planner,
  axis: number,
  inputs: readonly PlanView[],
  output: PlanView,
): Draft[] {
  const [index, source] = [inputs[0]!, inputs[1]!];
  const size = sizeOf(source.shape), places = sizeOf(output.shape);
  if (places === 0) return [];
  const winners = planner.scratch(4 * places);
  const flat = { dtype: "int32", shape: [places], strides: [1], offset: 0 } as const;
  const cleared = { ...flat, buffer: winners };
  const drafts = map(planner, { kernel: "map", body: ZERO, compute: "int32", shape: flat.shape }, [], [
    cleared,
  ]);
  const operands = new Operands(inputs, [output]);
  operands.append(planner.status);
  const bound = operands.append(winners);
  const dense: number[] = [];
  for (let a = output.shape.length - 1, step = 1; a >= 0; a--) {
    dense[a] = step;
    step *= output.shape[a]!;
  }
  for (const last of [false, true]) {
    const { kind, text, extent, stride } = begin(planner, operands, output, axis, 0);
    text.declare(bound, "atomic<u32>");
    const main = entry(text.size(size), [
      ...positions({ extents: source.shape }, "i", "p"),
      `let at = ${text.load(0, "index")}(${offsetOf(index.strides, "p")});`,
      last
        ? `if (at < 0 || at >= ${extent}) { return; }`
        : `if (at < 0 || at >= ${extent}) { report_index(at, ${extent}u); return; }`,
      `let place = ${offsetOf(except(dense, axis), "p")} + u32(at) * ${dense[axis] ?? 0}u;`,
      ...(last
        ? [
          `if (atomicLoad(&b${bound}[place]) != i + 1u) { return; }`,
          `let value = ${text.load(1, kind)}(${offsetOf(source.strides, "p")});`,
          `${text.store(2, kind)}(${
            offsetOf(except(output.strides, axis), "p")
          } + u32(at) * ${stride}u, value);`,
        ]
        : [`atomicMax(&b${bound}[place], i + 1u);`]),
    ]);
    drafts.push(text.finish("scatter", main, grid(size)));
  }
  return drafts;
}

const ZERO = body(expr.constant(0));

/** Chunks of long lines that a GPU has threads for, of which each has places of its own. */
function countChunks({ limits }: Planner, threads: number, { dtype, shape }: PlanView): number {
  const bytes = Math.max(4, bytesOf(dtype)) * sizeOf(shape);
  return Math.floor(Math.min(BUSY / threads, limits.bytes / bytes));
}

/** Lines that are too long for few threads are walked by chunks; what these give is combined in their order. */
function combineByChunk(
  planner: Planner,
  axis: number,
  op: ReduceOp,
  inputs: readonly PlanView[],
  output: PlanView,
  shares: number,
  chunks: number,
): Draft[] {
  const compute = computeType(output.dtype), dtype = dtypeOf(kindOf(compute));
  const shape = [chunks, ...output.shape], buffer = planner.scratch(bytesOf(dtype) * sizeOf(shape));
  const found = { buffer, dtype, shape, strides: rowMajor(shape), offset: 0 };
  const nothing = body(expr.constant(identityOf(op, compute)));
  const call = { kernel: "reduce", op, body: ITSELF, post: COMBINATIONS[op].body, compute, shape } as const;
  return [
    ...map(planner, { kernel: "map", body: nothing, compute, shape }, [], [found]),
    ...combineByLine(
      planner,
      axis,
      op,
      inputs,
      relaid(found, output.shape, found.strides.slice(1)),
      shares,
      chunks,
    ),
    ...reduce(planner, { ...call, axes: [0], read: 1 }, [found, raised(output)], [raised(output)]),
  ];
}

/**
 * Each line is walked from the first element to the last by a few threads, which share its places among them; with
 * several chunks by as many for each of them, whose results lie behind each other.
 */
function combineByLine(
  planner: Planner,
  axis: number,
  op: ReduceOp,
  inputs: readonly PlanView[],
  output: PlanView,
  shares: number,
  chunks = 1,
): Draft[] {
  const [index, source] = [inputs[0]!, inputs[1]!];
  const length = source.shape[axis] ?? 1, lines = sizeOf(source.shape) / length;
  const operands = new Operands(inputs, [output]);
  operands.append(planner.status);
  const { kind, text, extent, stride } = begin(planner, operands, output, axis, 2);
  const join = joiner(text, op, output);
  const others = source.shape.map((e, a) => a === axis ? 1 : e);
  const [indexStep, sourceStep] = [index, source].map((v) => (v.strides[axis] ?? 0) >>> 0);
  const threads = lines * shares, each = Math.ceil(length / chunks), { steps: most } = planner.limits;
  const chunk = chunks > 1 ? `chunk * ${sizeOf(output.shape)}u + ` : "";
  const main = entry(text.size(threads * chunks), [
    ...(chunks > 1
      ? [
        `let chunk = i / ${threads}u;`,
        `let line = i % ${threads}u / ${shares}u;`,
        `let last = min(${length}u, chunk * ${each}u + ${text.word(1)});`,
      ]
      : [`let line = i / ${shares}u;`]),
    ...positions({ extents: others }, "line", "p"),
    `let picks = ${offsetOf(except(index.strides, axis), "p")};`,
    `let values = ${offsetOf(except(source.strides, axis), "p")};`,
    `let places = ${chunk}${offsetOf(except(output.strides, axis), "p")};`,
    chunks > 1
      ? `for (var k = chunk * ${each}u + ${text.word(0)}; k < last; k++) {`
      : `for (var k = ${text.word(0)}; k < ${text.word(1)}; k++) {`,
    `  let at = ${text.load(0, "index")}(picks + k * ${indexStep}u);`,
    `  if (at < 0 || at >= ${extent}) { report_index(at, ${extent}u); continue; }`,
    ...(shares > 1 ? [`  if (u32(at) % ${shares}u != i % ${shares}u) { continue; }`] : []),
    `  let place = places + u32(at) * ${stride}u;`,
    `  let value = ${text.load(1, kind)}(values + k * ${sourceStep}u);`,
    `  ${text.store(2, kind)}(place, ${join(`${text.load(2, kind)}(place)`, "value")});`,
    "}",
  ], 64);
  const drafts: Draft[] = [];
  for (let k = 0; k < each; k += most) {
    const own = [k, Math.min(each, k + most)], steps = own[1]! - k;
    drafts.push(text.finish("scatter", main, grid(threads * chunks, 64), { own, steps }));
  }
  return drafts;
}

/** A team for each place of the output looks through its line for elements that want it. */
function combineByPlace(
  planner: Planner,
  axis: number,
  op: ReduceOp,
  inputs: readonly PlanView[],
  output: PlanView,
): Draft[] {
  const [index, source] = [inputs[0]!, inputs[1]!];
  // Lines of the output that the source does not reach stay as they are.
  const shape = output.shape.map((e, a) => a === axis ? e : source.shape[a]!);
  const places = sizeOf(shape), length = source.shape[axis] ?? 1;
  if (places === 0) return [];
  const operands = new Operands(inputs, [output]);
  operands.append(planner.status);
  const { kind, text, extent } = begin(planner, operands, output, axis, 0);
  const join = joiner(text, op, output), identity = identityText(op, computeType(output.dtype));
  const team = teamFor(planner.limits, places, length, true, false);
  const [indexStep, sourceStep] = [index, source].map((v) => (v.strides[axis] ?? 0) >>> 0);
  const own = shape.length === 0 ? "0u" : `q${axis}`;
  const main = teamMain(text, team, {
    lines: places,
    length,
    setup: [
      ...positions({ extents: shape }, "row", "q"),
      `let picks = ${offsetOf(except(index.strides, axis), "q")};`,
      `let values = ${offsetOf(except(source.strides, axis), "q")};`,
    ],
    rounds: [{
      states: [{ type: typeName(kind, 1), identity }],
      step: [
        `let at = ${text.load(0, "index")}(picks + k * ${indexStep}u);`,
        `if (at < 0 || at >= ${extent}) { report_index(at, ${extent}u); }`,
        `if (at == i32(${own})) { a0 = ${
          join("a0", `${text.load(1, kind)}(values + k * ${sourceStep}u)`)
        }; }`,
      ],
      merge: [`a0 = ${join("a0", "b0")};`],
    }],
    done: [
      `let place = ${offsetOf(output.strides, "q")};`,
      `${text.store(2, kind)}(place, ${join(`${text.load(2, kind)}(place)`, "a0")});`,
    ],
  });
  return [text.finish("scatter", main, teamGroups(team, places), { steps: teamSteps(team, length) })];
}
