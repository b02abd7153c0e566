import type { CrossEntropyCall, CrossEntropyGradCall, SoftmaxCall, SoftmaxGradCall } from "@troodon/core";
import { entry, type GpuView, grid, type KernelContext } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { reportIndex } from "../status.ts";
import { scalarFunction } from "../wgsl/scalar_bodies.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { wordsOf } from "../wgsl/words.ts";
import { type Round, teamFor, teamGroups, teamMain } from "../wgsl/team.ts";

/** The largest element of a row as `top`, and then the sum of exp(x - top) as `total`. */
function rounds(text: ShaderText, x: string): Round[] {
  const exp = scalarFunction(text, "exponential");
  text.use("greatest");
  return [
    {
      states: [{ type: "f32", identity: "-inf()" }],
      step: [`a0 = greatest(a0, ${x});`],
      merge: ["a0 = greatest(a0, b0);"],
      then: ["let top = a0;"],
    },
    {
      states: [{ type: "f32", identity: "0f" }],
      step: [`a0 += ${exp}(${x} - top);`],
      merge: ["a0 += b0;"],
    },
  ];
}

/** See {@linkcode SoftmaxCall}. */
export function softmax(
  context: KernelContext,
  { kernel }: SoftmaxCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows * n === 0) return;
  const operands = new Operands(inputs, outputs);
  const plan = context.plan(`${kernel}${operands.key}`, () => {
    const text = new ShaderText(context.traits, operands), team = teamFor(rows, n, true, false);
    const x = `${text.load(0, "f")}(row * ${n}u + k)`, both = rounds(text, x);
    const log = kernel === "logSoftmax";
    const exp = scalarFunction(text, log ? "logarithm" : "exponential");
    const value = log ? `${x} - top - scale` : `${exp}(${x} - top) / scale`;
    const main = teamMain(text, team, {
      lines: rows,
      length: n,
      setup: [],
      rounds: [both[0]!, { ...both[1]!, then: [log ? `let scale = ${exp}(a0);` : "let scale = a0;"] }],
      each: [`${text.store(1, "f")}(row * ${n}u + k, ${value});`],
    });
    return { shader: context.compile(text.finish(kernel, main)), groups: teamGroups(team, rows) };
  });
  context.dispatch(plan.shader, operands, wordsOf(operands), plan.groups);
}

/** See {@linkcode SoftmaxGradCall}. */
export function softmaxGrad(
  context: KernelContext,
  { kernel }: SoftmaxGradCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const [rows, n] = outputs[0]!.shape as [number, number];
  if (rows * n === 0) return;
  const operands = new Operands(inputs, outputs);
  const plan = context.plan(`${kernel}${operands.key}`, () => {
    const text = new ShaderText(context.traits, operands), team = teamFor(rows, n, true, false);
    const [g, y] = [0, 1].map((t) => `${text.load(t, "f")}(row * ${n}u + k)`);
    const log = kernel === "logSoftmaxGrad";
    const value = log ? `${g} - ${scalarFunction(text, "exponential")}(${y}) * a0` : `${y} * (${g} - a0)`;
    const main = teamMain(text, team, {
      lines: rows,
      length: n,
      setup: [],
      rounds: [{
        states: [{ type: "f32", identity: "0f" }],
        step: [log ? `a0 += ${g};` : `a0 += ${g} * ${y};`],
        merge: ["a0 += b0;"],
      }],
      each: [`${text.store(2, "f")}(row * ${n}u + k, ${value});`],
    });
    return { shader: context.compile(text.finish(kernel, main)), groups: teamGroups(team, rows) };
  });
  context.dispatch(plan.shader, operands, wordsOf(operands), plan.groups);
}

/** See {@linkcode CrossEntropyCall}. */
export function crossEntropy(
  context: KernelContext,
  { ignoreIndex }: CrossEntropyCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows === 0) return;
  const operands = new Operands(inputs, outputs), status = operands.append(context.status);
  const plan = context.plan(`crossEntropy${ignoreIndex}${operands.key}`, () => {
    const text = new ShaderText(context.traits, operands), team = teamFor(rows, n, true, false);
    text.declare(status, "atomic<i32>");
    text.define("report_index", reportIndex("crossEntropy", status));
    const load = text.load(0, "f"), x = `${load}(row * ${n}u + k)`, both = rounds(text, x);
    const loss = text.store(2, "f");
    const main = teamMain(text, team, {
      lines: rows,
      length: n,
      setup: [],
      rounds: [both[0]!, { ...both[1]!, then: [`let scale = ${scalarFunction(text, "logarithm")}(a0);`] }],
      each: [`${text.store(3, "f")}(row * ${n}u + k, ${x} - top - scale);`],
      done: [
        `let class_ = ${text.load(1, "i")}(row * ${inputs[1]!.strides[0]! >>> 0}u);`,
        `if (class_ == ${ignoreIndex}) {`,
        `  ${loss}(row, 0f);`,
        `} else if (class_ < 0 || class_ >= ${n}) {`,
        `  report_index(class_, ${n}u);`,
        "} else {",
        `  ${loss}(row, scale + top - ${load}(row * ${n}u + u32(class_)));`,
        "}",
      ],
    });
    return { shader: context.compile(text.finish("crossEntropy", main)), groups: teamGroups(team, rows) };
  });
  // Outputs are losses and log-probabilities, in this order: operands 2 and 3.
  context.suspect();
  context.dispatch(plan.shader, operands, wordsOf(operands), plan.groups);
}

/** See {@linkcode CrossEntropyGradCall}. */
export function crossEntropyGrad(
  context: KernelContext,
  { ignoreIndex }: CrossEntropyGradCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const [rows, n] = outputs[0]!.shape as [number, number], count = rows * n;
  if (count === 0) return;
  const operands = new Operands(inputs, outputs);
  const shader = context.plan(`crossEntropyGrad${ignoreIndex}${operands.key}`, () => {
    const text = new ShaderText(context.traits, operands);
    const [g, classes] = [inputs[0]!, inputs[2]!].map((v) => `row * ${v.strides[0]! >>> 0}u`);
    const main = entry(`${count}u`, [
      `let row = i / ${n}u;`,
      `let class_ = ${text.load(2, "i")}(${classes});`,
      `let p = ${scalarFunction(text, "exponential")}(${text.load(1, "f")}(i));`,
      `let share = select(p, p - 1f, class_ == i32(i % ${n}u));`,
      `${text.store(3, "f")}(i, select(share * ${text.load(0, "f")}(${g}), 0f, class_ == ${ignoreIndex}));`,
    ]);
    return context.compile(text.finish("crossEntropyGrad", main));
  });
  context.dispatch(shader, operands, wordsOf(operands), grid(count));
}
