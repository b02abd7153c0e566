/** Timing work of the GPU, as a whole or launch by launch. */
import type { LaunchTime, LaunchTimer } from "@troodon/core/kernel";
import { GpuClock } from "./clock.ts";
import type { GpuMemory } from "./gpu_memory.ts";
import type { Readback } from "./readback.ts";
import type { CommandStream } from "./stream.ts";

/** What {@linkcode GpuTimes} works with. */
export interface GpuTimesParts {
  /** The device. */
  readonly device: GPUDevice;
  /** Where times are kept. */
  readonly memory: GpuMemory;
  /** Where dispatches go. */
  readonly stream: CommandStream;
  /** Where times are read. */
  readonly readback: Readback;
}

/** Times work by the clock of the GPU, where "timestamp-query" was granted. */
export class GpuTimes {
  readonly #parts: GpuTimesParts;
  readonly #hasClock: boolean;
  #clock: GpuClock | null = null;

  /** The times of a device with certain features. */
  constructor(features: ReadonlySet<string>, parts: GpuTimesParts) {
    this.#parts = parts;
    this.#hasClock = features.has("timestamp-query");
  }

  /** Seconds that the GPU takes for what `work` dispatches; null without a clock. */
  async measure(work: () => void): Promise<number | null> {
    if (!this.#hasClock) return null;
    const { device, memory, stream, readback } = this.#parts;
    const clock = this.#clock ??= new GpuClock(device, memory);
    stream.timed(clock, work);
    let seconds = 0;
    for (const { busy } of (await clock.read(readback)).values()) seconds += busy;
    return seconds;
  }

  /** Times launches from now on; null without a clock. */
  timer(): LaunchTimer | null {
    const { device, memory, stream, readback } = this.#parts;
    return this.#hasClock ? new LaunchClock(new GpuClock(device, memory), stream, readback) : null;
  }

  /** Gives back what it holds. */
  close(): void {
    this.#clock?.close();
  }
}

/** Gives each launch passes of its own, which the clock of the GPU tells the time of. */
class LaunchClock implements LaunchTimer {
  readonly #clock: GpuClock;
  readonly #stream: CommandStream;
  readonly #readback: Readback;

  /** Times what is dispatched to `stream` from now on. */
  constructor(clock: GpuClock, stream: CommandStream, readback: Readback) {
    this.#clock = clock;
    this.#stream = stream;
    this.#readback = readback;
    stream.timeBy(clock);
  }

  /** See {@linkcode LaunchTimer}. */
  mark(number: number): void {
    this.#stream.split();
    this.#clock.mark = number;
  }

  /** See {@linkcode LaunchTimer}. */
  async read(): Promise<ReadonlyMap<number, LaunchTime>> {
    this.#stream.flush();
    return await this.#clock.read(this.#readback);
  }

  /** Ends the timing. */
  [Symbol.dispose](): void {
    this.#stream.timeBy(null);
    this.#clock.close();
  }
}
