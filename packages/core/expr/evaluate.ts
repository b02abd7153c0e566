/** Values of expressions, element by element: what the reference backend runs. */
import type { ComputeType } from "../dtype.ts";
import type { RandomState } from "../random/generator.ts";
import { philox } from "../random/philox.ts";
import { type Arithmetic, NUMBERS, type Values } from "./arithmetic.ts";
import type { Body } from "./body.ts";
import type { Program } from "./program.ts";

/**
 * Calculates all outputs of a body for one element.
 *
 * @param values The element of each input, already in the compute type.
 * @param scalars The call's run-time scalars.
 * @param position The element's position along each axis.
 * @param element The element's number in row-major order.
 * @param out Receives one value per output.
 * @param random Where `random` leaves draw from.
 */
export type EvaluatedBody<T> = (
  values: ArrayLike<T>,
  scalars: readonly number[],
  position: ArrayLike<number>,
  element: number,
  out: Values<T>,
  random?: RandomState,
) => void;

/** An {@linkcode EvaluatedBody} of numbers: of all compute types but int64. */
export type ReferenceBody = EvaluatedBody<number>;

/** Fills the register that a step stands for. */
type Instruction<T> = (registers: Values<T>, values: ArrayLike<T>, position: ArrayLike<number>) => void;

/** Float32 is calculated in float64, so that this is the yardstick of kernels; int32 wraps around. */
export function compileReference(body: Body, compute: Exclude<ComputeType, "int64">): ReferenceBody {
  return compileBody(body, NUMBERS[compute]);
}

/** A body as a function of values of one kind. */
export function compileBody<T extends number | bigint>(
  body: Body,
  arithmetic: Arithmetic<T>,
): EvaluatedBody<T> {
  const { program } = body, { compute } = arithmetic;
  const registers = arithmetic.zeros(program.steps.length);
  const instructions: Instruction<T>[] = [];
  const scalarSteps: [number, number][] = [];
  const randomSteps: [number, number][] = [];
  program.steps.forEach((step, to) => {
    switch (step.kind) {
      case "input":
        instructions.push((r, values) => r[to] = values[step.index]!);
        break;
      case "coordinate":
        instructions.push((r, _, position) => r[to] = arithmetic.of(position[step.axis]!));
        break;
      case "constant":
        registers[to] = arithmetic.of(step.value);
        break;
      case "scalar":
        scalarSteps.push([to, step.index]);
        break;
      case "random":
        randomSteps.push([to, step.word]);
        break;
      case "call":
        instructions.push(instruction(program, to, arithmetic));
    }
  });
  const words = new Uint32Array(4);
  return (values, scalars, position, element, out, random) => {
    if (scalarSteps.length > 0) {
      const numbers = body.hostScalars(scalars);
      for (const [to, index] of scalarSteps) registers[to] = arithmetic.of(numbers[index]!);
    }
    if (randomSteps.length > 0) {
      if (random === undefined) {
        throw new TypeError(
          "Cannot evaluate a body that draws random numbers as its call has no random state",
        );
      }
      draw(random, element, words);
      for (const [to, word] of randomSteps) {
        registers[to] = arithmetic.of(randomOf(words, word, compute));
      }
    }
    for (const run of instructions) run(registers, values, position);
    for (let o = 0; o < program.outputs.length; o++) out[o] = registers[program.outputs[o]!]!;
  };
}

function instruction<T extends number | bigint>(
  { steps }: Program,
  to: number,
  { functions }: Arithmetic<T>,
): Instruction<T> {
  const step = steps[to]!;
  if (step.kind !== "call") throw new TypeError(`Cannot call a step of kind ${step.kind}`);
  const fn = functions[step.fn];
  const [a, b, c] = step.args as [number, number, number];
  switch (step.args.length) {
    case 1:
      return (r) => r[to] = fn(r[a]!);
    case 2:
      return (r) => r[to] = fn(r[a]!, r[b]!);
    default:
      return (r) => r[to] = fn(r[a]!, r[b]!, r[c]!);
  }
}

/** The value of the leaf `random(word)` in a kernel that calculates with `compute`. */
function randomOf(words: Uint32Array, word: number, compute: ComputeType): number {
  const bits = words[word]!;
  switch (compute) {
    case "float32":
      return (bits >>> 8) * 2 ** -24;
    case "float64":
      return ((bits >>> 5) * 2 ** 26 + (words[(word + 2) % 4]! >>> 6)) * 2 ** -53;
    case "int32":
      return bits | 0;
    case "int64":
      return bits;
  }
}

/** The Philox block `element` blocks after the state's first. */
function draw(random: RandomState, element: number, words: Uint32Array): void {
  const low = random.offset[0] + element;
  const high = random.offset[1] + Math.floor(low / 2 ** 32);
  philox([low >>> 0, high >>> 0, 0, 0], random.seed, words);
}
