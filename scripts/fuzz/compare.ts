/** Compares the outcomes of a program in Troodon and in PyTorch. */
import { decodeFloats, decodeIntegers } from "./base64.ts";
import { isFloat } from "./numbers.ts";
import {
  firstOf,
  isShownTensor,
  namesOf,
  type Outcome,
  type Program,
  type Shown,
  type ShownTensor,
  type Trace,
} from "./program.ts";

/** Outcomes of a program in PyTorch: as is, and with float64 in place of its floating dtypes. */
export interface TorchTrace {
  readonly run: Trace;
  readonly wide: Trace;
  /** Outcomes with copies of changed values, if `run` was refused because of in-place changes. */
  readonly copied?: Trace;
}

/** Aspect in which two outcomes differ. */
export type Aspect =
  | "refused here"
  | "refused there"
  | "shape"
  | "dtype"
  | "value"
  | "requiresGrad"
  | "kind"
  | "raw error";

/** First difference of a program. */
export interface Difference {
  readonly aspect: Aspect;
  /** Index of the statement, or the number of statements if the final state differs. */
  readonly step: number;
  /** Name of the called function, or the part of the final state that differs. */
  readonly of: string;
  readonly detail: string;
  readonly here: Outcome;
  readonly there: Outcome;
  /** True if found while PyTorch keeps copies of changed values; without them, it refuses the program. */
  readonly copied?: true;
}

/** Relative rounding error expected of one or a few operations. */
const EPSILON: Readonly<Record<string, number>> = {
  float64: 2 ** -26,
  float32: 2 ** -18,
  float16: 2 ** -9,
  bfloat16: 2 ** -6,
};

/** Allowed error, as a multiple of PyTorch's own rounding error. */
const ROUNDING = 16;

/** Matches a refusal in this library's wording. */
const HOUSE = /^\w+Error: Cannot (?!read properties|convert undefined|destructure)/;

/** Returns the name that a statement calls, or the kind of statement. */
export function calledBy(program: Program, step: number): string {
  const statement = program[step];
  if (statement === undefined) return "end";
  if ("call" in statement) return statement.call;
  if ("layer" in statement) return `nn.${statement.layer}`;
  return "make" in statement ? "make" : "back" in statement ? "backward" : "grad";
}

/** Returns the first difference, or null. */
export function compare(program: Program, here: Trace, there: TorchTrace): Difference | null {
  const { copied, ...plain } = there;
  if (copied === undefined) return compareTraces(program, here, plain);
  // Compares values with the run that keeps copies; a refusal without them is reported only if these agree.
  const found = compareTraces(program, here, { ...plain, run: copied });
  return found === null ? compareTraces(program, here, plain) : { ...found, copied: true };
}

function compareTraces(program: Program, here: Trace, { run, wide }: TorchTrace): Difference | null {
  const loose = looseNames(program), single = JSON.stringify(here.steps).includes('"float32"');
  for (const [step, statement] of program.entries()) {
    const ours = here.steps[step]!, theirs = run.steps[step]!, of = calledBy(program, step);
    const found = (aspect: Aspect, detail: string): Difference => ({
      aspect,
      step,
      of,
      detail,
      here: ours,
      there: theirs,
    });
    if ("e" in ours) {
      if ("y" in theirs) return found("refused here", ours.e);
      if (!HOUSE.test(ours.e)) return found("raw error", ours.e);
      continue;
    }
    if ("e" in theirs) return found("refused there", theirs.e);
    const exact = wide.steps[step];
    const only = "only" in statement ? statement.only : undefined;
    const precise = exact !== undefined && "y" in exact ? partOf(exact.y, only) : undefined;
    const difference = compareShown(partOf(ours.y, only), partOf(theirs.y, only), precise, {
      loose: "loose" in statement && statement.loose === true,
      single,
      constant: "grads" in statement,
    });
    if (difference !== null) return found(...difference);
  }
  const keys = new Set([...Object.keys(here.end), ...Object.keys(run.end)]);
  for (const key of keys) {
    const [owner] = key.split("."), of = program.findIndex((s) => namesOf(s).includes(owner!));
    if (loose.has(owner!)) continue;
    // If PyTorch returns the same tensor, Troodon may return another one that shares its elements.
    if (key === `${owner}.grad` && !("make" in program[of]!)) continue;
    // A missing entry has not changed since its creation.
    const last = (trace: Trace) =>
      trace.end[key] ?? (key === owner ? firstOf(program, trace, key) : undefined);
    const mine = last(here), other = last(run);
    // A missing gradient equals a zero gradient: PyTorch returns zeros for piecewise constant functions.
    const grad = key.endsWith(".grad"), missing: Shown = { what: "unchanged" };
    if (grad && isFlat(mine ?? null) && isFlat(other ?? null)) continue;
    const difference = compareShown(mine ?? missing, other ?? missing, last(wide), {
      loose: false,
      single,
      constant: true,
    });
    if (difference !== null) {
      return {
        aspect: difference[0],
        step: program.length,
        of: key.endsWith(".grad") ? "grad" : `end of ${calledBy(program, of)}`,
        detail: `${key}: ${difference[1]}`,
        here: { y: mine ?? missing },
        there: { y: other ?? missing },
      };
    }
  }
  return null;
}

/** Returns the variables whose values are random. */
function looseNames(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of program) {
    if (!("call" in statement) || statement.loose !== true) continue;
    namesOf(statement).forEach((name) => names.add(name));
    if (!statement.call.endsWith("_")) continue;
    const [self] = statement.args;
    if (typeof self === "object" && self !== null && "v" in self) names.add(self.v);
  }
  return names;
}

/** Options of a comparison. */
interface Comparing {
  /** If true, values are random and are not compared. */
  readonly loose: boolean;
  /** If true, the program contains float32, so float64 results are compared to float32 precision. */
  readonly single: boolean;
  /** If true, ignores `requiresGrad`, and treats a missing gradient and zeros as equal. */
  readonly constant: boolean;
}

/** Returns one of several results, or all of them. */
const partOf = (shown: Shown, only: number | undefined): Shown =>
  only === undefined || !(shown instanceof Array) ? shown : shown[only] as Shown ?? null;

/** Returns true if a shown value is null or a tensor of zeros. */
function isFlat(shown: Shown): boolean {
  if (shown === null) return true;
  return isShownTensor(shown) && isFloat(shown.d) && decodeFloats(shown.b).every((x) => x === 0);
}

type Found = readonly [Aspect, string] | null;

/** Returns the difference between two values; `exact` is PyTorch's value in float64. */
export function compareShown(
  ours: Shown,
  theirs: Shown,
  exact: Shown | undefined,
  how: Comparing,
): Found {
  const { loose, constant } = how;
  if (constant && isFlat(ours) && isFlat(theirs)) return null;
  if (isShownTensor(ours) && isShownTensor(theirs)) {
    return compareTensors(ours, theirs, isShownTensor(exact) ? exact : undefined, how);
  }
  if (ours instanceof Array && theirs instanceof Array) {
    if (ours.length !== theirs.length) return ["kind", `${ours.length} results, ${theirs.length} there`];
    for (const [i, one] of ours.entries()) {
      const precise = exact instanceof Array ? exact[i] : undefined;
      const found = compareShown(one as Shown, theirs[i] as Shown, precise as Shown | undefined, how);
      if (found !== null) return [found[0], `result ${i}: ${found[1]}`];
    }
    return null;
  }
  if (typeof ours === "number" && typeof theirs === "number") {
    const margin = typeof exact === "number" ? ROUNDING * Math.abs(theirs - exact) : 0;
    const off = Math.abs(ours - theirs);
    return loose || off <= 1e-5 * Math.max(1, Math.abs(theirs)) + margin
      ? null
      : ["value", `${ours}, ${theirs} there`];
  }
  if (isNames(ours) && isNames(theirs)) {
    const mine = JSON.stringify(ours.names);
    const other = JSON.stringify(theirs.names);
    return mine === other ? null : ["kind", `${mine}, ${other} there`];
  }
  const mine = JSON.stringify(ours), other = JSON.stringify(theirs);
  return loose || mine === other ? null : ["kind", `${short(mine)}, ${short(other)} there`];
}

const short = (text: string): string => text.length > 120 ? `${text.slice(0, 117)}...` : text;

const isNames = (x: Shown): x is Extract<Shown, { names: unknown }> =>
  typeof x === "object" && x !== null && "names" in x;

function compareTensors(
  ours: ShownTensor,
  theirs: ShownTensor,
  exact: ShownTensor | undefined,
  { loose, single, constant }: Comparing,
): Found {
  if (String(ours.s) !== String(theirs.s)) return ["shape", `[${ours.s}], [${theirs.s}] there`];
  if (ours.d !== theirs.d) return ["dtype", `${ours.d}, ${theirs.d} there`];
  if (!loose && ours.b !== theirs.b) {
    const found = isFloat(ours.d)
      ? compareFloats(ours, theirs, exact, single)
      : compareIntegers(ours, theirs, exact);
    if (found !== null) return ["value", found];
  }
  return constant || ours.r === theirs.r
    ? null
    : ["requiresGrad", `${ours.r === 1}, ${theirs.r === 1} there`];
}

function compareFloats(
  ours: ShownTensor,
  theirs: ShownTensor,
  exact: ShownTensor | undefined,
  single: boolean,
): string | null {
  const mine = decodeFloats(ours.b), other = decodeFloats(theirs.b);
  const precise = exact !== undefined && String(exact.s) === String(theirs.s) && isFloat(exact.d)
    ? decodeFloats(exact.b)
    : undefined;
  const epsilon = EPSILON[ours.d === "float64" && single ? "float32" : ours.d]!;
  // Rounding spreads over a result: the largest error of any element is allowed for all of them.
  let rounding = 0, largest = 0;
  other.forEach((x, i) => {
    const off = precise === undefined ? 0 : Math.abs(x - precise[i]!);
    if (Number.isFinite(off)) rounding = Math.max(rounding, off);
    if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
  });
  for (const [i, x] of mine.entries()) {
    const y = other[i]!, wanted = precise?.[i];
    if (Object.is(x, y) || x === y) continue;
    if (Number.isFinite(x) && Number.isFinite(y)) {
      const allowed = epsilon * Math.max(1, Math.abs(y)) + epsilon * largest / 8 + ROUNDING * rounding;
      if (Math.abs(x - y) <= allowed) continue;
      // PyTorch's result may be on another side of a step than its own float64 result.
      if (wanted !== undefined && Math.abs(x - wanted) <= epsilon * Math.max(1, Math.abs(wanted))) continue;
    } else if (wanted !== undefined && !Object.is(y, wanted)) {
      // Overflow, or NaN by rounding: accepts the float64 value as well as PyTorch's value.
      if (Object.is(x, wanted) || Math.abs(x - wanted) <= epsilon * Math.max(1, Math.abs(wanted))) continue;
    }
    return `element ${i} is ${x}, ${y} there${wanted === undefined ? "" : `, ${wanted} in float64`}`;
  }
  return null;
}

function compareIntegers(
  ours: ShownTensor,
  theirs: ShownTensor,
  exact: ShownTensor | undefined,
): string | null {
  const mine = decodeIntegers(ours.b), other = decodeIntegers(theirs.b);
  const precise = exact !== undefined && String(exact.s) === String(theirs.s) && exact.d === theirs.d
    ? decodeIntegers(exact.b)
    : undefined;
  for (const [i, x] of mine.entries()) {
    const y = other[i]!;
    if (x === y || (precise !== undefined && precise[i] !== y)) continue;
    return `element ${i} is ${x}, ${y} there`;
  }
  return null;
}
