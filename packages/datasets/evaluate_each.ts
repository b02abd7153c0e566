import type { Body } from "@troodon/core";
import { compileRounded, type RoundedBody } from "@troodon/core/kernel";

const compiled = new WeakMap<Body, RoundedBody>();

/**
 * Evaluates `body` for each element of `data`, its input 0, in float32, rounded after each step.
 *
 * @param out Receives elements `start` to `end` (default: all, in a new array).
 */
export function evaluateEach(
  body: Body,
  data: ArrayLike<number>,
  out: Float32Array = new Float32Array(data.length),
  start = 0,
  end: number = data.length,
): Float32Array {
  let evaluate = compiled.get(body);
  if (evaluate === undefined) compiled.set(body, evaluate = compileRounded(body));
  evaluate(data, out, start, end);
  return out;
}
