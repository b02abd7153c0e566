/** Values of expressions on the host, to the bit as a device has them that rounds each step. */
import type { Body } from "./body.ts";
import { FLOAT64, type ScalarFunction } from "./functions.ts";

/** Elements that are calculated together, so that a step is one loop. */
const BLOCK = 256;

/** Writes what a body makes of elements `start` to `end` of `data`, its input 0, to the same places of `out`. */
export type RoundedBody = (data: ArrayLike<number>, out: Float32Array, start: number, end: number) => void;

/** Fills the first `count` places of a register. */
type Filling = (count: number, data: ArrayLike<number>, first: number) => void;

/**
 * A function of one tensor as a function of an array, in float32 that is rounded after each step: sums, differences,
 * products, quotients and square roots have the bits that IEEE 754 gives them.
 *
 * @throws {TypeError} If `body` depends on more than input 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { body, compileRounded, expr } from "@troodon/core/kernel";
 *
 * const out = new Float32Array(2);
 * compileRounded(body(expr.div(expr.input(0), 3)))([1, 6], out, 0, 2);
 * assertEquals([...out], [Math.fround(1 / 3), 2]);
 * ```
 */
export function compileRounded({ key, program: { steps, outputs } }: Body): RoundedBody {
  const registers = steps.map(() => new Float32Array(BLOCK));
  const fillings = steps.flatMap((step, to): Filling[] => {
    const register = registers[to]!;
    if (step.kind === "constant") {
      register.fill(step.value);
      return [];
    }
    if (step.kind === "input" && step.index === 0) {
      return [(count, data, first) => {
        for (let i = 0; i < count; i++) register[i] = data[first + i]!;
      }];
    }
    if (step.kind === "call") {
      const args = step.args.map((arg) => registers[arg]!);
      return [(count) => calculate(step.fn, register, args, count)];
    }
    throw new TypeError(
      `Cannot compile a body as it must depend on input 0 alone: current body is ${key}`,
    );
  });
  const result = registers[outputs[0]!]!;
  return (data, out, start, end) => {
    for (let first = start; first < end; first += BLOCK) {
      const count = Math.min(BLOCK, end - first);
      for (const fill of fillings) fill(count, data, first);
      for (let i = 0; i < count; i++) out[first + i] = result[i]!;
    }
  };
}

/** A function of registers, into another; what is rounded is what is stored. */
function calculate(
  name: ScalarFunction,
  to: Float32Array,
  [a, b, c]: readonly Float32Array[],
  count: number,
): void {
  // Loops of their own for the commonest, which engines do not make of a call in a loop.
  if (name === "add") { for (let i = 0; i < count; i++) to[i] = a![i]! + b![i]!; }
  else if (name === "sub") { for (let i = 0; i < count; i++) to[i] = a![i]! - b![i]!; }
  else if (name === "mul") { for (let i = 0; i < count; i++) to[i] = a![i]! * b![i]!; }
  else if (name === "div") { for (let i = 0; i < count; i++) to[i] = a![i]! / b![i]!; }
  else {
    const fn: (...values: number[]) => number = FLOAT64[name];
    // Functions of fewer arguments do not look at the rest.
    for (let i = 0; i < count; i++) to[i] = fn(a![i]!, b?.[i] ?? 0, c?.[i] ?? 0);
  }
}
