/** Expressions put in order: each distinct subexpression once, leaves first. */
import type { CallExpr, Expr } from "./expr.ts";
import { COMMUTATIVE, type ScalarFunction } from "./functions.ts";

/** An expression without arguments. */
export type Leaf = Exclude<Expr, CallExpr>;

/** A function applied to earlier steps, given by their numbers. */
export interface CallStep {
  /** The kind of node. */
  readonly kind: "call";
  /** The function. */
  readonly fn: ScalarFunction;
  /** Its arguments. */
  readonly args: readonly number[];
}

/** One step of a program. */
export type Step = Leaf | CallStep;

/** Several outputs calculated together. */
export interface Program {
  /** All steps, each after its arguments. */
  readonly steps: readonly Step[];
  /** The step that gives each output. */
  readonly outputs: readonly number[];
  /** Equal for equal programs, in every run: the cache key. */
  readonly key: string;
}

/**
 * Gives equal subexpressions equal numbers. They meet here, so expressions need
 * no global table of nodes, and shared nodes of a derivative are visited once
 * however often they are used.
 */
export class Numbering {
  /** The distinct subexpressions so far. */
  readonly steps: Step[] = [];
  readonly #ofNode: Map<Expr, number> = new Map();
  readonly #ofText: Map<string, number> = new Map();

  /** The number of `expr`. */
  number(expr: Expr): number {
    const known = this.#ofNode.get(expr);
    if (known !== undefined) return known;
    let number: number;
    if (expr.kind === "call") {
      const { fn } = expr;
      const args = expr.args.map((arg) => this.number(arg));
      if (COMMUTATIVE.has(fn)) args.sort((a, b) => a - b);
      number = this.#intern(`${fn}(${args})`, { kind: "call", fn, args });
    } else {
      number = this.#intern(leafText(expr), expr);
    }
    this.#ofNode.set(expr, number);
    return number;
  }

  /** All steps as text. */
  get key(): string {
    return [...this.#ofText.keys()].join(";");
  }

  #intern(text: string, step: Step): number {
    const known = this.#ofText.get(text);
    if (known !== undefined) return known;
    this.#ofText.set(text, this.steps.length);
    return this.steps.push(step) - 1;
  }
}

/** Orders expressions by value numbering. */
export function toProgram(outputs: readonly Expr[]): Program {
  const numbering = new Numbering();
  const numbers = outputs.map((expr) => numbering.number(expr));
  return { steps: numbering.steps, outputs: numbers, key: `${numbering.key}=>${numbers}` };
}

function leafText(leaf: Leaf): string {
  switch (leaf.kind) {
    case "constant":
      // String(-0) is "0", and 1 / x tells the two zeros apart.
      return Object.is(leaf.value, -0) ? "-0" : String(leaf.value);
    case "input":
      return `i${leaf.index}`;
    case "scalar":
      return `s${leaf.index}`;
    case "coordinate":
      return `p${leaf.axis}`;
    case "random":
      return `r${leaf.word}`;
  }
}
