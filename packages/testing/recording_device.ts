/**
 * Records the launches of a function as a program, for tests and counts; unlike `compile()`, it records nothing else.
 */
import {
  type Backend,
  type BackendLaunch,
  type ByteRange,
  Device,
  type DeviceOptions,
  type RandomState,
} from "@troodon/core";
import {
  bytesOf,
  type LaunchProgram,
  type LiveValue,
  type ProgramSlot,
  type ProgramValues,
  type ProgramView,
} from "@troodon/core/kernel";

/** Launch with the number of the list it was issued in; launches with equal numbers may run together. */
export interface RecordedLaunch extends BackendLaunch {
  /** Absent for a launch issued alone. */
  readonly together?: number;
}

/** Program with the buffers that it was recorded on. */
export interface RecordedProgram {
  /** Launches, and the memory that they use. */
  readonly program: LaunchProgram;
  /** Returns the values for a run, with live values from another recording of the same launches. */
  valuesOf(launches: readonly RecordedLaunch[]): ProgramValues;
}

/** Device that records launches and never frees their memory. */
export class RecordingDevice extends Device {
  #launches: RecordedLaunch[] | null = null;
  #together = 0;
  #listed = false;
  readonly #held = new Set<object>();

  /** Creates a device that runs on `backend`. */
  constructor(backend: Backend, options?: DeviceOptions) {
    super(backend, options);
    this.listen(({ call, inputs, outputs }) => {
      for (const { buffer } of [...inputs, ...outputs]) if (this.#launches) this.#held.add(buffer);
      this.#launches?.push({ call, inputs, outputs, ...this.#listed && { together: this.#together } });
    });
  }

  /** Records the launches of `run`. */
  record(run: () => void): readonly RecordedLaunch[] {
    const launches: RecordedLaunch[] = this.#launches = [];
    try {
      run();
    } finally {
      this.#launches = null;
    }
    return launches;
  }

  /** See {@linkcode Device}. */
  override launchAll(launches: Parameters<Device["launchAll"]>[0]): void {
    this.#together++;
    this.#listed = true;
    try {
      super.launchAll(launches);
    } finally {
      this.#listed = false;
    }
  }

  /** See {@linkcode Device}. Frees nothing during a recording, so that no address is used twice. */
  override free(buffer: object, bytes: number): void {
    if (this.#launches === null && !this.#held.has(buffer)) return super.free(buffer, bytes);
    this.memory.buffers--;
    this.memory.bytes -= bytes;
  }
}

/** Program of `launches`; numbers that differ in `others`, another recording of the step, are live. */
export function programOf(
  launches: readonly RecordedLaunch[],
  others: readonly RecordedLaunch[] = launches,
): RecordedProgram {
  const slotOf = new Map<object, number>(), slots: ProgramSlot[] = [];
  const view = (
    { buffer, dtype, shape, strides, offset, end }: BackendLaunch["inputs"][number],
  ): ProgramView => {
    let slot = slotOf.get(buffer);
    if (slot === undefined) {
      slotOf.set(buffer, slot = slots.length);
      slots.push({ kind: "given", bytes: (buffer as { readonly bytes: number }).bytes });
    }
    return { slot, dtype, shape, strides, offset, end };
  };
  /** Source of each live number: a launch, and the index of its scalar. */
  const numbers: { readonly launch: number; readonly index: number }[] = [], randoms: number[] = [];
  const list = launches.map(({ call, inputs, outputs, together }, launch) => {
    const live: LiveValue[] = [], before = others[launch]!.call;
    if ("scalars" in call && "scalars" in before) {
      for (const [index, value] of call.scalars.entries()) {
        if (Object.is(value, before.scalars[index])) continue;
        live.push({ kind: "scalar", index, number: numbers.push({ launch, index }) - 1 });
      }
    }
    if (call.kernel === "map" && call.random) live.push({ kind: "random", random: randoms.push(launch) - 1 });
    return { call, inputs: inputs.map(view), outputs: outputs.map(view), live, together };
  });
  const groups = independent(list);
  const program: LaunchProgram = {
    slots,
    launches: list.map(({ together: _, ...launch }, i) => ({
      ...launch,
      ...groups[i] !== undefined && { together: groups[i] },
    })),
  };
  return {
    program,
    valuesOf: (recorded) => ({
      buffers: [...slotOf.keys()],
      numbers: numbers.map(({ launch, index }) =>
        (recorded[launch]!.call as { readonly scalars: readonly number[] }).scalars[index]!
      ),
      randoms: randoms.map((launch) => (recorded[launch]!.call as { readonly random: RandomState }).random),
    }),
  };
}

interface Listed {
  readonly inputs: readonly ProgramView[];
  readonly outputs: readonly ProgramView[];
  readonly together: number | undefined;
}

/** Group numbers of launches in one list that do not read or write each other's outputs. */
function independent(launches: readonly Listed[]): (number | undefined)[] {
  let group = 0, last: number | undefined, read: Range[] = [], written: Range[] = [];
  return launches.map(({ inputs, outputs, together }) => {
    const [from, to] = [inputs.map(rangeOf), outputs.map(rangeOf)];
    if (
      together === undefined || together !== last || meet(from, written) || meet(to, [...written, ...read])
    ) {
      [read, written] = [[], []];
      group++;
    }
    last = together;
    read.push(...from);
    written.push(...to);
    return together === undefined ? undefined : group;
  });
}

interface Range extends ByteRange {
  readonly slot: number;
}

/** Byte range of a view. */
function rangeOf({ slot, dtype, shape, strides, offset }: ProgramView): Range {
  const bytes = bytesOf(dtype), reaches = shape.map((n, axis) => (n - 1) * strides[axis]!);
  const reach = (sign: number): number => reaches.reduce((sum, n) => sign * n > 0 ? sum + n : sum, 0);
  return { slot, start: (offset + reach(-1)) * bytes, end: (offset + reach(1) + 1) * bytes };
}

function meet(some: readonly Range[], others: readonly Range[]): boolean {
  return some.some((a) => others.some((b) => a.slot === b.slot && a.start < b.end && b.start < a.end));
}
