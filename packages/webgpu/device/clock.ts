/** Time that a GPU takes by its own clock. */
import type { LaunchTime } from "@troodon/core/kernel";
import type { GpuMemory } from "./gpu_memory.ts";
import { GpuBuffer } from "./pool.ts";
import type { Readback } from "./readback.ts";

/** Number of passes timed by one query set. */
const PASSES = 512;

/** Timestamps of GPU passes, and the buffer that they are copied to. */
interface QuerySet {
  readonly queries: GPUQuerySet;
  readonly times: GpuBuffer;
}

/** Reads the clock of the GPU at the beginning and the end of each pass; only where "timestamp-query" was granted. */
export class GpuClock {
  readonly #device: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #sets: QuerySet[] = [];
  /** Mark of each pass since the last read. */
  readonly #passes: number[] = [];
  /** Mark of the following passes. */
  mark = 0;

  /** A clock of `device`, whose times are kept in `memory`. */
  constructor(device: GPUDevice, memory: GpuMemory) {
    this.#device = device;
    this.#memory = memory;
  }

  /** Timestamp writes for the next compute pass. */
  next(): GPUComputePassTimestampWrites {
    const pass = this.#passes.length, at = 2 * (pass % PASSES);
    const { queries } = this.#sets[Math.floor(pass / PASSES)] ?? this.#addSet();
    this.#passes.push(this.mark);
    return { querySet: queries, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
  }

  #addSet(): QuerySet {
    const { QUERY_RESOLVE, COPY_SRC } = GPUBufferUsage, size = 16 * PASSES;
    const queries = this.#device.createQuerySet({ type: "timestamp", count: 2 * PASSES });
    const handle = this.#memory.take({ label: "times", size, usage: QUERY_RESOLVE | COPY_SRC });
    const times = new GpuBuffer(-1, handle, size);
    times.bytes = size;
    this.#sets.push({ queries, times });
    return this.#sets.at(-1)!;
  }

  /**
   * Resolves to the times of all passes since the last read by mark, in seconds; the passes must have been submitted.
   */
  async read(readback: Readback): Promise<Map<number, LaunchTime>> {
    const passes = this.#passes.splice(0), found = new Map<number, LaunchTime>();
    for (let first = 0; first < passes.length; first += PASSES) {
      const marks = passes.slice(first, first + PASSES), { queries, times } = this.#sets[first / PASSES]!;
      const encoder = this.#device.createCommandEncoder({ label: "times" });
      encoder.resolveQuerySet(queries, 0, 2 * marks.length, times.handle, 0);
      this.#device.queue.submit([encoder.finish()]);
      const [bytes] = await readback.read([{ buffer: times, start: 0, end: 16 * marks.length }]);
      const stamps = new BigUint64Array(bytes!.slice().buffer);
      for (const [i, mark] of marks.entries()) add(found, mark, stamps[2 * i]!, stamps[2 * i + 1]!);
    }
    return found;
  }

  /** Gives back what it holds. */
  close(): void {
    for (const { queries, times } of this.#sets.splice(0)) {
      queries.destroy();
      this.#memory.give(times.handle);
    }
  }
}

/** Adds a pass between two timestamps in nanoseconds to the times of its mark. */
function add(found: Map<number, LaunchTime>, mark: number, begin: bigint, finish: bigint): void {
  // The clocks of some drivers run backward when the GPU changes its frequency.
  if (finish <= begin) return;
  const start = Number(begin) / 1e9, end = Number(finish) / 1e9, busy = Number(finish - begin) / 1e9;
  const known = found.get(mark);
  found.set(
    mark,
    known === undefined ? { start, end, busy } : { start: known.start, end, busy: known.busy + busy },
  );
}
