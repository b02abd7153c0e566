import { body, computeType, expr, type ScatterCall, sizeOf } from "@troodon/core";
import { entry, type GpuView, grid, type KernelContext } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { offsetOf, positions } from "../space.ts";
import { reportIndex } from "../status.ts";
import { packing } from "../wgsl/access.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { wordsOf } from "../wgsl/words.ts";
import { teamFor, teamGroups, teamMain } from "../wgsl/team.ts";
import { kindOf } from "../wgsl/types.ts";
import { map } from "./map.ts";

/** Threads that keep a GPU busy, and those that share a line at most: each of them reads all of its indices. */
const BUSY = 16384, SHARES = 64;
/** Threads for which looking through whole lines pays. */
const FEW = 1024;
/** Comparisons of an index with a place that are cheaper than a thread that waits. */
const COMPARISONS = 2 ** 28;
/** Elements of a line that one dispatch takes: lavapipe ends loops after 65535 steps. */
const STEPS = 32768;

/** Elements put or added along an axis, in a fixed order; see {@linkcode ScatterCall}. */
export function scatter(
  context: KernelContext,
  call: ScatterCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const { axis, mode } = call, source = inputs[1]!, output = outputs[0]!;
  const size = sizeOf(source.shape);
  if (size === 0) return;
  context.suspect();
  if (mode === "set") {
    put(context, axis, inputs, output);
    return;
  }
  const lines = size / (source.shape[axis] ?? 1), extent = output.shape[axis] ?? 1;
  const shares = Math.max(1, Math.min(Math.ceil(BUSY / lines), SHARES, extent));
  const halves = packing(output.dtype, context.traits.half) === 2,
    few = lines * shares < FEW && size * extent <= COMPARISONS;
  if (halves || few) addByPlace(context, axis, inputs, output);
  else addByLine(context, axis, inputs, output, shares);
}

/** The text of a shader, with what all of these begin with: the kind, the extent, and how to report. */
function begin(context: KernelContext, operands: Operands, output: GpuView, axis: number, words: number) {
  const kind = kindOf(computeType(output.dtype)),
    text = new ShaderText(context.traits, operands, 1, [], words);
  const status = operands.buffers.indexOf(context.status);
  text.declare(status, "atomic<i32>");
  text.define("report_index", reportIndex("scatter", status));
  return { kind, text, extent: output.shape[axis] ?? 1, stride: (output.strides[axis] ?? 0) >>> 0 };
}

const except = (strides: readonly number[], axis: number): number[] =>
  strides.map((s, a) => a === axis ? 0 : s);

/** Each place remembers the last element that wants it; then those elements are stored. */
function put(
  context: KernelContext,
  axis: number,
  inputs: readonly GpuView[],
  output: GpuView,
): void {
  const [index, source] = [inputs[0]!, inputs[1]!];
  const size = sizeOf(source.shape), places = sizeOf(output.shape);
  if (places === 0) return;
  const winners = context.scratch(4 * places);
  const flat = { dtype: "int32", shape: [places], strides: [1], offset: 0 } as const;
  map(
    context,
    { kernel: "map", body: ZERO, compute: "int32", scalars: [], shape: flat.shape },
    [],
    [{ ...flat, buffer: winners }],
  );
  const operands = new Operands(inputs, [output]);
  operands.append(context.status);
  const slot = operands.append(winners);
  const dense: number[] = [];
  for (let a = output.shape.length - 1, step = 1; a >= 0; a--) {
    dense[a] = step;
    step *= output.shape[a]!;
  }
  for (const last of [false, true]) {
    const shader = context.plan(`scatter${axis},${last}${operands.key}`, () => {
      const { kind, text, extent, stride } = begin(context, operands, output, axis, 0);
      text.declare(slot, "atomic<u32>");
      const main = entry(`${size}u`, [
        ...positions({ extents: source.shape, strides: [] }, "i", "p"),
        `let at = ${text.load(0, "i")}(${offsetOf(index.strides, "p")});`,
        last
          ? `if (at < 0 || at >= ${extent}) { return; }`
          : `if (at < 0 || at >= ${extent}) { report_index(at, ${extent}u); return; }`,
        `let place = ${offsetOf(except(dense, axis), "p")} + u32(at) * ${dense[axis] ?? 0}u;`,
        ...(last
          ? [
            `if (atomicLoad(&b${slot}[place]) != i + 1u) { return; }`,
            `let value = ${text.load(1, kind)}(${offsetOf(source.strides, "p")});`,
            `${text.store(2, kind)}(${
              offsetOf(except(output.strides, axis), "p")
            } + u32(at) * ${stride}u, value);`,
          ]
          : [`atomicMax(&b${slot}[place], i + 1u);`]),
      ]);
      return context.compile(text.finish("scatter", main));
    });
    context.dispatch(shader, operands, wordsOf(operands), grid(size));
  }
}

const ZERO = body(expr.constant(0));

/** Each line is walked from the first element to the last by a few threads, which share its places among them. */
function addByLine(
  context: KernelContext,
  axis: number,
  inputs: readonly GpuView[],
  output: GpuView,
  shares: number,
): void {
  const [index, source] = [inputs[0]!, inputs[1]!];
  const length = source.shape[axis] ?? 1, lines = sizeOf(source.shape) / length;
  const operands = new Operands(inputs, [output]);
  operands.append(context.status);
  const shader = context.plan(`scatter${axis},${shares}${operands.key}`, () => {
    const { kind, text, extent, stride } = begin(context, operands, output, axis, 2);
    const others = source.shape.map((e, a) => a === axis ? 1 : e);
    const [indexStep, sourceStep] = [index, source].map((v) => (v.strides[axis] ?? 0) >>> 0);
    const main = entry(`${lines * shares}u`, [
      `let line = i / ${shares}u;`,
      ...positions({ extents: others, strides: [] }, "line", "p"),
      `let picks = ${offsetOf(except(index.strides, axis), "p")};`,
      `let values = ${offsetOf(except(source.strides, axis), "p")};`,
      `let places = ${offsetOf(except(output.strides, axis), "p")};`,
      `for (var k = ${text.word(0)}; k < ${text.word(1)}; k++) {`,
      `  let at = ${text.load(0, "i")}(picks + k * ${indexStep}u);`,
      `  if (at < 0 || at >= ${extent}) { report_index(at, ${extent}u); continue; }`,
      ...(shares > 1 ? [`  if (u32(at) % ${shares}u != i % ${shares}u) { continue; }`] : []),
      `  let place = places + u32(at) * ${stride}u;`,
      `  let value = ${text.load(1, kind)}(values + k * ${sourceStep}u);`,
      `  ${text.store(2, kind)}(place, ${text.load(2, kind)}(place) + value);`,
      "}",
    ], 64);
    return context.compile(text.finish("scatter", main));
  });
  for (let k = 0; k < length; k += STEPS) {
    const words = wordsOf(operands, 0, [k, Math.min(length, k + STEPS)]);
    context.dispatch(shader, operands, words, grid(lines * shares, 64));
  }
}

/** A team for each place of the output looks through its line for elements that want it. */
function addByPlace(context: KernelContext, axis: number, inputs: readonly GpuView[], output: GpuView): void {
  const [index, source] = [inputs[0]!, inputs[1]!];
  // Lines of the output that the source does not reach stay as they are.
  const shape = output.shape.map((e, a) => a === axis ? e : source.shape[a]!);
  const places = sizeOf(shape), length = source.shape[axis] ?? 1;
  const operands = new Operands(inputs, [output]);
  operands.append(context.status);
  const plan = context.plan(`scatter${axis},place${operands.key}`, () => {
    const { kind, text, extent } = begin(context, operands, output, axis, 0);
    const team = teamFor(places, length, true, false);
    const [indexStep, sourceStep] = [index, source].map((v) => (v.strides[axis] ?? 0) >>> 0);
    const own = shape.length === 0 ? "0u" : `q${axis}`;
    const main = teamMain(text, team, {
      lines: places,
      length,
      setup: [
        ...positions({ extents: shape, strides: [] }, "row", "q"),
        `let picks = ${offsetOf(except(index.strides, axis), "q")};`,
        `let values = ${offsetOf(except(source.strides, axis), "q")};`,
      ],
      rounds: [{
        states: [{ type: kind === "f" ? "f32" : "i32", identity: kind === "f" ? "0f" : "0i" }],
        step: [
          `let at = ${text.load(0, "i")}(picks + k * ${indexStep}u);`,
          `if (at < 0 || at >= ${extent}) { report_index(at, ${extent}u); }`,
          `if (at == i32(${own})) { a0 += ${text.load(1, kind)}(values + k * ${sourceStep}u); }`,
        ],
        merge: ["a0 += b0;"],
      }],
      done: [
        `let place = ${offsetOf(output.strides, "q")};`,
        `${text.store(2, kind)}(place, ${text.load(2, kind)}(place) + a0);`,
      ],
    });
    return { shader: context.compile(text.finish("scatter", main)), groups: teamGroups(team, places) };
  });
  if (places > 0) context.dispatch(plan.shader, operands, wordsOf(operands), plan.groups);
}
