/** What a difference is judged by, besides itself. */
import { decodeFloats, decodeIntegers } from "./base64.ts";
import { calledBy, type Difference } from "./compare.ts";
import { isFloat } from "./numbers.ts";
import {
  firstOf,
  isShownTensor,
  type Outcome,
  type Program,
  type Shown,
  type Statement,
  type Trace,
} from "./program.ts";

/** A tensor that a statement takes, here and there. */
export interface Operand {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly here: readonly number[];
  readonly there: readonly number[];
}

/** How a gradient relates to finite differences of PyTorch's own values in float64. */
export interface Derivative {
  /** Whether it is that from the left, from the right, or between them, here. */
  readonly here: boolean;
  /** The same of PyTorch's. */
  readonly there: boolean;
}

/** What is known of a difference. */
export interface Evidence {
  readonly program: Program;
  /** Tensors that the statement takes which differs. */
  readonly operands: readonly Operand[];
  /** Numbers that it takes. */
  readonly numbers: readonly number[];
  /** Whether the program has infinities or NaN on its way. */
  readonly strange: boolean;
  /** Elements that differ, here and there; of a list of results those of the first that differs. */
  readonly pairs: readonly (readonly [at: number, here: number, there: number])[];
  /** Variables that a statement would have changed which PyTorch refuses. */
  readonly refused: readonly string[];
  /** What finite differences say of a gradient; null if there are none. */
  readonly derivative: Derivative | null;
}

const shownOf = (outcome: Outcome | undefined): Shown =>
  outcome !== undefined && "y" in outcome ? outcome.y : null;

/** The elements of a tensor or of several, or of a number. */
export function numbersOf(shown: Shown): number[] {
  if (typeof shown === "number" || typeof shown === "boolean") return [Number(shown)];
  if (shown instanceof Array) return shown.flatMap((one) => numbersOf(one as Shown));
  if (!isShownTensor(shown)) return [];
  return isFloat(shown.d) ? [...decodeFloats(shown.b)] : Array.from(decodeIntegers(shown.b), Number);
}

/** Relative rounding of a few operations, where it is more than that of float32. */
const ROUNDING: Readonly<Record<string, number>> = { float16: 2 ** -6, bfloat16: 2 ** -4 };

/** Elements that are further apart than rounding brings them, of the result that differs; nothing counts as zeros. */
export function pairsOf({ here, there, detail }: Difference): Evidence["pairs"] {
  const parts = [...detail.matchAll(/(?<=^|: )result (\d+)(?=: )/g)].map(([, part]) => Number(part));
  const inside = (shown: Shown): Shown =>
    parts.reduce((one: Shown, part) => one instanceof Array ? one[part] as Shown ?? null : one, shown);
  const mine = numbersOf(inside(shownOf(here))), other = numbersOf(inside(shownOf(there)));
  if (mine.length !== other.length && mine.length > 0 && other.length > 0) return [];
  const part = inside(shownOf(here)), rounding = isShownTensor(part) ? ROUNDING[part.d] ?? 1e-3 : 1e-3;
  return Array.from({ length: Math.max(mine.length, other.length) }, (_, i) => i).flatMap((i) => {
    const x = mine[i] ?? 0,
      y = other[i] ?? 0,
      near = Number.isFinite(y) && Math.abs(x - y) <= rounding * Math.max(1, Math.abs(y));
    return Object.is(x, y) || x === y || near ? [] : [[i, x, y] as const];
  });
}

/** The variable that a call writes to, if it does. */
function writtenBy(statement: Statement): string | null {
  if (!("call" in statement) || !statement.call.endsWith("_") && statement.call !== "set") return null;
  const [self] = statement.args;
  return typeof self === "object" && self !== null && "v" in self ? self.v : null;
}

/** What a variable is before a step: as it was made, or as it was written to since then by its name. */
function valueAt(program: Program, trace: Trace, name: string, end: number): Shown {
  const written = program.findLastIndex((s, step) =>
    step < end && writtenBy(s) === name && "y" in trace.steps[step]!
  );
  return written < 0 ? firstOf(program, trace, name) : shownOf(trace.steps[written]);
}

/** What is known of a difference without further runs. */
export function evidenceOf(
  program: Program,
  difference: Difference,
  here: Trace,
  there: Trace,
  derivative: Derivative | null,
): Evidence {
  const { step } = difference, statement = program[step];
  const args = statement !== undefined && "call" in statement ? [statement.args, statement.kw ?? {}] : [];
  const text = JSON.stringify(args);
  const operands = [...text.matchAll(/"v":"(\w+)"/g)].flatMap(([, name]) => {
    const mine = valueAt(program, here, name!, step), other = valueAt(program, there, name!, step);
    if (!isShownTensor(mine)) return [];
    return [{ dtype: mine.d, shape: mine.s, here: numbersOf(mine), there: numbersOf(other) }];
  });
  return {
    program,
    operands,
    numbers: [...text.matchAll(/(?<=[[,:])-?\d+(\.\d+)?(?=[\],}])/g)].map(([n]) => Number(n)),
    strange: here.steps.some((step) => numbersOf(shownOf(step)).some((x) => !Number.isFinite(x))),
    pairs: pairsOf(difference),
    refused: program.flatMap((s, step) => "e" in there.steps[step]! ? writtenBy(s) ?? [] : []),
    derivative,
  };
}

/** Whether a program calls one of the names, as a function or as a module. */
export const calls = (program: Program, names: RegExp): boolean =>
  program.some((_, step) => names.test(calledBy(program, step)));
