/** Functions of WGSL that calculate a body. */
import type { Body, ComputeType, ScalarFunction } from "@troodon/core";
import { lower } from "@troodon/core/kernel";
import { LongMachine } from "./long_machine.ts";
import { WgslMachine } from "./machine.ts";
import { kindOf, type Lanes, typeName } from "./types.ts";

/** The function of a shader that calculates a body. */
export interface BodyFunction {
  /** The type that it returns: with several outputs a struct of y0, y1, ... */
  readonly type: string;
  /** Inputs that it reads. */
  readonly inputs: readonly number[];
  /** Text that calls it. `element`: the element's number, for random ones. */
  call(
    input: (index: number) => string,
    position?: (axis: number) => string,
    element?: string,
  ): string;
}

/** What the text of a function relies on. */
export interface Surroundings {
  readonly lanes: Lanes;
  /** Puts a function of the prelude in. */
  readonly use: (name: string) => void;
  /** The name of a function that calculates `fn` of one number, however far from 0. */
  readonly far: (fn: ScalarFunction) => string;
  /** Text of scalar `i`: a word, or both of an int64. */
  readonly scalar: (i: number) => string;
  /** Says that random numbers are drawn. */
  readonly draw: () => void;
}

/** The text of a function called `name`, and how it is called. */
export function bodyFunction(
  name: string,
  { program }: Body,
  compute: ComputeType,
  { lanes, use, far, scalar, draw }: Surroundings,
): { code: string; fn: BodyFunction } {
  const kind = kindOf(compute);
  const [number, unsigned] = [typeName(kind, lanes), typeName("u", lanes)];
  const machine = kind === "l"
    ? new LongMachine({ lanes, use })
    : new WgslMachine(compute, { lanes, use, far });
  const inputs = new Set<number>(), axes = new Set<number>();
  let random = false;
  const lowering = new lower.Lowering(program, compute, machine, (leaf) => {
    switch (leaf.kind) {
      case "input":
        inputs.add(leaf.index);
        return machine.named(`x${leaf.index}`, kind);
      case "constant":
        return machine.constant(leaf.value);
      case "scalar": {
        if (kind === "l") return machine.named(scalar(leaf.index), kind);
        const text = `bitcast<${typeName(kind, 1)}>(${scalar(leaf.index)})`;
        return machine.named(lanes === 1 ? text : `${number}(${text})`, kind);
      }
      case "coordinate":
        axes.add(leaf.axis);
        if (kind === "l") return machine.named(`vec2u(p${leaf.axis}, 0u)`, kind);
        return machine.named(`${number}(p${leaf.axis})`, kind);
      case "random": {
        random = true;
        draw();
        use("philox");
        const bits = `block.${"abcd"[leaf.word]}`;
        if (kind === "l") return machine.named(`vec2u(${bits}, 0u)`, kind);
        if (kind === "i") return machine.named(`bitcast<${number}>(${bits})`, kind);
        return machine.named(
          `(${number}(${bits} >> ${unsigned}(8u)) * ${number}(5.9604644775390625e-8f))`,
          kind,
        );
      }
    }
  }, () => 2);
  lowering.emit(2);
  const results = program.outputs.map((_, o) => machine.text(lowering.output(o)));
  const type = results.length === 1 ? number : `Result_${name}`;
  const used = [...inputs].sort((a, b) => a - b), places = [...axes].sort((a, b) => a - b);
  const parameters = [
    ...used.map((i) => `x${i}: ${number}`),
    ...places.map((p) => `p${p}: ${unsigned}`),
    ...(random ? [`element: ${unsigned}`] : []),
  ];
  const code = [
    ...(results.length === 1
      ? []
      : [`struct ${type} { ${results.map((_, o) => `y${o}: ${number}`).join(", ")} }`]),
    `fn ${name}(${parameters.join(", ")}) -> ${type} {`,
    ...(random ? ["  let block = philox(element);"] : []),
    ...machine.lines.map((line) => `  ${line}`),
    results.length === 1 ? `  return ${results[0]};` : `  return ${type}(${results.join(", ")});`,
    "}",
  ].join("\n");
  const fn: BodyFunction = {
    type,
    inputs: used,
    call(input, position, element): string {
      const args = [
        ...used.map(input),
        ...places.map((axis) => position!(axis)),
        ...(random ? [element!] : []),
      ];
      return `${name}(${args.join(", ")})`;
    },
  };
  return { code, fn };
}

/** The text of a function called `name` that calculates `fn` of one number, however far from 0; it uses `far_angle`. */
export function farFunction(name: string, fn: ScalarFunction): string {
  const machine = new WgslMachine("float32", { lanes: 1, use: () => {}, far: () => "" }, undefined, true);
  const near = machine.named("angle.r", "f");
  const sine = machine.text(lower.sin(machine, near)), cosine = machine.text(lower.cos(machine, near));
  const value = fn === "tan"
    ? "select(s / c, -c / s, odd)"
    : `select(1f, -1f, (angle.quarter & 2u) != 0u) * select(s, c, odd)`;
  return [
    `fn ${name}(x: f32) -> f32 {`,
    "  var angle = far_angle(x);",
    ...(fn === "cos" ? ["  angle.quarter += 1u;"] : []),
    ...machine.lines.map((line) => `  ${line}`),
    `  let s = ${sine};`,
    `  let c = ${cosine};`,
    "  let odd = (angle.quarter & 1u) != 0u;",
    `  return ${value};`,
    "}",
  ].join("\n");
}
