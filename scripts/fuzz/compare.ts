/** Compares what became of a program here and in PyTorch. */
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

/** What PyTorch makes of a program: as it is, and with float64 in place of its floating types. */
export interface TorchTrace {
  readonly run: Trace;
  readonly wide: Trace;
  /** As it is, where changed values are copied before, if it was refused because of these. */
  readonly copied?: Trace;
}

/** How two outcomes differ. */
export type Aspect =
  | "refused here"
  | "refused there"
  | "shape"
  | "dtype"
  | "value"
  | "requiresGrad"
  | "kind"
  | "raw error";

/** The first difference of a program. */
export interface Difference {
  readonly aspect: Aspect;
  /** The statement, or the number of statements for what is found at the end. */
  readonly step: number;
  /** What differs: the name called, or what is read at the end. */
  readonly of: string;
  readonly detail: string;
  readonly here: Outcome;
  readonly there: Outcome;
  /** Found where PyTorch keeps copies of what is changed, which it refuses otherwise. */
  readonly copied?: true;
}

/** Relative rounding that is expected of one operation, and of a few of them. */
const EPSILON: Readonly<Record<string, number>> = {
  float64: 2 ** -26,
  float32: 2 ** -18,
  float16: 2 ** -9,
  bfloat16: 2 ** -6,
};

/** How many times the rounding of PyTorch itself results may be off. */
const ROUNDING = 16;

/** A refusal as this library words it. */
const HOUSE = /^\w+Error: Cannot (?!read properties|convert undefined|destructure)/;

/** The name that a statement calls, or what else it does. */
export function calledBy(program: Program, step: number): string {
  const statement = program[step];
  if (statement === undefined) return "end";
  if ("call" in statement) return statement.call;
  if ("layer" in statement) return `nn.${statement.layer}`;
  return "make" in statement ? "make" : "back" in statement ? "backward" : "grad";
}

/** The first difference, or null. */
export function compare(program: Program, here: Trace, there: TorchTrace): Difference | null {
  const { copied, ...plain } = there;
  if (copied === undefined) return compareTraces(program, here, plain);
  // Values are compared where PyTorch keeps what it needs; that it refuses without that is the least of differences.
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
    // What is a tensor itself there may be another one here, which shares its elements alone.
    if (key === `${owner}.grad` && !("make" in program[of]!)) continue;
    // What is not there has not changed since it was made.
    const last = (trace: Trace) =>
      trace.end[key] ?? (key === owner ? firstOf(program, trace, key) : undefined);
    const mine = last(here), other = last(run);
    // A leaf without a gradient is one whose gradient is zero: PyTorch leaves zeros behind what is flat.
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

/** Variables whose values are random. */
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

/** How results are compared. */
interface Comparing {
  /** Values are random. */
  readonly loose: boolean;
  /** Something in the program is float32: so exact is what is float64. */
  readonly single: boolean;
  /** Whether a gradient could change is not compared, nor whether one that is zero is there. */
  readonly constant: boolean;
}

/** One of several results, or all that there are. */
const partOf = (shown: Shown, only: number | undefined): Shown =>
  only === undefined || !(shown instanceof Array) ? shown : shown[only] as Shown ?? null;

/** Whether a shown value is nothing, or a tensor of zeros. */
function isFlat(shown: Shown): boolean {
  if (shown === null) return true;
  return isShownTensor(shown) && isFloat(shown.d) && decodeFloats(shown.b).every((x) => x === 0);
}

type Found = readonly [Aspect, string] | null;

/** How two values differ; `exact` is PyTorch's in float64. */
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
  // Rounding spreads over the elements of a result: what the worst of them is off is allowed to all.
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
      // PyTorch itself is on another side of a step than its own float64.
      if (wanted !== undefined && Math.abs(x - wanted) <= epsilon * Math.max(1, Math.abs(wanted))) continue;
    } else if (wanted !== undefined && !Object.is(y, wanted)) {
      // Overflow, or NaN by rounding: right is what float64 says, or what PyTorch says.
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
