/** What an elementwise kernel calculates, ready to be launched. */
import { call, type Expr, scalar } from "./expr.ts";
import { FLOAT64 } from "./functions.ts";
import { type Program, toProgram } from "./program.ts";

/** The scalar functions of a kernel. Made by {@linkcode body}; equal ones are one object. */
export class Body {
  /** Counts up; equal bodies of one process have equal numbers. */
  readonly id: number;
  /** Equal for equal bodies in every process. */
  readonly key: string;
  /** What each output tensor holds. */
  readonly outputs: readonly Expr[];
  /** Number of input tensors: one more than the largest that is read. */
  readonly inputs: number;
  /** Number of run-time scalars. */
  readonly scalars: number;
  /** Whether an element's position matters. */
  readonly usesCoordinate: boolean;
  /** Whether random numbers are drawn. */
  readonly usesRandom: boolean;
  /** The outputs put in order, over the numbers that {@linkcode Body.hostScalars} gives. */
  readonly program: Program;
  /** How many numbers {@linkcode Body.hostScalars} gives. */
  readonly hostScalarCount: number;
  readonly #host: Program;
  readonly #plain: boolean;

  /** Use {@linkcode body}. */
  constructor(id: number, outputs: readonly Expr[], { steps, key }: Program) {
    this.id = id;
    this.key = key;
    this.outputs = outputs;
    const count = (kind: "input" | "scalar"): number =>
      steps.reduce((n, s) => s.kind === kind ? Math.max(n, s.index + 1) : n, 0);
    this.inputs = count("input");
    this.scalars = count("scalar");
    this.usesCoordinate = steps.some((s) => s.kind === "coordinate");
    this.usesRandom = steps.some((s) => s.kind === "random");
    const { program, host } = hoist(outputs);
    this.program = program;
    this.#host = host;
    this.hostScalarCount = host.outputs.length;
    this.#plain = host.outputs.every((o, i) => {
      const step = host.steps[o]!;
      return step.kind === "scalar" && step.index === i;
    });
  }

  /**
   * The numbers that {@linkcode Body.program} calls scalars. Arithmetic between
   * run-time scalars is done here, in float64: in float32 already 1 - 0.999 is
   * wrong in the fifth digit.
   */
  hostScalars(scalars: readonly number[]): readonly number[] {
    if (this.#plain) return scalars;
    const values: number[] = [];
    for (const step of this.#host.steps) {
      if (step.kind === "scalar") values.push(scalars[step.index]!);
      else if (step.kind === "constant") values.push(step.value);
      else if (step.kind === "call") values.push(FLOAT64[step.fn](...step.args.map((a) => values[a]!)));
    }
    return this.#host.outputs.map((o) => values[o]!);
  }
}

/** Splits off all that depends on scalars alone. */
function hoist(outputs: readonly Expr[]): { program: Program; host: Program } {
  const hoisted: Expr[] = [];
  const slots = new Map<string, Expr>();
  const rebuilt = new Map<Expr, Expr>();
  const hosted = new Map<Expr, boolean>();

  const slotOf = (expr: Expr): Expr => {
    const { key } = toProgram([expr]);
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = scalar(hoisted.push(expr) - 1);
      slots.set(key, slot);
    }
    return slot;
  };
  const isHost = (expr: Expr): boolean => {
    if (expr.kind !== "call") return expr.kind === "scalar" || expr.kind === "constant";
    let result = hosted.get(expr);
    if (result === undefined) {
      result = expr.args.every(isHost);
      hosted.set(expr, result);
    }
    return result;
  };
  const rebuild = (expr: Expr): Expr => {
    if (expr.kind === "constant") return expr;
    if (isHost(expr)) return slotOf(expr);
    if (expr.kind !== "call") return expr;
    let result = rebuilt.get(expr);
    if (result === undefined) {
      result = call(expr.fn, ...expr.args.map(rebuild));
      rebuilt.set(expr, result);
    }
    return result;
  };
  const program = toProgram(outputs.map(rebuild));
  return { program, host: toProgram(hoisted) };
}

const interned = new Map<string, Body>();

/**
 * The body with the given outputs, one for each output tensor; the same object
 * for equal expressions.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { body, expr as e } from "@troodon/core/kernel";
 *
 * const relu = body(e.where(e.greater(e.input(0), 0), e.input(0), 0));
 * assertEquals(relu.inputs, 1);
 * assert(relu === body(e.where(e.less(0, e.input(0)), e.input(0), 0)));
 * ```
 */
export function body(...outputs: Expr[]): Body {
  const program = toProgram(outputs);
  let found = interned.get(program.key);
  if (found === undefined) {
    found = new Body(interned.size, outputs, program);
    interned.set(program.key, found);
  }
  return found;
}
