import { assert, assertEquals } from "@std/assert";
import { body } from "./body.ts";
import { derivative } from "./derivative.ts";
import { compileReference } from "./evaluate.ts";
import * as e from "./expr.ts";
import { ARITY, SCALAR_FUNCTIONS } from "./functions.ts";
import { gradientBody } from "./gradient.ts";

const [x, y] = [e.input(0), e.input(1)];

function valueOf(expr: e.Expr, ...values: number[]): number {
  const out = new Float64Array(1);
  compileReference(body(expr), "float64")(values, [], [], 0, out);
  return out[0]!;
}

/** Points inside the domain of each function, away from its steps. */
function points(fn: string): number[][] {
  switch (fn) {
    case "acosh":
      return [[1.2], [3.7]];
    case "asin":
    case "acos":
    case "atanh":
      return [[-0.8], [0.1], [0.93]];
    case "log":
    case "log2":
    case "log10":
    case "log1p":
    case "sqrt":
    case "rsqrt":
      return [[0.2], [1.3], [40.1]];
    case "pow":
      return [[0.3, 1.7], [2.1, -3.3], [5.2, 0.4]];
    case "where":
      return [[1, 0.4, 2.2], [0, 0.4, 2.2]];
    default:
      return [[0.37, 1.23, 0.5], [-1.61, 0.71, 0.2], [2.83, -0.91, 1.4], [-0.2, -2.3, 3.1]];
  }
}

Deno.test("derivative() agrees with finite differences for every function", () => {
  for (const fn of SCALAR_FUNCTIONS) {
    if (["and", "or", "xor", "not", "shiftLeft", "shiftRight"].includes(fn)) continue;
    const expr = e.call(fn, ...[x, y, e.input(2)].slice(0, ARITY[fn]));
    for (const at of points(fn)) {
      for (let i = fn === "where" ? 1 : 0; i < ARITY[fn]; i++) {
        const h = 1e-5 * Math.max(1, Math.abs(at[i]!));
        const [above, below] = [h, -h].map((d) => valueOf(expr, ...at.map((v, j) => i === j ? v + d : v)));
        const expected = (above! - below!) / (2 * h);
        const actual = valueOf(derivative(expr, i), ...at);
        const close = Math.abs(actual - expected) <= 1e-6 * Math.max(1, Math.abs(expected));
        assert(close, `${fn}'(${at}) by ${i}: ${actual}, not ${expected}`);
      }
    }
  }
});

Deno.test("derivative() follows PyTorch where there is no slope", () => {
  const slope = (expr: e.Expr, index: number, ...at: number[]) => valueOf(derivative(expr, index), ...at);
  assertEquals(slope(e.max(x, y), 0, 2, 2), 0.5);
  assertEquals(slope(e.min(x, y), 1, 2, 2), 0.5);
  assertEquals(slope(e.max(x, x), 0, 2), 1);
  for (const pair of [[NaN, 2], [2, NaN]] as const) {
    assertEquals([0, 1].map((i) => slope(e.max(x, y), i, ...pair)), [1, 1]);
    assertEquals([0, 1].map((i) => slope(e.min(x, y), i, ...pair)), [1, 1]);
  }
  assertEquals([0, NaN].map((at) => slope(e.abs(x), 0, at)), [0, 0]);
  assertEquals([0, 1].map((i) => slope(e.atan2(x, y), i, 0, 0)), [0, 0]);
  assertEquals([0, 1].map((i) => Math.fround(1e200 * slope(e.atan2(x, y), i, 1e200, 1e200))), [0.5, -0.5]);
  assertEquals(slope(e.remainder(x, y), 1, 1, -Infinity), 1);
  assertEquals(slope(e.sqrt(x), 0, 0), Infinity);
  assertEquals(slope(e.pow(x, y), 0, 0, 0), 0);
  assertEquals(slope(e.pow(x, y), 1, 0, 2), 0);
  assertEquals(slope(e.pow(x, y), 1, 0, 0), 0);
  assertEquals(slope(e.pow(x, y), 1, -2, 2), NaN);
  assertEquals(slope(e.where(x, y, 0), 0, 3, 1), 0);
  assertEquals(slope(e.where(e.less(0, x), e.sqrt(x), 0), 0, 0), 0);
  assertEquals(slope(e.fmod(x, y), 1, -7, 3), 2);
  assertEquals(slope(e.remainder(x, y), 1, -7, 3), 3);
});

Deno.test("derivative() drops what is zero by structure", () => {
  assertEquals(derivative(e.add(e.mul(x, 3), e.exp(y)), 0), e.constant(3));
  assertEquals(derivative(e.floor(x), 0), e.constant(0));
  assertEquals(derivative(e.exp(e.scalar(0)), 0), e.constant(0));
});

Deno.test("gradientBody() reads the output instead of recomputing it", () => {
  const g = x;
  const out = e.input(2);
  const tanh = gradientBody(e.tanh(x), 1, 0);
  assertEquals(tanh.expr, e.mul(g, e.sub(1, e.square(out))));
  assertEquals(tanh.uses, [2]);
  assertEquals(tanh.compact, e.mul(g, e.sub(1, e.square(e.input(1)))));
  assertEquals(gradientBody(e.exp(x), 1, 0).expr, e.mul(g, out));
  assertEquals(gradientBody(e.neg(e.exp(x)), 1, 0).expr, e.mul(g, out), "equal, but another object");
  assertEquals(gradientBody(e.sin(x), 1, 0).expr, e.mul(g, e.cos(e.input(1))));
});

Deno.test("gradientBody() names the inputs it reads", () => {
  assertEquals(gradientBody(e.mul(x, y), 2, 0).expr, e.mul(x, e.input(2)));
  assertEquals(gradientBody(e.mul(x, y), 2, 0).uses, [2]);
  assertEquals(gradientBody(e.mul(x, y), 2, 1).uses, [1]);
  const quotient = gradientBody(e.div(x, y), 2, 1);
  assertEquals(quotient.uses, [2, 3]);
  assertEquals(valueOf(quotient.expr, 5, 3, 2, 1.5), -5 * 1.5 / 2);
});

Deno.test("gradientBody() tells identities and zeros", () => {
  const sum = gradientBody(e.add(x, y), 2, 1);
  assertEquals([sum.identity, sum.zero, sum.uses, sum.expr], [true, false, [], x]);
  const step = gradientBody(e.floor(x), 1, 0);
  assertEquals([step.identity, step.zero, step.uses, step.expr], [false, true, [], e.constant(0)]);
  assertEquals(gradientBody(e.sub(x, y), 2, 1).expr, e.neg(x));
});

Deno.test("gradientBody() chooses, and never multiplies an infinite gradient by 0", () => {
  const relu = gradientBody(e.where(e.greater(x, 0), x, 0), 1, 0);
  assertEquals(relu.expr, e.where(e.greater(e.input(1), 0), x, 0));
  assertEquals(valueOf(relu.expr, Infinity, -1), 0);
});
