/** Records steps as programs that know their own memory, and runs such programs on fresh memory. */
import type { Backend, Device } from "@troodon/core";
import {
  bytesOf,
  type LaunchProgram,
  type ProgramLaunch,
  type ProgramSlot,
  type ProgramView,
  rangeOf,
  type RunnableProgram,
  type View,
} from "@troodon/core/kernel";

/** Recorded step of a program. */
export interface RecordedStep {
  /**
   * Launches of the step. Slots allocated and freed within the step are own; slots that exist before or after it are
   * given.
   */
  readonly program: LaunchProgram;
  /** Contents of given slots before the step; null for new memory. */
  readonly before: readonly (Uint8Array | null)[];
  /** Contents of given slots after the step; null for other slots. */
  readonly after: readonly (Uint8Array | null)[];
}

/** Memory during a recording. */
interface Memory {
  readonly slot: number;
  readonly buffer: object;
  readonly isNew: boolean;
  bytes: number;
  freed: boolean;
  data: Uint8Array | null;
  before: Uint8Array | null;
}

/**
 * Runs `step` and records its launches, without live values; each allocation is a slot.
 *
 * @param snapshots True to keep contents, for which `step` runs one more time before; false on devices that calculate
 * nothing.
 */
export function recordStep(device: Device, step: () => void, snapshots = true): RecordedStep {
  const backend = device.backend as Backend, memories: Memory[] = [], now = new Map<object, Memory>();
  const held = new Map<object, Uint8Array>();
  const enter = (buffer: object, bytes: number, isNew: boolean): Memory => {
    const slot = memories.length, before = held.get(buffer) ?? null;
    const memory: Memory = { slot, buffer, isNew, bytes, freed: false, data: null, before };
    memories.push(memory);
    now.set(buffer, memory);
    return memory;
  };
  const launches: ProgramLaunch[] = [];
  const viewOf = (view: View): ProgramView => {
    const { buffer, dtype, shape, strides, offset, end } = view;
    const memory = now.get(buffer) ?? enter(buffer, 0, false);
    const seen: ProgramView = { slot: memory.slot, dtype, shape, strides, offset };
    memory.bytes = Math.max(memory.bytes, (rangeOf(seen)[1] + 1) * bytesOf(dtype));
    return end === undefined ? seen : { ...seen, end };
  };
  // The first run shows which memory exists before the step, and its contents.
  const seen = new Set<object>();
  const born = new Set<object>();
  if (snapshots) {
    using _ = device.listen({
      allocate: ({ buffer }) => void born.add(buffer),
      launch: ({ inputs, outputs }) => {
        for (const { buffer } of [...inputs, ...outputs]) if (!born.has(buffer)) seen.add(buffer);
      },
    });
    step();
  }
  for (const buffer of seen) held.set(buffer, backend.readSync!(buffer));
  {
    using _ = device.listen({
      allocate: ({ buffer, bytes }) => void enter(buffer, bytes, true),
      free: ({ buffer }) => {
        const memory = now.get(buffer);
        if (memory) memory.freed = true;
        now.delete(buffer);
      },
      write: ({ storage }, data) => {
        const memory = now.get(storage.buffer);
        if (memory?.isNew) memory.data = data.slice();
      },
      launch: ({ call, inputs, outputs }) =>
        void launches.push({ call, inputs: inputs.map(viewOf), outputs: outputs.map(viewOf), live: [] }),
    });
    step();
  }
  const slots = memories.map(({ isNew, freed, bytes, data }): ProgramSlot => {
    if (data !== null) return { kind: "constant", bytes: data.length, data };
    return { kind: isNew && freed ? "own" : "given", bytes };
  });
  const after = memories.map(({ buffer, slot }) =>
    snapshots && slots[slot]!.kind === "given" ? backend.readSync!(buffer) : null
  );
  return { program: { slots, launches }, before: memories.map(({ before }) => before), after };
}

/** Program that repeats a recorded step. */
export interface StepProgram {
  /** Program for each run. */
  readonly program: LaunchProgram;
  /** Launches to run once before, over the same slots. */
  readonly setup: readonly ProgramLaunch[];
  /** Slot in the recorded step for each slot; null for other memory. */
  readonly origins: readonly (number | null)[];
}

/**
 * Runs a program on fresh memory of `backend`; returns the contents of the given slots of the recorded step, by slot.
 *
 * @param compile Prepares programs for the backend.
 */
export function replayStep(
  backend: Backend,
  { before, program: { slots: recorded } }: RecordedStep,
  { program, setup, origins }: StepProgram,
  compile: (program: LaunchProgram) => RunnableProgram,
): Map<number, Uint8Array> {
  const buffers = program.slots.map((slot, number) => {
    const buffer = backend.allocate(slot.bytes), origin = origins[number] ?? -1;
    // Poison new memory, so that missing writes are noticed.
    if (slot.bytes > 0) backend.write(buffer, new Uint8Array(slot.bytes).fill(0xff));
    const data = slot.kind === "constant" ? slot.data : before[origin];
    if (data) backend.write(buffer, data.subarray(0, slot.bytes));
    return buffer;
  });
  const values = { buffers, numbers: [], randoms: [] };
  using first = compile({ slots: program.slots, launches: setup });
  using each = compile(program);
  first.run(values);
  each.run(values);
  const found = new Map<number, Uint8Array>();
  origins.forEach((origin, number) => {
    if (origin === null || recorded[origin]!.kind !== "given") return;
    found.set(origin, backend.readSync!(buffers[number]!, { start: 0, end: program.slots[number]!.bytes }));
  });
  for (const buffer of buffers) backend.release(buffer);
  return found;
}

/** Largest difference between the memory after a recorded step and a replay, relative to the values. */
export function worstDifference(
  { after, program }: RecordedStep,
  found: ReadonlyMap<number, Uint8Array>,
): number {
  let worst = 0;
  for (const [slot, bytes] of found) {
    const expected = after[slot]!, types = typesOf(program, slot);
    if (types.size !== 1 || !types.has("float32")) {
      if (bytes.some((byte, i) => byte !== expected[i])) return Infinity;
      continue;
    }
    const a = new Float32Array(bytes.slice().buffer),
      b = new Float32Array(expected.slice().buffer, 0, a.length);
    const size = b.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0) || 1;
    a.forEach((value, i) => {
      if (Object.is(value, b[i]) || (Number.isNaN(value) && Number.isNaN(b[i]!))) return;
      const difference = Math.abs(value - b[i]!) / size;
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
    });
  }
  return worst;
}

function typesOf({ launches }: LaunchProgram, slot: number): Set<string> {
  const types = new Set<string>();
  for (const { inputs, outputs } of launches) {
    for (const view of [...inputs, ...outputs]) if (view.slot === slot) types.add(view.dtype);
  }
  return types;
}
