/** Symbolic derivatives: one table row per scalar function. */
import * as e from "./expr.ts";
import type { Expr } from "./expr.ts";
import type { ScalarFunction } from "./functions.ts";

/** A derivative; undefined is zero by structure, which 0 * Infinity is not. */
export type Slope = Expr | undefined;

/** The slope of `y` = fn(args), given the slope of each argument. */
type Row = (args: readonly Expr[], slopes: readonly Slope[], y: Expr) => Slope;

const plus = (a: Slope, b: Slope): Slope => a && b ? e.add(a, b) : a ?? b;
const minus = (a: Slope, b: Slope): Slope => a && b ? e.sub(a, b) : a ?? (b && e.neg(b));
const flat: Row = () => undefined;

/**
 * `factor` times `slope`. Products go inside of choices between constants:
 * choosing, never multiplying by 0 or 1, keeps an infinite factor of the branch
 * not taken from turning into NaN.
 */
export function times(factor: Expr, slope: Expr): Expr {
  if (e.isConstant(slope, 0)) return slope;
  if (slope.kind === "call" && slope.fn === "where") {
    const [condition, a, b] = slope.args as [Expr, Expr, Expr];
    if (a.kind === "constant" || b.kind === "constant") {
      return e.where(condition, times(factor, a), times(factor, b));
    }
  }
  return e.mul(factor, slope);
}

/** A function of one argument with the given local slope. */
const unary = (local: (x: Expr, y: Expr) => Expr): Row => ([x], [dx], y) => dx && times(local(x!, y), dx);

/** A function of two arguments with the given local slopes; only those needed are built. */
const binary = (
  first: (a: Expr, b: Expr, y: Expr) => Expr,
  second: (a: Expr, b: Expr, y: Expr) => Expr,
): Row =>
([a, b], [da, db], y) => plus(da && times(first(a!, b!, y), da), db && times(second(a!, b!, y), db));

const choose = (condition: Expr, a: Slope, b: Slope): Slope => (a || b) && e.where(condition, a ?? 0, b ?? 0);

/**
 * On a tie min and max give half of the slope to each argument, and all of it to
 * both where one is NaN, as PyTorch's minimum and maximum do. Operations that want
 * another convention at the kink (relu: 0, clamp: 1) are written with `where`.
 */
const extremum = (wins: (a: Expr, b: Expr) => Expr): Row => ([a, b], [da, db]) => {
  const shared = plus(da, db);
  const rest = choose(e.equal(a!, b!), shared && times(e.constant(0.5), shared), shared);
  return choose(wins(a!, b!), da, choose(wins(b!, a!), db, rest));
};

const polar = (side: Expr, length: Expr): Expr =>
  e.where(e.equal(length, 0), 0, e.div(e.div(side, length), length));

const ROWS: Readonly<Record<ScalarFunction, Row>> = {
  add: (_, [da, db]) => plus(da, db),
  sub: (_, [da, db]) => minus(da, db),
  mul: binary((_, b) => b, (a) => a),
  // q' = (a' - q b') / b, because b * b overflows long before a / b does.
  div: ([, b], [da, db], q) => {
    const top = minus(da, db && times(q, db));
    return top && e.div(top, b!);
  },
  min: extremum(e.less),
  max: extremum(e.greater),
  less: flat,
  lessEqual: flat,
  equal: flat,
  notEqual: flat,
  where: ([condition], [, da, db]) => choose(condition!, da, db),
  neg: (_, [da]) => da && e.neg(da),
  abs: unary((x) => e.sign(x)),
  sign: flat,
  floor: flat,
  ceil: flat,
  round: flat,
  trunc: flat,
  sqrt: unary((_, y) => e.div(0.5, y)),
  rsqrt: unary((_, y) => e.mul(e.mul(-0.5, y), e.square(y))),
  reciprocal: unary((_, y) => e.neg(e.square(y))),
  exp: unary((_, y) => y),
  exp2: unary((_, y) => e.mul(y, Math.LN2)),
  expm1: unary((_, y) => e.add(y, 1)),
  log: unary((x) => e.reciprocal(x)),
  log2: unary((x) => e.div(Math.LOG2E, x)),
  log10: unary((x) => e.div(Math.LOG10E, x)),
  log1p: unary((x) => e.reciprocal(e.add(x, 1))),
  sin: unary((x) => e.cos(x)),
  cos: unary((x) => e.neg(e.sin(x))),
  tan: unary((_, y) => e.add(e.square(y), 1)),
  asin: unary((x) => e.rsqrt(e.sub(1, e.square(x)))),
  acos: unary((x) => e.neg(e.rsqrt(e.sub(1, e.square(x))))),
  atan: unary((x) => e.reciprocal(e.add(e.square(x), 1))),
  // b / (a^2 + b^2) and -a / (a^2 + b^2), divided by the length twice as squares overflow; 0 at the origin.
  atan2: binary(
    (a, b) => polar(b, e.hypot(a, b)),
    (a, b) => e.neg(polar(a, e.hypot(a, b))),
  ),
  sinh: unary((x) => e.cosh(x)),
  cosh: unary((x) => e.sinh(x)),
  tanh: unary((_, y) => e.sub(1, e.square(y))),
  asinh: unary((x) => e.rsqrt(e.add(e.square(x), 1))),
  acosh: unary((x) => e.rsqrt(e.sub(e.square(x), 1))),
  atanh: unary((x) => e.reciprocal(e.sub(1, e.square(x)))),
  sigmoid: unary((_, y) => e.mul(y, e.sub(1, y))),
  softplus: unary((x) => e.sigmoid(x)),
  erf: unary((x) => e.mul(2 / Math.sqrt(Math.PI), e.exp(e.neg(e.square(x))))),
  erfc: unary((x) => e.mul(-2 / Math.sqrt(Math.PI), e.exp(e.neg(e.square(x))))),
  // Base: b a^(b - 1), but 0 to the power 0. Exponent: y log(a), but 0 at 0 to a power not negative.
  pow: binary(
    (a, b) => e.where(e.equal(b, 0), 0, e.mul(b, e.pow(a, e.sub(b, 1)))),
    (a, b, y) =>
      e.where(e.equal(a, 0), e.where(e.lessEqual(0, b), 0, e.mul(y, e.log(a))), e.mul(y, e.log(a))),
  ),
  hypot: binary((a, _, y) => e.div(a, y), (_, b, y) => e.div(b, y)),
  logaddexp: binary((a, b) => e.sigmoid(e.sub(a, b)), (a, b) => e.sigmoid(e.sub(b, a))),
  fmod: binary(() => e.constant(1), (a, b) => e.neg(e.trunc(e.div(a, b)))),
  remainder: binary(() => e.constant(1), (a, b) => e.neg(e.floorDiv(a, b))),
  floorDiv: flat,
  isNan: flat,
  and: flat,
  or: flat,
  xor: flat,
  not: flat,
  shiftLeft: flat,
  shiftRight: flat,
};

/** The derivative of `expr` with respect to input tensor `index`, or undefined if it is zero by structure. */
export function slope(expr: Expr, index: number): Slope {
  const known = new Map<Expr, Slope>();
  const visit = (node: Expr): Slope => {
    if (node.kind === "input" && node.index === index) return e.constant(1);
    if (node.kind !== "call") return undefined;
    if (!known.has(node)) {
      const slopes = node.args.map(visit);
      const moves = slopes.some((s) => s !== undefined);
      known.set(node, moves ? ROWS[node.fn](node.args, slopes, node) : undefined);
    }
    return known.get(node);
  };
  return visit(expr);
}

/**
 * The derivative of `expr` with respect to input tensor `index`.
 *
 * Functions with steps are flat; `where` gives nothing to its condition; `min`
 * and `max` halve on ties. Points without a slope follow PyTorch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { derivative, expr as e } from "@troodon/core/kernel";
 *
 * assertEquals(derivative(e.sin(e.input(0)), 0), e.cos(e.input(0)));
 * ```
 */
export function derivative(expr: Expr, index: number): Expr {
  return slope(expr, index) ?? e.constant(0);
}
