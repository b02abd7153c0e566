import {
  type AvgPool2dCall,
  type AvgPool2dGradCall,
  type MaxPool2dCall,
  type MaxPool2dGradCall,
  sizeOf,
  type Window2d,
} from "@troodon/core";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { ShaderText } from "../wgsl/shader.ts";

/** Statements that take `i` apart into `plane`, `row` and `column` of planes of h rows and w columns. */
function planePosition(h: number, w: number): string[] {
  return [`let column = i % ${w}u;`, `let row = (i / ${w}u) % ${h}u;`, `let plane = i / ${h * w}u;`];
}

/** A loop over the elements of the window of an output that lie inside: `y`, `x` of the input. */
function overWindow(
  { size, stride, padding, dilation }: Window2d,
  h: number,
  w: number,
  body: string[],
): string[] {
  return [
    `for (var ky = 0; ky < ${size[0]}; ky++) {`,
    `  let y = i32(row) * ${stride[0]} - ${padding[0]} + ky * ${dilation[0]};`,
    `  if (y < 0 || y >= ${h}) { continue; }`,
    `  for (var kx = 0; kx < ${size[1]}; kx++) {`,
    `    let x = i32(column) * ${stride[1]} - ${padding[2]} + kx * ${dilation[1]};`,
    `    if (x < 0 || x >= ${w}) { continue; }`,
    ...body.map((line) => `    ${line}`),
    "  }",
    "}",
  ];
}

/** See {@linkcode MaxPool2dCall}. */
export function maxPool2d(
  { traits }: Planner,
  { window, relu = false }: Planned<MaxPool2dCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const count = sizeOf(outputs[0]!.shape);
  if (count === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands);
  const [h, w] = inputs[0]!.shape.slice(2) as [number, number];
  const [oh, ow] = outputs[0]!.shape.slice(2) as [number, number];
  text.use("unordered");
  const main = entry(text.size(count), [
    ...planePosition(oh, ow),
    `var best = ${relu ? "0f" : "-inf()"};`,
    "var place = -1;",
    ...overWindow(window, h, w, [
      `let value = ${text.load(0, "f")}(plane * ${h * w}u + u32(y * ${w} + x));`,
      `if (${relu ? "" : "place < 0 || "}value > best || (unordered(value) && !unordered(best))) {`,
      "  best = value;",
      `  place = y * ${w} + x;`,
      "}",
    ]),
    `${text.store(1, "f")}(i, best);`,
    ...outputs.length > 1 ? [`${text.store(2, "i")}(i, place);`] : [],
  ]);
  return [text.finish("maxPool2d", main, grid(count))];
}

/** Threads of a plane at most: each of them reads all of its positions. */
const SHARES = 64;
/** Threads that keep a GPU busy. */
const BUSY = 16384;
/** Positions that one dispatch walks: lavapipe ends loops after 65535 steps. */
const STEPS = 32768;

/**
 * The threads of a plane share its places among them: each begins with zeros,
 * and walks the plane's positions in order; see {@linkcode MaxPool2dGradCall}.
 */
export function maxPool2dGrad(
  { traits }: Planner,
  _: Planned<MaxPool2dGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [n, c, h, w] = outputs[0]!.shape as [number, number, number, number];
  const planes = n * c, places = h * w, length = sizeOf(inputs[0]!.shape.slice(2));
  if (planes * places === 0) return [];
  const least = Math.ceil(places / STEPS);
  // A power of two, so that few shaders do for all batches.
  const shares = 2 ** Math.ceil(Math.log2(Math.max(1, least, Math.min(BUSY / planes, SHARES, places))));
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands, { ownWords: 2 });
  const load = text.load(2, "f"), store = text.store(2, "f");
  const main = entry(text.size(planes * shares), [
    `let share = i % ${shares}u;`,
    `let first = (i / ${shares}u) * ${places}u;`,
    `if (${text.word(0)} == 0u) {`,
    `  for (var k = share; k < ${places}u; k += ${shares}u) { ${store}(first + k, 0f); }`,
    "}",
    `for (var k = ${text.word(0)}; k < ${text.word(1)}; k++) {`,
    `  let at = (i / ${shares}u) * ${length}u + k;`,
    `  let place = u32(${text.load(1, "i")}(at));`,
    `  if (place % ${shares}u != share || place >= ${places}u) { continue; }`,
    `  ${store}(first + place, ${load}(first + place) + ${text.load(0, "f")}(at));`,
    "}",
  ], 64);
  const drafts: Draft[] = [];
  for (let k = 0; k === 0 || k < length; k += STEPS) {
    const own = [k, Math.min(length, k + STEPS)];
    drafts.push(text.finish("maxPool2dGrad", main, grid(planes * shares, 64), { own }));
  }
  return drafts;
}

/** What a window's sum is divided by, for the output at `row`, `column`: a name, and how it is found. */
function divisor(
  { size, stride, padding, dilation }: Window2d,
  countIncludePad: boolean,
  [h, w]: readonly [number, number],
): string[] {
  const inside = (axis: 0 | 1, at: string, extent: number): string[] => {
    const [before, after] = axis === 0 ? [padding[0], padding[1]] : [padding[2], padding[3]];
    const [low, high] = countIncludePad ? [-before, extent + after] : [0, extent];
    return [
      `var n${axis} = 0;`,
      `for (var k = 0; k < ${size[axis]}; k++) {`,
      `  let t = i32(${at}) * ${stride[axis]} - ${before} + k * ${dilation[axis]};`,
      `  if (t >= ${low} && t < ${high}) { n${axis}++; }`,
      "}",
    ];
  };
  return [...inside(0, "row", h), ...inside(1, "column", w)];
}

/** See {@linkcode AvgPool2dCall}. */
export function avgPool2d(
  { traits }: Planner,
  { window, countIncludePad }: Planned<AvgPool2dCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const count = sizeOf(outputs[0]!.shape);
  if (count === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands);
  const [h, w] = inputs[0]!.shape.slice(2) as [number, number];
  const [oh, ow] = outputs[0]!.shape.slice(2) as [number, number];
  const main = entry(text.size(count), [
    ...planePosition(oh, ow),
    "var sum = 0f;",
    ...overWindow(window, h, w, [`sum += ${text.load(0, "f")}(plane * ${h * w}u + u32(y * ${w} + x));`]),
    ...divisor(window, countIncludePad, [h, w]),
    `${text.store(1, "f")}(i, sum / f32(n0 * n1));`,
  ]);
  return [text.finish("avgPool2d", main, grid(count))];
}

/** Each element of x adds up what the windows over it hand back; see {@linkcode AvgPool2dGradCall}. */
export function avgPool2dGrad(
  { traits }: Planner,
  { window, countIncludePad }: Planned<AvgPool2dGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const count = sizeOf(outputs[0]!.shape);
  if (count === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands), { size, stride, padding, dilation } = window;
  const [h, w] = outputs[0]!.shape.slice(2) as [number, number];
  const [oh, ow] = inputs[0]!.shape.slice(2) as [number, number];
  const main = entry(text.size(count), [
    `let x = i % ${w}u;`,
    `let y = (i / ${w}u) % ${h}u;`,
    `let plane = i / ${h * w}u;`,
    "var sum = 0f;",
    `for (var ky = 0; ky < ${size[0]}; ky++) {`,
    `  let down = i32(y) + ${padding[0]} - ky * ${dilation[0]};`,
    `  if (down < 0 || down % ${stride[0]} != 0 || down / ${stride[0]} >= ${oh}) { continue; }`,
    `  let row = u32(down / ${stride[0]});`,
    `  for (var kx = 0; kx < ${size[1]}; kx++) {`,
    `    let across = i32(x) + ${padding[2]} - kx * ${dilation[1]};`,
    `    if (across < 0 || across % ${stride[1]} != 0 || across / ${stride[1]} >= ${ow}) { continue; }`,
    `    let column = u32(across / ${stride[1]});`,
    ...divisor(window, countIncludePad, [h, w]).map((line) => `    ${line}`),
    `    sum += ${text.load(0, "f")}((plane * ${oh}u + row) * ${ow}u + column) / f32(n0 * n1);`,
    "  }",
    "}",
    `${text.store(1, "f")}(i, sum);`,
  ]);
  return [text.finish("avgPool2dGrad", main, grid(count))];
}
