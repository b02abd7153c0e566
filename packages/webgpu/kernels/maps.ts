/** Maps of one body that have nothing to do with each other: what an optimizer does to its parameters. */
import type { Body, ComputeType } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { kindOf } from "../wgsl/types.ts";

/** Several maps as one call: the inputs of all, one map after the other, and the outputs of all likewise. */
export interface MapsCall {
  /** The family. */
  readonly kernel: "maps";
  /** What each of them calculates. */
  readonly body: Body;
  /** The type of the calculation. */
  readonly compute: ComputeType;
  /** What the `scalar` leaves stand for, in all of them. */
  readonly scalars: readonly number[];
  /** How many there are. */
  readonly parts: number;
}

/** Dense maps in one dispatch: each thread looks which of them its four elements belong to. */
export function maps(
  { traits }: Planner,
  { body, compute, scalars, parts }: Planned<MapsCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const operands = new Operands(inputs, outputs), kind = kindOf(compute);
  const text = new ShaderText(traits, operands, { lanes: 4, ownWords: parts });
  const calculate = text.body("calculate", body, compute, scalars);
  const reads = inputs.length / parts, results = outputs.length / parts;
  const numbers = Array.from({ length: parts }, (_, p) => p);
  const main = entry("numbers[0].w", [
    "var first = 0u;",
    ...numbers.flatMap((p) => [
      `if (i < ${text.word(p)}) {`,
      "  let k = i - first;",
      `  let y = ${calculate.call((t) => `${text.load(p * reads + t, kind)}(k)`)};`,
      ...Array.from({ length: results }, (_, o) => {
        const store = text.store(operands.inputs + p * results + o, kind);
        return `  ${store}(k, ${results > 1 ? `y.y${o}` : "y"});`;
      }),
      "  return;",
      "}",
      `first = ${text.word(p)};`,
    ]),
  ]);
  let count = 0;
  const own = numbers.map((p) => count += Math.ceil(sizeOf(outputs[p * results]!.shape) / 4));
  return [text.finish("map", main, grid(count), { count, own })];
}
