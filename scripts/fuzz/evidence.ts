/** Evidence by which differences are judged. */
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

/** Tensor operand of a statement, with its elements in both libraries. */
export interface Operand {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly here: readonly number[];
  readonly there: readonly number[];
}

/** Agreement of a gradient with finite differences of PyTorch's float64 values. */
export interface Derivative {
  /** True if Troodon's gradient matches the left, right or central difference. */
  readonly here: boolean;
  /** True if PyTorch's gradient matches the left, right or central difference. */
  readonly there: boolean;
}

/** Evidence about a difference. */
export interface Evidence {
  readonly program: Program;
  /** Tensor operands of the statement that differs. */
  readonly operands: readonly Operand[];
  /** Numeric arguments of the statement that differs. */
  readonly numbers: readonly number[];
  /** True if a result of the program contains infinities or NaN. */
  readonly strange: boolean;
  /** Differing elements with both values; for a list of results, those of the first that differs. */
  readonly pairs: readonly (readonly [at: number, here: number, there: number])[];
  /** Variables written to by statements that PyTorch refuses. */
  readonly refused: readonly string[];
  /** Agreement of a gradient with finite differences; null if there are none. */
  readonly derivative: Derivative | null;
}

const shownOf = (outcome: Outcome | undefined): Shown =>
  outcome !== undefined && "y" in outcome ? outcome.y : null;

/** Returns the elements of one or more tensors, or a number, as a list. */
export function numbersOf(shown: Shown): number[] {
  if (typeof shown === "number" || typeof shown === "boolean") return [Number(shown)];
  if (shown instanceof Array) return shown.flatMap((one) => numbersOf(one as Shown));
  if (!isShownTensor(shown)) return [];
  return isFloat(shown.d) ? [...decodeFloats(shown.b)] : Array.from(decodeIntegers(shown.b), Number);
}

/** Relative rounding error of a few operations, for dtypes less precise than float32. */
const ROUNDING: Readonly<Record<string, number>> = { float16: 2 ** -6, bfloat16: 2 ** -4 };

/** Returns the elements of a result that differ by more than rounding; missing results count as zeros. */
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

/** Returns the variable that a call writes to, or null. */
function writtenBy(statement: Statement): string | null {
  if (!("call" in statement) || !statement.call.endsWith("_") && statement.call !== "set") return null;
  const [self] = statement.args;
  return typeof self === "object" && self !== null && "v" in self ? self.v : null;
}

/** Returns the value of a variable before a step: as created, or as last written to by name. */
function valueAt(program: Program, trace: Trace, name: string, end: number): Shown {
  const written = program.findLastIndex((s, step) =>
    step < end && writtenBy(s) === name && "y" in trace.steps[step]!
  );
  return written < 0 ? firstOf(program, trace, name) : shownOf(trace.steps[written]);
}

/** Collects the evidence that needs no further runs. */
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

/** Returns true if a program calls a matching name, as a function or as a module. */
export const calls = (program: Program, names: RegExp): boolean =>
  program.some((_, step) => names.test(calledBy(program, step)));
