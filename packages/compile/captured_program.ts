/** A function's call as a program that runs again and again. */
import type { Device, Tensor } from "@troodon/core";
import { copyCall, Storage } from "@troodon/core/kernel";
import { buildProgram, type BuiltProgram } from "./build_program.ts";
import type { CallArguments } from "./call_arguments.ts";
import { ArgumentGuard, type Mismatch, surroundingsDiffer } from "./guards.ts";
import { type ArgumentPlace, resultOf } from "./make_result.ts";
import type { NumberRoles } from "./number_roles.ts";
import type { OptimizedProgram, PassOptions } from "./passes/mod.ts";
import { PreparedProgram } from "./prepared_program.ts";
import { HeldMemory, ProgramMemory } from "./program_memory.ts";
import { ProgramRun, type RunParts } from "./program_run.ts";
import { outside, type Trace } from "./trace.ts";

/** What a run of a program gave. */
export interface RunResult {
  /** What the function would have returned. */
  readonly result: unknown;
  /** The tensors in it that are overwritten by the next run. */
  readonly outputs: readonly Tensor[];
  /** Whether all was as it was recorded; if not, the program must not be used any more. */
  readonly asRecorded: boolean;
}

/** The program of calls that were recorded and did the same. */
export class CapturedProgram implements Disposable {
  /** The recorded call that runs go by. */
  readonly trace: Trace;
  /** The program, and what is around it. */
  readonly built: BuiltProgram;
  readonly #device: Device;
  readonly #guard: ArgumentGuard;
  readonly #held = new Map<number, HeldMemory>();
  readonly #prepared: PreparedProgram;
  /** Memory to run the program as it was recorded; null unless that is happening. */
  #memory: ProgramMemory | null = null;
  /** Copies of arguments that do not begin where their memory does. */
  readonly #packed = new Map<number, Storage>();
  readonly #gradSlots: readonly number[];
  readonly #parts: RunParts;

  /** The program of `traces`, whose numbers have `roles`, with memory of its own. */
  constructor(device: Device, traces: readonly Trace[], roles: NumberRoles, passes: PassOptions) {
    const trace = traces.at(-1)!, built = buildProgram(traces, roles), { program } = built;
    this.trace = trace;
    this.built = built;
    this.#device = device;
    this.#guard = new ArgumentGuard(traces, built, roles);
    built.slots.forEach(({ held }, slot) => {
      if (held) this.#held.set(slot, new HeldMemory(device, program.slots[slot]!.bytes));
    });
    this.#prepared = new PreparedProgram(device, program, passes);
    this.#gradSlots = built.slots.flatMap(({ source }, slot) => source.kind === "grad" ? [slot] : []);
    this.#parts = {
      device,
      trace,
      built,
      ownOf: (slot) => (this.#memory ??= new ProgramMemory(device, program)).storages[slot]!,
      heldOf: (slot) => this.#held.get(slot)!.next(),
      runAll: (run) => this.#prepared.run((slot) => run.given(slot).buffer, run),
    };
  }

  /** What the passes made of the program. */
  get optimized(): OptimizedProgram {
    return this.#prepared.optimized;
  }

  /** Why the program cannot serve a call; null if it can. */
  mismatch(args: CallArguments): Mismatch | null {
    return surroundingsDiffer(this.trace, args) ??
      (this.#guard.serves(args) && this.#hasGrads(args) ? null : "differs");
  }

  /** Whether gradients that launches use are there. */
  #hasGrads({ tensors }: CallArguments): boolean {
    return this.built.slots.every(({ source }, slot) =>
      source.kind !== "grad" || !this.built.usedOutside.has(slot) ||
      outside(source.leaf, tensors).grad?.isDisposed === false
    );
  }

  /** Does what the function would do with these arguments. */
  run({ tensors, numbers }: CallArguments): RunResult {
    const { built } = this, values = new Array<number>(built.numberCount).fill(0);
    built.roles.sources.forEach(({ kind, index }, s) => kind === "argument" && (values[s] = numbers[index]!));
    const storages = this.#bind(tensors);
    // Of gradients from before: what forgets them is run before the launches that use them.
    const grads = this.#gradSlots.flatMap((slot) => storages[slot]?.retain() ?? []);
    const run = new ProgramRun(this.#parts, tensors, values, storages, this.#device.isHeard);
    try {
      run.run();
    } finally {
      for (const storage of grads) storage.release();
      this.#memory?.[Symbol.dispose]();
      this.#memory = null;
    }
    const outputs: Tensor[] = [];
    const result = resultOf(built.result, {
      device: this.#device,
      tensors,
      outputs,
      storageOf: (slot) => run.given(slot),
      ownerOf: (slot) => this.#ownerOf(slot, tensors),
    });
    return { result, outputs, asRecorded: run.asRecorded };
  }

  #ownerOf(slot: number, tensors: readonly Tensor[]): "program" | "outside" | ArgumentPlace {
    const { source } = this.built.slots[slot]!;
    if (source.kind === "own") return "program";
    if (source.kind !== "argument") return "outside";
    const tensor = tensors[source.index]!;
    return { tensor, start: this.built.movable[source.index] ? tensor.offset : 0 };
  }

  /** The storages of slots from outside in a call with `tensors`. */
  #bind(tensors: readonly Tensor[]): (Storage | undefined)[] {
    return this.built.slots.map(({ source, held }, slot) => {
      if (held || source.kind === "own") return undefined;
      if (source.kind === "fixed") return this.trace.slots[slot]!.storage;
      if (source.kind === "argument") return this.#argument(source.index, tensors[source.index]!);
      const { grad } = outside(source.leaf, tensors);
      return grad === null || grad.isDisposed ? undefined : grad.storage;
    });
  }

  /** The storage of an argument: a copy where it does not begin with the argument. */
  #argument(index: number, tensor: Tensor): Storage {
    const { storage, shape, strides, dtype } = tensor;
    if (!this.built.movable[index] || (tensor.offset === 0 && storage.lease === null)) return storage;
    let packed = this.#packed.get(index);
    if (packed === undefined) {
      const slot = this.trace.argumentSlots[index]!;
      this.#packed.set(index, packed = new Storage(this.#device, this.built.program.slots[slot]!.bytes));
    }
    const { buffer } = packed;
    this.#device.launch(copyCall(tensor), [tensor], [{
      buffer,
      storage: packed,
      dtype,
      shape,
      strides,
      offset: 0,
    }]);
    return packed;
  }

  /** Gives all memory back but what somebody has. */
  [Symbol.dispose](): void {
    this.#prepared[Symbol.dispose]();
    this.#memory?.[Symbol.dispose]();
    this.#memory = null;
    for (const held of this.#held.values()) held[Symbol.dispose]();
    for (const storage of this.#packed.values()) storage.release();
    this.#packed.clear();
  }
}
