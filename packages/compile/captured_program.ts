/** Programs that replay the recorded calls of a function. */
import type { Device, Tensor } from "@troodon/core";
import { copyCall, Storage } from "@troodon/core/kernel";
import { buildProgram, type BuiltProgram } from "./build_program.ts";
import type { CallArguments } from "./call_arguments.ts";
import { ArgumentGuard, type Mismatch, surroundingsDiffer } from "./guards.ts";
import { IndexGuard } from "./index_guard.ts";
import { type ArgumentPlace, resultOf } from "./make_result.ts";
import type { NumberRoles } from "./number_roles.ts";
import type { OptimizedProgram, PassOptions } from "./passes/mod.ts";
import { PreparedProgram } from "./prepared_program.ts";
import { HeldMemory, ProgramMemory } from "./program_memory.ts";
import { ProgramRun, type RunParts } from "./program_run.ts";
import { outside, type Trace } from "./trace.ts";

/** Result of running a program. */
export interface RunResult {
  /** Value that the function would have returned. */
  readonly result: unknown;
  /** Tensors of the result that the next run overwrites. */
  readonly outputs: readonly Tensor[];
  /** False if the run differed from the recording; the program must not be used again then. */
  readonly asRecorded: boolean;
}

/** Program that repeats recorded calls with the same launches. */
export class CapturedProgram implements Disposable {
  /** Recorded call that the runs repeat. */
  readonly trace: Trace;
  /** The program before optimization, with the data that its runs need. */
  readonly built: BuiltProgram;
  readonly #device: Device;
  readonly #guard: ArgumentGuard;
  readonly #indices: IndexGuard;
  readonly #held = new Map<number, HeldMemory>();
  readonly #prepared: PreparedProgram;
  /** Memory for running the unoptimized program; null at all other times. */
  #memory: ProgramMemory | null = null;
  /** Copies of arguments that do not start at the beginning of their memory. */
  readonly #packed = new Map<number, Storage>();
  readonly #gradSlots: readonly number[];
  readonly #parts: RunParts;

  /** Creates the program of `traces`, with its own memory; `roles` are the roles of their numbers. */
  constructor(device: Device, traces: readonly Trace[], roles: NumberRoles, passes: PassOptions) {
    const trace = traces.at(-1)!, built = buildProgram(traces, roles), { program } = built;
    this.trace = trace;
    this.built = built;
    this.#device = device;
    this.#guard = new ArgumentGuard(traces, built, roles);
    this.#indices = new IndexGuard(device, trace, built);
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

  /** The program after the passes. */
  get optimized(): OptimizedProgram {
    return this.#prepared.optimized;
  }

  /** Returns the reason why the program cannot be used for a call; null if it can. */
  mismatch(args: CallArguments): Mismatch | null {
    return surroundingsDiffer(this.trace, args) ??
      (this.#guard.serves(args) && this.#hasGrads(args) ? null : "differs");
  }

  /** Returns false if an index that the call passes is out of range, so that the function itself must run. */
  allowsIndices(args: CallArguments): boolean {
    return this.#indices.allows(args);
  }

  /** Returns true if all gradients used by launches exist. */
  #hasGrads({ tensors }: CallArguments): boolean {
    return this.built.slots.every(({ source }, slot) =>
      source.kind !== "grad" || !this.built.usedOutside.has(slot) ||
      outside(source.leaf, tensors).grad?.isDisposed === false
    );
  }

  /** Runs the program with these arguments. */
  run({ tensors, numbers }: CallArguments): RunResult {
    const { built } = this, values = new Array<number>(built.numberCount).fill(0);
    built.roles.sources.forEach(({ kind, index }, s) => kind === "argument" && (values[s] = numbers[index]!));
    const storages = this.#bind(tensors);
    // Keep old gradients alive: the function may drop them before the launches that use them have run.
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
    for (const [module, training] of this.trace.modes) module.training = training;
    for (const index of this.trace.disposed) tensors[index]!.dispose();
    return { result, outputs, asRecorded: run.asRecorded };
  }

  #ownerOf(slot: number, tensors: readonly Tensor[]): "program" | "outside" | ArgumentPlace {
    const { source } = this.built.slots[slot]!;
    if (source.kind === "own") return "program";
    if (source.kind !== "argument") return "outside";
    const tensor = tensors[source.index]!;
    return { tensor, start: this.built.movable[source.index] ? tensor.offset : 0 };
  }

  /** Storages of the outside slots in a call with `tensors`. */
  #bind(tensors: readonly Tensor[]): (Storage | undefined)[] {
    return this.built.slots.map(({ source, held }, slot) => {
      if (held || source.kind === "own") return undefined;
      if (source.kind === "fixed") return this.trace.slots[slot]!.storage;
      if (source.kind === "argument") return this.#argument(source.index, tensors[source.index]!);
      const { grad } = outside(source.leaf, tensors);
      return grad === null || grad.isDisposed ? undefined : grad.storage;
    });
  }

  /** Storage of an argument; a copy if the argument does not start at the beginning of its storage. */
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

  /** Releases all memory; results and gradients in use keep theirs. */
  [Symbol.dispose](): void {
    this.#prepared[Symbol.dispose]();
    this.#memory?.[Symbol.dispose]();
    this.#memory = null;
    for (const held of this.#held.values()) held[Symbol.dispose]();
    for (const storage of this.#packed.values()) storage.release();
    this.#packed.clear();
  }
}
