/** Time that a GPU takes by its own clock. */
import type { GpuMemory } from "./gpu_memory.ts";
import { GpuBuffer } from "./pool.ts";
import type { Readback } from "./readback.ts";

/** Passes of which one measurement can tell the time. */
const PASSES = 512;

/** Reads the clock of the GPU at the beginning and the end of each pass; only where "timestamp-query" was granted. */
export class GpuClock {
  readonly #device: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #queries: GPUQuerySet;
  readonly #times: GpuBuffer;
  #passes = 0;

  /** A clock of `device`, whose times are kept in `memory`. */
  constructor(device: GPUDevice, memory: GpuMemory) {
    const { QUERY_RESOLVE, COPY_SRC } = GPUBufferUsage, size = 16 * PASSES;
    this.#device = device;
    this.#memory = memory;
    this.#queries = device.createQuerySet({ type: "timestamp", count: 2 * PASSES });
    const handle = memory.take({ label: "times", size, usage: QUERY_RESOLVE | COPY_SRC });
    this.#times = new GpuBuffer(-1, handle, size);
    this.#times.bytes = size;
  }

  /** Timestamp writes for the next compute pass. */
  next(): GPUComputePassTimestampWrites {
    if (this.#passes === PASSES) {
      throw new RangeError(
        `Cannot time the GPU as there must be at most ${PASSES} passes: time less work at once`,
      );
    }
    const at = 2 * this.#passes++;
    return { querySet: this.#queries, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
  }

  /** Seconds of all passes since the last time it was asked, which have to be handed over already. */
  async read(readback: Readback): Promise<number> {
    const count = this.#passes;
    this.#passes = 0;
    if (count === 0) return 0;
    const encoder = this.#device.createCommandEncoder({ label: "times" });
    encoder.resolveQuerySet(this.#queries, 0, 2 * count, this.#times.handle, 0);
    this.#device.queue.submit([encoder.finish()]);
    const [bytes] = await readback.read([{ buffer: this.#times, start: 0, end: 16 * count }]);
    const times = new BigUint64Array(bytes!.slice().buffer);
    let total = 0n;
    // Clocks of some drivers run backwards when the card changes its frequency.
    for (let i = 0; i < count; i++) {
      const taken = times[2 * i + 1]! - times[2 * i]!;
      if (times[2 * i + 1]! > times[2 * i]!) total += taken;
    }
    return Number(total) / 1e9;
  }

  /** Gives back what it holds. */
  close(): void {
    this.#queries.destroy();
    this.#memory.give(this.#times.handle);
  }
}
