/** Scalar functions that want more than their compute type: in float64, or on the host. */
import type { ComputeType, Program, ScalarFunction } from "@troodon/core";
import { lower } from "@troodon/core/kernel";
import type { Machine, Value } from "./machine.ts";
import { LONG_FUNCTIONS } from "./long.ts";
import { floorDiv, fmod, hypot, pow, remainder } from "./power.ts";

type Own = (t: Machine, a: Value, b: Value) => Value;

const OWN: Readonly<Record<ComputeType, Readonly<Partial<Record<ScalarFunction, Own>>>>> = {
  float32: { pow, hypot, fmod, remainder, floorDiv },
  float64: {},
  int32: {
    div: (t, a, b) => intQuotient(t, "trunc", a, b),
    floorDiv: (t, a, b) => intQuotient(t, "floor", a, b),
    fmod: (t, a, b) => intRest(t, "trunc", a, b),
    remainder: (t, a, b) => intRest(t, "floor", a, b),
  },
  int64: {},
};

/** Those of them that leave no argument to the host. */
const EXACT: Readonly<Record<ComputeType, ReadonlySet<ScalarFunction>>> = {
  float32: new Set<ScalarFunction>(["pow", "hypot"]),
  float64: new Set(),
  int32: new Set<ScalarFunction>(["div", "floorDiv", "fmod", "remainder"]),
  int64: LONG_FUNCTIONS,
};

/** The functions of a program that kernels may call on the host. */
export function hostFunctions(program: Program, compute: ComputeType): ScalarFunction[] {
  return lower.askedFunctions(program, compute).filter((fn) => !EXACT[compute].has(fn));
}

/** `fn` on a machine of this backend. */
export function own(t: Machine, fn: ScalarFunction, args: readonly Value[]): Value {
  const found = OWN[t.compute][fn];
  return found ? found(t, args[0]!, args[1]!) : t.host(fn, args);
}

/**
 * Quotients of int32 in float64, where they round to the right side of every
 * integer. The low words of an infinity and of 0 / 0 are 0, so dividing by 0 gives 0.
 */
function intQuotient(t: Machine, whole: "floor" | "trunc", a: Value, b: Value): Value {
  const half = (widen: "intWidenLow" | "intWidenHigh"): Value =>
    t.wide.emit(whole, t.wide.emit("div", t.emit(widen, a), t.emit(widen, b)));
  return t.emit("intNarrow", half("intWidenLow"), half("intWidenHigh"));
}

function intRest(t: Machine, whole: "floor" | "trunc", a: Value, b: Value): Value {
  const rest = t.emit("sub", a, t.emit("mul", intQuotient(t, whole, a, b), b));
  return t.emit("select", t.emit("equal", b, t.word(0)), t.word(0), rest);
}
