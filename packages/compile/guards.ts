/** Checks that decide if a recorded program may be used for a call. */
import type { Tensor } from "@troodon/core";
import { recordedBy } from "@troodon/core/kernel";
import type { BuiltProgram } from "./build_program.ts";
import type { CallArguments } from "./call_arguments.ts";
import { sameValues } from "./compare_traces.ts";
import type { NumberRoles } from "./number_roles.ts";
import { CHANGED, isAsWas, ownForward } from "./module_fields.ts";
import { keyOf, outside, type Trace, type TraceLeaf } from "./trace.ts";

/** Reason why a program cannot be used: "gone" for ever, or "differs" for this call. */
export type Mismatch = "gone" | "differs";

/**
 * Returns null if modules, leaves and outside memory are unchanged since `trace` was recorded, or else the mismatch.
 */
export function surroundingsDiffer(trace: Trace, { tensors }: CallArguments): Mismatch | null {
  for (const [storage, changes] of trace.fixed) {
    if (storage.references === 0 || storage.handleChanges !== changes) return "gone";
  }
  for (const [storage, , leafState] of trace.fixed) if (storage.leafState !== leafState) return "differs";
  for (const { module, fields, forward } of trace.modules) {
    const now = module as Record<string, unknown>;
    for (let i = 0; i < fields.length; i++) {
      if (!isAsWas(fields[i]![1], now[fields[i]![0]])) return "differs";
    }
    if (forward !== CHANGED && ownForward(module) !== forward) return "differs";
  }
  for (const leaf of trace.leaves) if (!isAsBefore(leaf, tensors)) return "differs";
  for (const event of trace.events) {
    if (event.kind === "section" && event.size !== null && event.size.now() !== event.size.recorded) {
      return "differs";
    }
    if (event.kind !== "grad" || event.place === null) continue;
    const { grad } = outside(event.leaf, tensors), { flat, index } = event.place;
    const holds = grad !== null && !grad.isDisposed && grad.storage.lease !== null &&
      grad.storage.references === 1 &&
      grad.storage.start === event.place.start && grad.buffer === event.place.buffer;
    if (!holds && flat.isTaken(index)) return "differs";
  }
  return null;
}

function isAsBefore({ leaf: of, hadGrad, entry, hooks }: TraceLeaf, tensors: readonly Tensor[]): boolean {
  const leaf = outside(of, tensors);
  if (leaf.isDisposed || (leaf.node?.hookCount ?? 0) !== hooks) return false;
  if (hadGrad === null) return true;
  const { grad } = leaf;
  if (!hadGrad || entry === null) return grad === null;
  if (grad === null || grad.isDisposed) return false;
  const { storage, shape, strides, offset, dtype, node } = grad;
  if (storage.lease !== null || entry.storage.lease !== null) {
    if (keyOf(storage) !== entry.key) return false;
  }
  return node === null && dtype === entry.dtype && offset === entry.offset &&
    sameValues(shape, entry.shape) &&
    sameValues(strides, entry.strides);
}

/** Checks the arguments and numbers of a call against the variations that a program allows. */
export class ArgumentGuard {
  readonly #trace: Trace;
  readonly #built: BuiltProgram;
  readonly #roles: NumberRoles;
  /**
   * True for arguments whose memory differed between recordings, which proves that no other tensor shares their slot.
   */
  readonly #varied: readonly boolean[];
  readonly #fixed: ReadonlySet<object>;

  /** Creates the guard of a program recorded as `traces`. */
  constructor(traces: readonly Trace[], built: BuiltProgram, roles: NumberRoles) {
    const trace = traces.at(-1)!;
    this.#trace = trace;
    this.#built = built;
    this.#roles = roles;
    this.#varied = trace.argumentSlots.map((_, i) =>
      traces.some(({ argumentKeys }) => argumentKeys[i]!.deref() !== trace.argumentKeys[i]!.deref())
    );
    this.#fixed = new Set(trace.fixed.map(([storage]) => keyOf(storage)));
  }

  /** Returns true if the program can be used with these arguments. */
  serves({ tensors, numbers }: CallArguments): boolean {
    const { argumentSlots, argumentKeys, argumentOffsets } = this.#trace;
    for (let i = 0; i < tensors.length; i++) {
      const { storage, offset } = tensors[i]!, key = keyOf(storage), slot = argumentSlots[i]!;
      const same = argumentKeys[i]!.deref() === key;
      if (same && offset === argumentOffsets[i]) continue;
      if (!this.#built.movable[i] && offset !== argumentOffsets[i] && slot !== null) return false;
      if (!same && (!this.#varied[i] || this.#fixed.has(key) || (storage.lease !== null && slot === null))) {
        return false;
      }
      if (!same && slot !== null && storage.lease !== null && !this.#built.movable[i]) return false;
    }
    const { unvaried, twins } = this.#roles;
    for (let s = 0; s < unvaried.length; s++) {
      if (unvaried[s] !== undefined && !Object.is(this.#number(s, numbers), unvaried[s])) return false;
    }
    return twins.every(([one, other]) => Object.is(this.#number(one, numbers), this.#number(other, numbers)));
  }

  /** Current value of a number source. */
  #number(source: number, numbers: readonly number[]): number {
    const { kind, index } = this.#roles.sources[source]!;
    if (kind === "argument") return numbers[index]!;
    const event = this.#trace.events[index]!;
    return event.kind === "number" ? recordedBy(null, event.get) : NaN;
  }
}
