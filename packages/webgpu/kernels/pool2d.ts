import type {
  AvgPool2dCall,
  AvgPool2dGradCall,
  KernelCall,
  MaxPool2dCall,
  MaxPool2dGradCall,
  Window2d,
} from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { checkPositions } from "../wgsl/representable.ts";
import { ShaderText } from "../wgsl/shader.ts";

type PoolCall = MaxPool2dCall | MaxPool2dGradCall | AvgPool2dCall | AvgPool2dGradCall;

/** Steps that one thread takes at most for a call of pooling; 0 for any other call. */
export function poolSteps(call: KernelCall): number {
  switch (call.kernel) {
    case "maxPool2d":
    case "maxPool2dGrad":
    case "avgPool2d":
    case "avgPool2dGrad":
      return windowSteps(call);
    default:
      return 0;
  }
}

/** Each thread looks at a window, or at all windows over an element, some of which it counts the elements of. */
function windowSteps({ kernel, window }: Pick<PoolCall, "kernel" | "window">): number {
  const { size: [h, w], stride } = window, over = Math.ceil(h / stride[0]) * Math.ceil(w / stride[1]);
  const divisors = kernel === "avgPool2d" ? 1 : kernel === "avgPool2dGrad" ? over : 0;
  return h * (1 + w) + divisors * (h + w);
}

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
  { kernel, window, relu = false }: Planned<MaxPool2dCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const count = sizeOf(outputs[0]!.shape);
  if (count === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands);
  const [h, w] = inputs[0]!.shape.slice(2) as [number, number];
  const [oh, ow] = outputs[0]!.shape.slice(2) as [number, number];
  checkPositions("maxPool2d", h * w);
  text.use("rank");
  const main = entry(text.size(count), [
    ...planePosition(oh, ow),
    `var best = ${relu ? "0f" : "-inf()"};`,
    "var highest = rank(best);",
    "var place = -1;",
    ...overWindow(window, h, w, [
      `let value = ${text.load(0, "f")}(plane * ${h * w}u + u32(y * ${w} + x));`,
      "let height = rank(value);",
      `if (${relu ? "" : "place < 0 || "}height > highest) {`,
      "  best = value;",
      "  highest = height;",
      `  place = y * ${w} + x;`,
      "}",
    ]),
    `${text.store(1, "f")}(i, best);`,
    ...outputs.length > 1 ? [`${text.store(2, "i")}(i, place);`] : [],
  ]);
  return [text.finish(kernel, main, grid(count), { steps: windowSteps({ kernel, window }) })];
}

/**
 * Each element of x looks into the windows over it, in their order, for those that took it; see {@linkcode MaxPool2dGradCall}.
 */
export function maxPool2dGrad(
  { traits }: Planner,
  { kernel, window }: Planned<MaxPool2dGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const count = sizeOf(outputs[0]!.shape);
  if (count === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands);
  const [h, w] = outputs[0]!.shape.slice(2) as [number, number];
  const [oh, ow] = inputs[0]!.shape.slice(2) as [number, number];
  const main = entry(text.size(count), [
    ...planePosition(h, w),
    `let own = i32(i % ${h * w}u);`,
    "var sum = 0f;",
    ...overWindows(window, oh, ow, [
      `let at = (plane * ${oh}u + down) * ${ow}u + across;`,
      `if (${text.load(1, "i")}(at) == own) { sum += ${text.load(0, "f")}(at); }`,
    ]),
    `${text.store(2, "f")}(i, sum);`,
  ]);
  return [text.finish(kernel, main, grid(count), { steps: windowSteps({ kernel, window }) })];
}

/** A loop over the windows that an element lies in, first ones first: `down`, `across` of the output, which is oh by ow. */
function overWindows(
  { size, stride, padding, dilation }: Window2d,
  oh: number,
  ow: number,
  body: readonly string[],
): string[] {
  const step = (name: string, at: string, axis: 0 | 1, before: number, extent: number): string[] => [
    `let t${name} = i32(${at}) + ${before} - k${name} * ${dilation[axis]};`,
    `if (t${name} < 0 || t${name} % ${stride[axis]} != 0 || t${name} / ${
      stride[axis]
    } >= ${extent}) { continue; }`,
    `let ${name} = u32(t${name} / ${stride[axis]});`,
  ];
  return [
    `for (var kdown = ${size[0] - 1}; kdown >= 0; kdown--) {`,
    ...step("down", "row", 0, padding[0], oh).map((line) => `  ${line}`),
    `  for (var kacross = ${size[1] - 1}; kacross >= 0; kacross--) {`,
    ...step("across", "column", 1, padding[2], ow).map((line) => `    ${line}`),
    ...body.map((line) => `    ${line}`),
    "  }",
    "}",
  ];
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
  { kernel, window, countIncludePad }: Planned<AvgPool2dCall>,
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
  return [text.finish(kernel, main, grid(count), { steps: windowSteps({ kernel, window }) })];
}

/** Each element of x adds up what the windows over it hand back; see {@linkcode AvgPool2dGradCall}. */
export function avgPool2dGrad(
  { traits }: Planner,
  { kernel, window, countIncludePad }: Planned<AvgPool2dGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const count = sizeOf(outputs[0]!.shape);
  if (count === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands);
  const [h, w] = outputs[0]!.shape.slice(2) as [number, number];
  const [oh, ow] = inputs[0]!.shape.slice(2) as [number, number];
  const main = entry(text.size(count), [
    ...planePosition(h, w),
    "var sum = 0f;",
    ...overWindows(window, oh, ow, [
      "{",
      "  let row = down;",
      "  let column = across;",
      ...divisor(window, countIncludePad, [h, w]).map((line) => `  ${line}`),
      `  sum += ${text.load(0, "f")}((plane * ${oh}u + row) * ${ow}u + column) / f32(n0 * n1);`,
      "}",
    ]),
    `${text.store(1, "f")}(i, sum);`,
  ]);
  return [text.finish(kernel, main, grid(count), { steps: windowSteps({ kernel, window }) })];
}
