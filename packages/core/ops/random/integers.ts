/** Kernels that draw uniform integers. */
import { body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import type { FillParams } from "../base/fill.ts";

// Random words and digits are unsigned numbers of 32 bits in int64. No product and sum below exceeds 64 unsigned bits.
const lowDigit = (x: e.Expr): e.Expr => e.and(x, 2 ** 32 - 1);
const highDigit = (x: e.Expr): e.Expr => lowDigit(e.shiftRight(x, 32));
const [LOW_UPPER, LOW_LOWER] = [e.scalar(0), e.scalar(1)];
// Two scalars, as one number does not hold 64 bits; added one after the other, as the host would round their sum.
const fromLow = (x: e.Expr): e.Expr => e.add(e.add(x, LOW_UPPER), LOW_LOWER);

function integers(drawn: e.Expr): KernelOp<FillParams> {
  const content = body(fromLow(drawn));
  return {
    kind: "kernel",
    name: "randint",
    differentiable: false,
    infer: (_, { shape, dtype }) => [{ shape, dtype }],
    kernel: (_inputs, _outputs, { shape, scalars, random }) => ({
      kernel: "map",
      body: content,
      compute: "int64",
      scalars,
      shape,
      ...(random && { random }),
    }),
  };
}

/** The upper half of 64 random bits times scalar 2, at most 2^32: probabilities of results differ by up to 2^-32. */
function ofWord(): e.Expr {
  const n = e.scalar(2);
  return highDigit(e.add(e.mul(e.random(0), n), highDigit(e.mul(e.random(1), n))));
}

/** The upper digits of 128 random bits times the number with the digits scalar 2 and 3, upper first. */
function ofLong(): e.Expr {
  const [upper, lower] = [e.scalar(2), e.scalar(3)], words = [3, 2, 1, 0].map((word) => e.random(word));
  const row: e.Expr[] = [];
  let carry: e.Expr = e.constant(0);
  for (const word of words) {
    const sum = e.add(e.mul(word, lower), carry);
    row.push(lowDigit(sum));
    carry = highDigit(sum);
  }
  row.push(carry);
  let sum: e.Expr = e.constant(0);
  words.forEach((word, i) => sum = e.add(e.add(e.mul(word, upper), row[i + 1]!), highDigit(sum)));
  return sum;
}

/**
 * Uniform integers from a lower bound, with at most 2^32 results. Scalars: upper and lower part of the bound, the
 * count.
 */
export const INTEGERS: KernelOp<FillParams> = integers(ofWord());
/**
 * Uniform integers from a lower bound, with up to 2^64 results. Scalars: the parts of the bound, the digits of the
 * count.
 */
export const LONG_INTEGERS: KernelOp<FillParams> = integers(ofLong());
