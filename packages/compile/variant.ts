/** Groups recorded calls that made the same launches, with their program. */
import type { Device } from "@troodon/core";
import type { CallArguments } from "./call_arguments.ts";
import { placesDiffer } from "./build_program.ts";
import { CapturedProgram } from "./captured_program.ts";
import { differenceOf, sameValues } from "./compare_traces.ts";
import { type Mismatch, surroundingsDiffer } from "./guards.ts";
import { rolesOf } from "./number_roles.ts";
import type { PassOptions } from "./passes/mod.ts";
import { keyOf, type Trace } from "./trace.ts";

/** Number of recordings kept to infer the role of each number. */
const KEPT = 4;

/** Result of offering a recording to a variant. */
export type Admission =
  /** The recording belongs to this variant. */
  | "admitted"
  /** The recording belongs to another variant, as its arguments or numbers differ. */
  | "other"
  /** The recording differs although arguments and numbers are equal; `reason` says how. */
  | { readonly reason: string };

/** Calls that make the same launches but may differ in their numbers and in the memory of their arguments. */
export class Variant implements Disposable {
  /** The program; null until there are two recordings. */
  program: CapturedProgram | null = null;
  readonly #device: Device;
  readonly #passes: PassOptions;
  #traces: Trace[];

  /** Creates a variant with one recording. */
  constructor(device: Device, trace: Trace, passes: PassOptions) {
    this.#device = device;
    this.#passes = passes;
    this.#traces = [trace];
  }

  /** Returns the latest recording. */
  get trace(): Trace {
    return this.#traces.at(-1)!;
  }

  /** Returns the reason why a call cannot belong to this variant; null if it may. */
  excludes(args: CallArguments): Mismatch | null {
    return surroundingsDiffer(this.trace, args);
  }

  /** Adds a recording if it belongs to this variant; {@linkcode excludes} must have returned null for its call. */
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

  /** Frees the memory of the program. */
  [Symbol.dispose](): void {
    this.program?.[Symbol.dispose]();
    this.program = null;
  }
}

/** Returns true if an argument of one call is memory that the other call uses from outside. */
function sharesOther(a: Trace, b: Trace): boolean {
  const uses = ({ fixed }: Trace, { argumentKeys }: Trace): boolean =>
    fixed.some(([storage]) => argumentKeys.some((key) => key.deref() === keyOf(storage)));
  return uses(a, b) || uses(b, a);
}
