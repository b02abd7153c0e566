/** The backward kernel of an elementwise operation. */
import { slope, times } from "./derivative.ts";
import * as e from "./expr.ts";
import type { Expr } from "./expr.ts";
import { Numbering } from "./program.ts";

/** How the gradient of one input of an elementwise operation is calculated. */
export interface GradientBody {
  /**
   * The incoming gradient times the slope. Input 0 is the incoming gradient, 1
   * to n are the operation's inputs, n + 1 is its output.
   */
  readonly expr: Expr;
  /** Which of the inputs 1 to n + 1 `expr` reads, in ascending order: all that the forward pass must save. */
  readonly uses: readonly number[];
  /** `expr` with only what it reads: input 0 is the incoming gradient, input `i + 1` is `uses[i]`. */
  readonly compact: Expr;
  /** Whether the gradient is exactly the incoming one. */
  readonly identity: boolean;
  /** Whether the gradient is zero by structure: there is nothing to calculate. */
  readonly zero: boolean;
}

/**
 * The gradient of input `index` of the elementwise operation `expr` with
 * `inputs` inputs. Where the operation's own value appears in its slope (exp,
 * tanh, sqrt) the output is read instead of calculated again.
 *
 * @param own The slope, where it is known by another formula than the derivative of `expr`.
 */
export function gradientBody(
  expr: Expr,
  inputs: number,
  index: number,
  own: Expr | undefined = slope(expr, index),
): GradientBody {
  const zero = own === undefined || e.isConstant(own, 0);
  const shifted = zero ? e.constant(0) : times(e.input(0), namedOutput(expr, own, inputs));
  const uses = [...inputsOf(shifted)].filter((i) => i > 0).sort((a, b) => a - b);
  const compact = e.substitute(shifted, (i) => e.input(i === 0 ? 0 : uses.indexOf(i) + 1));
  return { expr: shifted, uses, compact, identity: !zero && e.isConstant(own, 1), zero };
}

/** `own` with inputs counted from 1 and whatever equals `expr` replaced by the output. */
function namedOutput(expr: Expr, own: Expr, inputs: number): Expr {
  const numbering = new Numbering();
  const output = numbering.number(expr);
  numbering.number(own);
  return e.rewrite(own, (node) => {
    if (node.kind === "input") return e.input(node.index + 1);
    return node.kind === "call" && numbering.number(node) === output ? e.input(inputs + 1) : undefined;
  });
}

/** The numbers of the input tensors that `expr` reads. */
export function inputsOf(expr: Expr): Set<number> {
  const found = new Set<number>();
  const seen = new Set<Expr>();
  const visit = (node: Expr): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === "input") found.add(node.index);
    else if (node.kind === "call") node.args.forEach(visit);
  };
  visit(expr);
  return found;
}
