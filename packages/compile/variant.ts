/** Recorded calls of a function that did the same, and the program of them. */
import type { Device } from "@troodon/core";
import type { CallArguments } from "./call_arguments.ts";
import { placesDiffer } from "./build_program.ts";
import { CapturedProgram } from "./captured_program.ts";
import { differenceOf, sameValues } from "./compare_traces.ts";
import { type Mismatch, surroundingsDiffer } from "./guards.ts";
import { rolesOf } from "./number_roles.ts";
import type { PassOptions } from "./passes/mod.ts";
import { keyOf, type Trace } from "./trace.ts";

/** Recordings that are kept to tell what numbers are for. */
const KEPT = 4;

/** What became of a recording that a variant was offered. */
export type Admission =
  /** It is of this variant. */
  | "admitted"
  /** It is of another one, for a reason that was seen before the call. */
  | "other"
  /** It differs though nothing said so before the call: the reason. */
  | { readonly reason: string };

/** Calls that make the same launches, whatever their numbers and the places of their arguments. */
export class Variant implements Disposable {
  /** The program; null before there are two recordings. */
  program: CapturedProgram | null = null;
  readonly #device: Device;
  readonly #passes: PassOptions;
  #traces: Trace[];

  /** A variant that begins with one recording. */
  constructor(device: Device, trace: Trace, passes: PassOptions) {
    this.#device = device;
    this.#passes = passes;
    this.#traces = [trace];
  }

  /** The latest recording. */
  get trace(): Trace {
    return this.#traces.at(-1)!;
  }

  /** Why a call is surely not of this variant; null if it may be. */
  excludes(args: CallArguments): Mismatch | null {
    return surroundingsDiffer(this.trace, args);
  }

  /** Takes in a recording, if it is of this variant, which the call was not excluded from. */
  admit(trace: Trace): Admission {
    if (placesDiffer(this.trace, trace)) return "other";
    const difference = differenceOf(this.trace, trace);
    if (difference !== null) {
      return sharesOther(this.trace, trace) || !sameValues(this.trace.numbers, trace.numbers)
        ? "other"
        : { reason: difference };
    }
    const traces = [...this.#traces, trace].slice(-KEPT), roles = rolesOf(traces);
    if (typeof roles === "string") return { reason: roles };
    this.program?.[Symbol.dispose]();
    this.program = null;
    this.#traces = traces;
    this.program = new CapturedProgram(this.#device, traces, roles, this.#passes);
    return "admitted";
  }

  /** Gives the memory of the program back. */
  [Symbol.dispose](): void {
    this.program?.[Symbol.dispose]();
    this.program = null;
  }
}

/** Whether an argument of one call is memory that the other one uses from outside. */
function sharesOther(a: Trace, b: Trace): boolean {
  const uses = ({ fixed }: Trace, { argumentKeys }: Trace): boolean =>
    fixed.some(([storage]) => argumentKeys.some((key) => key.deref() === keyOf(storage)));
  return uses(a, b) || uses(b, a);
}
