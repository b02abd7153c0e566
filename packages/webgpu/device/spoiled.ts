/** Results that were never calculated. */
import type { KernelCall } from "@troodon/core";
import { bytesOf, isContiguous, sizeOf } from "@troodon/core/kernel";
import type { GpuView } from "../operands.ts";
import { GpuError } from "./gpu_error.ts";
import type { GpuBuffer } from "./pool.ts";
import type { CommandStream } from "./stream.ts";

/**
 * Knows which buffers hold nothing of use as the GPU refused work, so that nobody takes what lies there for a
 * result: those without memory, and those that kernels wrote to between the first refused submission and the time
 * that it was heard of.
 */
export class Spoiled {
  readonly #stream: CommandStream;
  #from = Infinity;
  #to = -Infinity;
  #cause: GpuError | null = null;
  #error: GpuError | null = null;

  /** Nothing is spoiled yet of what `stream` does. */
  constructor(stream: CommandStream) {
    this.#stream = stream;
  }

  /** True if some buffers may hold no results. */
  get any(): boolean {
    return this.#error !== null;
  }

  /** Hears why submissions are refused from now on. */
  blame(cause: GpuError): void {
    this.#cause = cause;
    this.#error ??= cause;
  }

  /** Refuses what was written in submission `since`, which the device refused, and in later ones up to now. */
  add(since: number, error: GpuError): void {
    // What is recorded from now on belongs to a submission of its own.
    this.#stream.flush();
    this.#error = this.#cause ?? error;
    this.#from = Math.min(this.#from, since);
    this.#to = Math.max(this.#to, this.#stream.epoch);
  }

  /** Throws if `buffer` held nothing of use after submission `wrote` wrote to it. */
  check(buffer: GpuBuffer, wrote: number = buffer.wrote): void {
    if (this.#error === null || !this.#spoils(buffer, wrote)) return;
    throw new GpuError(`Cannot use a result that the GPU did not calculate: ${this.#error.message}`, {
      cause: this.#error,
    });
  }

  /** Throws if a call reads a buffer that holds nothing of use, or leaves part of one as it is. */
  checkLaunch(
    { kernel }: Pick<KernelCall, "kernel">,
    inputs: readonly GpuView[],
    outputs: readonly GpuView[],
  ): void {
    for (const { buffer } of inputs) this.check(buffer);
    for (const view of outputs) {
      const { buffer } = view, whole = kernel !== "scatter" && isWhole(view);
      if (!whole || buffer.lost) this.check(buffer);
    }
  }

  #spoils({ lost }: GpuBuffer, wrote: number): boolean {
    return lost || (wrote >= this.#from && wrote < this.#to);
  }
}

function isWhole(view: GpuView): boolean {
  return isContiguous(view) && sizeOf(view.shape) * bytesOf(view.dtype) === view.buffer.bytes;
}
