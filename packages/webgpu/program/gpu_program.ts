/** Kernel programs prepared to run many times on a GPU. */
import type { RandomState } from "@troodon/core";
import type { LaunchProgram, LiveValue, ProgramValues, RunnableProgram } from "@troodon/core/kernel";
import type { Bindings } from "../device/bindings.ts";
import type { GpuMemory } from "../device/gpu_memory.ts";
import type { Pipelines } from "../device/pipelines.ts";
import type { BufferPool, GpuBuffer } from "../device/pool.ts";
import type { Spoiled } from "../device/spoiled.ts";
import type { BoundDispatch, CommandStream, Shader } from "../device/stream.ts";
import type { GpuView } from "../operands.ts";
import type { Launcher } from "../plan/launcher.ts";
import { type LiveNumbers, prepare, type PreparedLaunch, type UnboundDispatch } from "./prepare.ts";

/** Parts of a backend that a {@linkcode GpuProgram} uses. */
export interface GpuProgramParts {
  readonly queue: GPUQueue;
  readonly memory: GpuMemory;
  readonly pool: BufferPool;
  readonly bindings: Bindings;
  readonly pipelines: Pipelines;
  readonly stream: CommandStream;
  readonly launcher: Launcher;
  readonly spoiled: Spoiled;
  /** Buffer in which shaders report indices out of range. */
  readonly status: GpuBuffer;
  /** Throws if the backend is disposed of or its device is lost. */
  readonly check: () => void;
}

/** Program planned for the buffers of a run. */
interface Prepared {
  readonly launches: readonly PreparedLaunch[];
  readonly dispatches: readonly BoundDispatch[];
  readonly live: readonly LiveNumbers[];
  readonly reports: boolean;
  /** Status buffer, followed by the slots and temporary buffers. */
  readonly buffers: GpuBuffer[];
  /** Numbers of all dispatches that are equal in every run. */
  readonly numbers: GpuBuffer | null;
  /** Indices of the dispatches that use each slot. */
  readonly users: readonly (readonly number[])[];
  /** True if several slots share a buffer, which the plans depend on. */
  readonly shares: boolean;
  /** Index of each buffer that views were planned for. */
  readonly places: ReadonlyMap<GpuBuffer, number>;
  readonly shaders: readonly Shader[];
  readonly scratch: readonly GpuBuffer[];
}

/**
 * Plans all launches of a program in its first run and keeps their shaders, numbers and bind groups. Later runs rebind
 * the buffers that changed and record the dispatches.
 */
export class GpuProgram implements RunnableProgram<GpuBuffer> {
  readonly #parts: GpuProgramParts;
  readonly #program: LaunchProgram;
  /** Launches that cannot share a dispatch with the next launch, as their numbers differed in a run. */
  readonly #apart = new Set<number>();
  #prepared: Prepared | null = null;
  #disposed = false;

  /** Creates a program that runs with `parts`. */
  constructor(parts: GpuProgramParts, program: LaunchProgram) {
    this.#parts = parts;
    this.#program = program;
  }

  /** See {@linkcode RunnableProgram}. */
  run({ buffers, numbers, randoms }: ProgramValues<GpuBuffer>): void {
    const { launcher, stream, spoiled, check } = this.#parts;
    check();
    if (this.#disposed) throw new TypeError("Cannot run a program as it must not be disposed of");
    let prepared = this.#current(buffers);
    while (!this.#set(prepared, numbers, randoms)) prepared = this.#prepareAgain(buffers);
    const { dispatches, reports } = prepared;
    if (reports) launcher.suspicious = true;
    if (spoiled.any) this.#runChecked(prepared);
    else stream.replay(dispatches, prepared.buffers, 0, dispatches.length);
  }

  /** Frees its buffers and shaders. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#forget();
  }

  /** Sets the live numbers of a run; returns false if calls that share a dispatch have different numbers. */
  #set({ live }: Prepared, numbers: readonly number[], randoms: readonly RandomState[]): boolean {
    let fits = true;
    for (let i = 0; i < live.length; i++) {
      const { values, live: changing, others, launch } = live[i]!;
      for (let v = 0; v < changing.length; v++) {
        const value = changing[v]!;
        if (value.kind === "scalar") values.scalars[value.index] = numbers[value.number]!;
        else values.random = randoms[value.random];
      }
      for (let o = 0, before = changing; o < others.length; o++) {
        const other = others[o]!;
        if (!haveEqual(before, other, numbers)) {
          this.#apart.add(launch + o);
          fits = false;
        }
        before = other;
      }
    }
    return fits;
  }

  /** Runs launch by launch and checks inputs, as some buffers may have lost their contents. */
  #runChecked({ launches, dispatches, buffers, places }: Prepared): void {
    const { stream, spoiled } = this.#parts;
    const bound = (view: GpuView): GpuView => ({ ...view, buffer: buffers[places.get(view.buffer)!]! });
    for (const { call, inputs, outputs, start, end } of launches) {
      // A group of maps has no kernel name of its own.
      const { kernel } = call;
      spoiled.checkLaunch(
        { kernel: kernel === "maps" ? "map" : kernel },
        inputs.map(bound),
        outputs.map(bound),
      );
      stream.replay(dispatches, buffers, start, end);
    }
  }

  /** Returns the prepared program, bound to the buffers of a run. */
  #current(buffers: readonly GpuBuffer[]): Prepared {
    const known = this.#prepared;
    if (known === null) return this.#prepared = this.#prepare(buffers);
    const { length } = this.#program.slots;
    for (let slot = 0; slot < length; slot++) {
      const before = known.buffers[1 + slot]!, now = buffers[slot]!;
      if (before === now) continue;
      // Plans depend on buffer sizes, and on views that share a buffer.
      if (before.bytes !== now.bytes || known.shares || buffers.indexOf(now) !== buffers.lastIndexOf(now)) {
        return this.#prepareAgain(buffers);
      }
      known.buffers[1 + slot] = now;
      for (const i of known.users[slot]!) {
        const dispatch = known.dispatches[i]!;
        dispatch.group = this.#group(dispatch, known.buffers, known.numbers);
      }
    }
    return known;
  }

  #prepareAgain(buffers: readonly GpuBuffer[]): Prepared {
    this.#forget();
    return this.#prepared = this.#prepare(buffers);
  }

  #prepare(slots: readonly GpuBuffer[]): Prepared {
    const { queue, memory, pool, pipelines, launcher, status } = this.#parts;
    const shaders: Shader[] = [], scratch: GpuBuffer[] = [];
    try {
      const found = prepare(launcher, this.#program, slots, {
        apart: this.#apart,
        hold(shader) {
          pipelines.hold(shader);
          shaders.push(shader);
        },
      });
      for (const bytes of found.scratch) scratch.push(pool.allocate(bytes));
      const numbers = found.numbers.write(queue, memory), buffers = [status, ...slots, ...scratch];
      const users = slots.map((): number[] => []);
      found.dispatches.forEach(({ slots }, i) => {
        for (const slot of new Set(slots)) users[slot - 1]?.push(i);
      });
      const { launches, live, reports } = found, shares = new Set(slots).size < slots.length;
      const places = new Map(slots.map((buffer, slot) => [buffer, 1 + slot]));
      const group = (dispatch: UnboundDispatch) => this.#group(dispatch, buffers, numbers);
      const dispatches = found.dispatches.map((dispatch) => ({ ...dispatch, group: group(dispatch) }));
      return {
        launches,
        dispatches,
        live,
        reports,
        buffers,
        numbers,
        users,
        shares,
        places,
        shaders,
        scratch,
      };
    } catch (error) {
      this.#giveBack(shaders, scratch);
      throw error;
    }
  }

  #group(
    { shader: { layout }, slots, values }: UnboundDispatch,
    buffers: readonly GpuBuffer[],
    numbers: GpuBuffer | null,
  ): GPUBindGroup {
    return this.#parts.bindings.group(layout, slots, buffers, values === null ? numbers! : undefined);
  }

  #forget(): void {
    if (this.#prepared === null) return;
    const { stream, bindings, memory } = this.#parts, { shaders, scratch, numbers } = this.#prepared;
    this.#prepared = null;
    this.#giveBack(shaders, scratch);
    if (numbers === null) return;
    // Recorded dispatches still read the buffers.
    stream.flush();
    bindings.drop([numbers]);
    memory.give(numbers.handle);
  }

  #giveBack(shaders: readonly Shader[], scratch: readonly GpuBuffer[]): void {
    for (const shader of shaders) this.#parts.pipelines.release(shader);
    for (const buffer of scratch) this.#parts.pool.release(buffer);
  }
}

/** Returns true if corresponding scalars of two calls are equal in a run with these numbers. */
function haveEqual(a: readonly LiveValue[], b: readonly LiveValue[], numbers: readonly number[]): boolean {
  for (let v = 0; v < a.length; v++) {
    const [one, other] = [a[v]!, b[v]!];
    if (one.kind !== "scalar" || other.kind !== "scalar") return false;
    if (one.number !== other.number && !Object.is(numbers[one.number], numbers[other.number])) return false;
  }
  return true;
}
