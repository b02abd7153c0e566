/** Work for the GPU, in the order it was given. */
import type { Bindings, BindLayout } from "./bindings.ts";
import type { Failures } from "./failures.ts";
import type { GpuError } from "./gpu_error.ts";
import type { GpuMemory } from "./gpu_memory.ts";
import type { Dispatch, Values, Words } from "../plan/plan.ts";
import type { GpuClock } from "./clock.ts";
import type { Numbers } from "./numbers.ts";
import type { GpuBuffer } from "./pool.ts";

/** A compiled kernel. */
export interface Shader {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly layout: BindLayout;
}

/** Numbers of workgroups. */
export type Groups = readonly [number, number, number];

/** Dispatch with its bind group. */
export interface BoundDispatch {
  readonly shader: Shader;
  /** Cost, as in {@linkcode Dispatch}. */
  readonly cost: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Index, in a list of buffers, of each storage buffer of the shader. */
  readonly slots: readonly number[];
  group: GPUBindGroup;
  /** Offset of its numbers in the buffer that the bind group contains. */
  readonly offset: number;
  /** Numbers of the dispatch; live ones are filled in when they are written to the shared buffer. */
  readonly words: Words;
  readonly values: Values | null;
}

/** What a stream has done so far. */
export interface StreamReport {
  dispatches: number;
  submissions: number;
}

/** Options of {@linkcode CommandStream}. */
export interface StreamOptions {
  /** Dispatches after which work is handed over, so that the GPU begins while more is recorded; 256 by default. */
  readonly batch?: number;
  /** Operations after which work is handed over, as a GPU may be reset for a submission that takes long; no limit by default. */
  readonly operations?: number;
  /** Submissions that the host may be ahead of the GPU, where it can wait for it; 8 by default. */
  readonly ahead?: number;
  /** Bytes of writes after which work is handed over, as drivers keep a copy of each until then; 64 MiB by default. */
  readonly writes?: number;
}

/** Bytes of writes for which drivers may have no memory. */
const LARGE_WRITE = 2 ** 20;

/** One encoder with one compute pass that stays open until somebody wants a result. */
export class CommandStream {
  readonly report: StreamReport = { dispatches: 0, submissions: 0 };
  readonly #device: GPUDevice;
  readonly #failures: Failures;
  readonly #bindings: Bindings;
  readonly #numbers: Numbers;
  readonly #batch: number;
  readonly #writes: number;
  #memory: GpuMemory | null = null;
  readonly #ahead: number;
  readonly #operations: number;
  #wait: (() => void) | null = null;
  #spoil: (since: number, error: GpuError) => void = () => {};
  /** Submissions since somebody last waited for a result. */
  #unheard = 0;
  /** Where the numbers of a dispatch begin. */
  readonly #offset = new Uint32Array(1);
  #clock: GpuClock | null = null;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #pipeline: GPUComputePipeline | undefined;
  #first = "";
  #pending = 0;
  /** What was recorded, in operations. */
  #cost = 0;
  #written = 0;
  #epoch = 0;

  /** An empty stream on `device`. */
  constructor(
    device: GPUDevice,
    failures: Failures,
    bindings: Bindings,
    numbers: Numbers,
    { batch = 256, operations = Infinity, writes = 64 * 2 ** 20, ahead = 8 }: StreamOptions = {},
  ) {
    this.#operations = operations;
    this.#batch = batch;
    this.#writes = Math.max(4, writes - writes % 4);
    this.#ahead = ahead;
    this.#device = device;
    this.#failures = failures;
    this.#bindings = bindings;
    this.#numbers = numbers;
  }

  /** Runs a shader on the buffers of its slots, after all that was recorded before. */
  dispatch(
    { shader, groups, slots, words, cost }: Dispatch,
    buffers: readonly GpuBuffer[],
    values: Values,
  ): void {
    const pass = this.#begun(shader, cost);
    // A typed array takes Deno 0.2 us, a list with one number 1 us.
    this.#offset[0] = this.#numbers.put(words, values);
    pass.setBindGroup(0, this.#bindings.group(shader.layout, slots, buffers), this.#offset, 0, 1);
    pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
    this.#use(shader.layout.written, slots, buffers);
  }

  /** Runs dispatches `start` to `end` of a list with bind groups, after all earlier work. */
  replay(
    dispatches: readonly BoundDispatch[],
    buffers: readonly GpuBuffer[],
    start: number,
    end: number,
  ): void {
    const offset = this.#offset;
    for (let i = start; i < end; i++) {
      const { shader, cost, group, offset: at, words, values, x, y, z, slots } = dispatches[i]!;
      const pass = this.#begun(shader, cost);
      offset[0] = values === null ? at : this.#numbers.put(words, values);
      pass.setBindGroup(0, group, offset, 0, 1);
      pass.dispatchWorkgroups(x, y, z);
      this.#use(shader.layout.written, slots, buffers);
    }
  }

  /** Pass for another dispatch of this cost, with the shader set. */
  #begun({ label, pipeline }: Shader, cost: number): GPUComputePassEncoder {
    if (this.#pending >= this.#batch || this.#numbers.full) this.flush();
    else if (this.#cost > 0 && this.#cost + cost > this.#operations) {
      this.#submit(this.#pending / this.#batch);
    }
    this.#cost += cost;
    const pass = this.#open(label);
    if (this.#pipeline !== pipeline) {
      pass.setPipeline(pipeline);
      this.#pipeline = pipeline;
    }
    this.#pending++;
    this.report.dispatches++;
    return pass;
  }

  /** Notes that the current work uses buffers. */
  #use(written: readonly boolean[], slots: readonly number[], buffers: readonly GpuBuffer[]): void {
    const epoch = this.#epoch;
    for (let i = 0; i < slots.length; i++) {
      const buffer = buffers[slots[i]!]!;
      buffer.epoch = epoch;
      if (written[i]!) buffer.wrote = epoch;
    }
  }

  /** Copies bytes of `data` to `buffer`, after all that was recorded before; offset and size are multiples of 4. */
  write(buffer: GpuBuffer, data: Uint8Array<ArrayBuffer>, offset: number): void {
    // Writes overtake what is recorded and not yet handed over.
    if (buffer.epoch === this.#epoch) this.flush();
    const { byteLength } = data;
    for (let at = 0; at < byteLength; at += this.#writes) {
      if (this.#written > this.#writes) this.flush();
      this.#put(buffer, data, offset, at, Math.min(this.#writes, byteLength - at));
    }
  }

  #put(buffer: GpuBuffer, data: Uint8Array<ArrayBuffer>, offset: number, at: number, bytes: number): void {
    const write = () => this.#device.queue.writeBuffer(buffer.handle, offset + at, data, at, bytes);
    this.#written += bytes;
    if (bytes < LARGE_WRITE || this.#memory === null) return write();
    const epoch = this.#epoch;
    this.#memory.attempt(bytes, write, (error) => {
      buffer.wrote = epoch;
      this.#spoil(epoch, error);
    });
  }

  /** Copies bytes of `buffer` to `target`, after all that was recorded before. */
  copyOut(buffer: GPUBuffer, offset: number, target: GPUBuffer, at: number, bytes: number): void {
    const encoder = this.#begin("read()");
    this.split();
    encoder.copyBufferToBuffer(buffer, offset, target, at, bytes);
  }

  /** Hands over all that was recorded. */
  flush(): void {
    if (this.#encoder === undefined) {
      if (this.#written > 0) this.#device.queue.submit([]);
      this.#written = 0;
      return;
    }
    this.#submit(1);
  }

  /** Hands over what was recorded, which makes the host ahead of the GPU by `share` of a submission more. */
  #submit(share: number): void {
    const encoder = this.#encoder;
    if (encoder === undefined) return;
    this.#pass?.end();
    this.#numbers.send();
    this.#device.queue.submit([encoder.finish()]);
    const epoch = this.#epoch++;
    this.#failures.leave(this.#first, (error) => this.#spoil(epoch, error));
    this.#encoder = this.#pass = this.#pipeline = undefined;
    this.#pending = this.#written = this.#cost = 0;
    this.report.submissions++;
    // Drivers queue without end, and with the work they hold its memory: a loop that reads nothing waits now and then.
    this.#unheard += share;
    if (this.#unheard > this.#ahead && this.#wait !== null) {
      this.#unheard = 0;
      this.#wait();
    }
  }

  /** Hands over what `work` records in passes that `clock` tells the time of. */
  timed(clock: GpuClock, work: () => void): void {
    const before = this.#clock;
    this.timeBy(clock);
    try {
      work();
    } finally {
      this.timeBy(before);
    }
  }

  /** Lets `clock` time the following passes; null stops timing. */
  timeBy(clock: GpuClock | null): void {
    this.flush();
    this.#clock = clock;
  }

  /** Starts a new pass with the next dispatch, so that it is timed separately. */
  split(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }

  /** The submission that work is recorded for. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Has `spoil` hear of submissions that were refused, as one that uses a buffer without memory is, and of writes for which `memory` has no room. */
  onRefusal(memory: GpuMemory, spoil: (since: number, error: GpuError) => void): void {
    this.#memory = memory;
    this.#spoil = spoil;
  }

  /** Says how the host waits until all that was handed over has run. */
  waitBy(wait: () => void): void {
    this.#wait = wait;
  }

  /** Hears that all that was handed over has run. */
  caughtUp(): void {
    this.#unheard = 0;
  }

  #begin(label: string): GPUCommandEncoder {
    if (this.#encoder === undefined) {
      this.#failures.enter();
      this.#encoder = this.#device.createCommandEncoder({ label });
      this.#first = label;
    }
    return this.#encoder;
  }

  #open(label: string): GPUComputePassEncoder {
    if (this.#pass === undefined) {
      const times = this.#clock && { timestampWrites: this.#clock.next() };
      this.#pass = this.#begin(label).beginComputePass({ label, ...times });
      this.#pipeline = undefined;
    }
    return this.#pass;
  }
}

/** The bytes in memory of their own, as many as a multiple of 4, where they are not so already. */
export function wholeWords(data: Uint8Array): Uint8Array<ArrayBuffer> {
  if (data.byteLength % 4 === 0 && data.buffer instanceof ArrayBuffer) {
    return data as Uint8Array<ArrayBuffer>;
  }
  const whole = new Uint8Array(Math.ceil(data.byteLength / 4) * 4);
  whole.set(data);
  return whole;
}
