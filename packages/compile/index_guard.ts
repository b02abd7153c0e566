/** Checks indices before a program runs. */
import { type Device, Tensor } from "@troodon/core";
import type { LaunchProgram, ProgramView } from "@troodon/core/kernel";
import type { BuiltProgram } from "./build_program.ts";
import type { CallArguments } from "./call_arguments.ts";
import type { Trace } from "./trace.ts";

/** Indices that a call passes to a gather or scatter, and the size of the axis that they refer to. */
interface Indices {
  readonly view: ProgramView;
  readonly extent: number;
}

/**
 * Finds indices out of range in arguments and other tensors from outside. Such a call is not replayed: the function
 * itself runs, so that its error and all that it leaves behind are those of an uncompiled call.
 */
export class IndexGuard {
  readonly #device: Device;
  readonly #trace: Trace;
  readonly #built: BuiltProgram;
  readonly #indices: readonly Indices[];

  /** Creates the guard of a program; it checks nothing on devices that report such errors only later. */
  constructor(device: Device, trace: Trace, built: BuiltProgram) {
    this.#device = device;
    this.#trace = trace;
    this.#built = built;
    this.#indices = device.canReadSync ? givenIndices(built.program) : [];
  }

  /** Returns true if all indices of a call are in range. */
  allows({ tensors }: CallArguments): boolean {
    return this.#indices.every(({ view, extent }) => {
      using index = this.#tensorOf(view, tensors);
      for (const value of index.dataSync()) if (value < 0 || value >= extent) return false;
      return true;
    });
  }

  #tensorOf({ slot, dtype, shape, strides, offset }: ProgramView, tensors: readonly Tensor[]): Tensor {
    const { source } = this.#built.slots[slot]!;
    const argument = source.kind === "argument" ? tensors[source.index]! : null;
    const { storage } = argument ?? this.#trace.slots[slot]!;
    const isMoved = source.kind === "argument" && this.#built.movable[source.index];
    // Repeated elements are read once.
    const once = shape.map((extent, i) => strides[i] === 0 ? Math.min(extent, 1) : extent);
    const layout = { shape: once, strides, offset: offset + (isMoved ? argument!.offset : 0) };
    return new Tensor(this.#device, storage.retain(), layout, dtype, null, null);
  }
}

/** Indices that `program` reads from memory from outside, which it does not change. */
function givenIndices({ slots, launches }: LaunchProgram): Indices[] {
  const written = new Set(launches.flatMap(({ outputs }) => outputs.map(({ slot }) => slot)));
  return launches.flatMap(({ call, inputs, outputs }) => {
    if (call.kernel !== "gather" && call.kernel !== "scatter") return [];
    const [view, of] = call.kernel === "gather" ? [inputs[1]!, inputs[0]!] : [inputs[0]!, outputs[0]!];
    return slots[view.slot]!.kind === "given" && !written.has(view.slot)
      ? [{ view, extent: of.shape[call.axis]! }]
      : [];
  });
}
