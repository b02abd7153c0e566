/**
 * Scalar expressions: what one element of an elementwise kernel computes.
 *
 * An expression is plain data; its value, its derivative and its machine code
 * are all read off that data, so a new operation needs no kernel and no
 * gradient of its own. It has no type: a kernel calculates all of it in one
 * `ComputeType`. Comparisons have the value 1 or 0.
 */
import { ARITY, FLOAT64, type ScalarFunction } from "./functions.ts";

/** A scalar expression. */
export type Expr =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "scalar"; readonly index: number }
  | { readonly kind: "coordinate"; readonly axis: number }
  | { readonly kind: "random"; readonly word: number }
  | CallExpr;

/** A scalar function applied to expressions. */
export interface CallExpr {
  /** The kind of node. */
  readonly kind: "call";
  /** The function. */
  readonly fn: ScalarFunction;
  /** Its arguments. */
  readonly args: readonly Expr[];
}

/** What builders accept: an expression, or a number standing for a constant. */
export type Operand = Expr | number;

/** The element of input tensor `index` at the current position. */
export function input(index: number): Expr {
  return { kind: "input", index };
}

/** A number known when the kernel is compiled. */
export function constant(value: number): Expr {
  return { kind: "constant", value };
}

/** Run-time number `index`, the same for all elements. */
export function scalar(index: number): Expr {
  return { kind: "scalar", index };
}

/** The position of the current element along `axis`. */
export function coordinate(axis: number): Expr {
  return { kind: "coordinate", axis };
}

/**
 * Random bits from word `word` (0 to 3) of the current element's block of the call's `RandomState`: a uniform number
 * in [0, 1) in kernels that calculate with floats, of 24 bits in float32 and of 53 in float64, where the upper 27 come
 * from this word and the others from the word two further on; the word itself in kernels of integers, signed in int32
 * and from 0 to 2^32 - 1 in int64.
 */
export function random(word = 0): Expr {
  return { kind: "random", word };
}

/**
 * Applies `fn`, folding constants and dropping identities.
 *
 * @throws {TypeError} If the number of operands is wrong.
 */
export function call(fn: ScalarFunction, ...operands: Operand[]): Expr {
  if (operands.length !== ARITY[fn]) {
    throw new TypeError(
      `Cannot build an expression as ${fn} takes ${ARITY[fn]} operands: current count is ${operands.length}`,
    );
  }
  const args = operands.map((o) => typeof o === "number" ? constant(o) : o);
  return simplified(fn, args) ?? { kind: "call", fn, args };
}

/** Whether `e` is the constant `value`; 0 and -0 are one. */
export function isConstant(e: Expr | undefined, value: number): boolean {
  return e?.kind === "constant" && e.value === value;
}

/**
 * x * 0 is deliberately absent: it is NaN for infinite x. Zeros that come from
 * the structure of a derivative are dropped in `derivative.ts` instead.
 */
function simplified(fn: ScalarFunction, args: readonly Expr[]): Expr | undefined {
  const [a, b, c] = args as [Expr, Expr, Expr];
  const values = args.flatMap((e) => e.kind === "constant" ? [e.value] : []);
  if (values.length === args.length) return constant(FLOAT64[fn](...values));
  switch (fn) {
    case "add":
      return isConstant(b, 0) ? a : isConstant(a, 0) ? b : undefined;
    case "sub":
      return isConstant(b, 0) ? a : isConstant(a, 0) ? call("neg", b) : undefined;
    case "mul":
      if (isConstant(b, 1)) return a;
      if (isConstant(a, 1)) return b;
      return isConstant(b, -1) ? call("neg", a) : isConstant(a, -1) ? call("neg", b) : undefined;
    case "div":
      return isConstant(b, 1) ? a : isConstant(b, -1) ? call("neg", a) : undefined;
    case "neg":
      return a.kind === "call" && a.fn === "neg" ? a.args[0] : undefined;
    case "abs":
      return a.kind === "call" && a.fn === "neg" ? call("abs", a.args[0]!) : undefined;
    case "where":
      return a.kind === "constant" ? (a.value !== 0 ? b : c) : undefined;
    case "pow":
      return b.kind === "constant" ? knownPower(a, b.value) : undefined;
    default:
      return undefined;
  }
}

/** Powers that are cheaper as products and roots; PyTorch has the same list. */
function knownPower(x: Expr, exponent: number): Expr | undefined {
  switch (exponent) {
    case 0:
      return constant(1);
    case 1:
      return x;
    case 2:
      return call("mul", x, x);
    case 3:
      return call("mul", call("mul", x, x), x);
    case 0.5:
      return call("sqrt", x);
    case -0.5:
      return call("rsqrt", x);
    case -1:
      return call("reciprocal", x);
    case -2:
      return call("reciprocal", call("mul", x, x));
    default:
      return undefined;
  }
}

/** `expr` with each input tensor replaced by what `replacement` gives for its number. */
export function substitute(expr: Expr, replacement: (index: number) => Expr): Expr {
  return rewrite(expr, (e) => e.kind === "input" ? replacement(e.index) : undefined);
}

/** `expr` with each node that `replacement` gives something for replaced by that, outermost first. */
export function rewrite(expr: Expr, replacement: (node: Expr) => Expr | undefined): Expr {
  const known = new Map<Expr, Expr>();
  const visit = (node: Expr): Expr => {
    let result = known.get(node);
    if (result === undefined) {
      result = replacement(node) ??
        (node.kind === "call" ? call(node.fn, ...node.args.map(visit)) : node);
      known.set(node, result);
    }
    return result;
  };
  return visit(expr);
}
