/** Measures GPU work as a whole or launch by launch. */
import type { LaunchTime, LaunchTimer } from "@troodon/core/kernel";
import { GpuClock } from "./clock.ts";
import type { GpuMemory } from "./gpu_memory.ts";
import type { Readback } from "./readback.ts";
import type { CommandStream } from "./stream.ts";

/** Parts of a backend that {@linkcode GpuTimes} uses. */
export interface GpuTimesParts {
  /** The device. */
  readonly device: GPUDevice;
  /** Memory for the timestamps. */
  readonly memory: GpuMemory;
  /** Stream that receives dispatches. */
  readonly stream: CommandStream;
  /** Reads timestamps back. */
  readonly readback: Readback;
}

/** Measures work by the GPU clock if the feature "timestamp-query" is enabled. */
export class GpuTimes {
  readonly #parts: GpuTimesParts;
  readonly #hasClock: boolean;
  #clock: GpuClock | null = null;

  /** Creates the timing of a device with these features. */
  constructor(features: ReadonlySet<string>, parts: GpuTimesParts) {
    this.#parts = parts;
    this.#hasClock = features.has("timestamp-query");
  }

  /** Resolves to the GPU seconds of the dispatches in `work`; null without a clock. */
  async measure(work: () => void): Promise<number | null> {
    if (!this.#hasClock) return null;
    const { device, memory, stream, readback } = this.#parts;
    const clock = this.#clock ??= new GpuClock(device, memory);
    stream.timed(clock, work);
    let seconds = 0;
    for (const { busy } of (await clock.read(readback)).values()) seconds += busy;
    return seconds;
  }

  /** Starts timing launches; returns null without a clock. */
  timer(): LaunchTimer | null {
    const { device, memory, stream, readback } = this.#parts;
    return this.#hasClock ? new LaunchClock(new GpuClock(device, memory), stream, readback) : null;
  }

  /** Frees its memory. */
  close(): void {
    this.#clock?.close();
  }
}

/** Runs each launch in passes of its own, which the GPU clock can measure. */
class LaunchClock implements LaunchTimer {
  readonly #clock: GpuClock;
  readonly #stream: CommandStream;
  readonly #readback: Readback;

  /** Starts timing dispatches of `stream`. */
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

  /** Stops timing. */
  [Symbol.dispose](): void {
    this.#stream.timeBy(null);
    this.#clock.close();
  }
}
