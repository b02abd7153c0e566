/** Work for the GPU, in the order it was given. */
import type { Bindings, BindLayout } from "./bindings.ts";
import type { Failures } from "./failures.ts";
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

/** What a stream has done so far. */
export interface StreamReport {
  dispatches: number;
  submissions: number;
}

/** Dispatches after which work is handed over, so that the GPU begins while more is recorded. */
const BATCH = 256;
/** Bytes of writes after which the same is done: the driver keeps a copy of each until then. */
const WRITES = 64 * 2 ** 20;

/** One encoder with one compute pass that stays open until somebody wants a result. */
export class CommandStream {
  readonly report: StreamReport = { dispatches: 0, submissions: 0 };
  readonly #device: GPUDevice;
  readonly #failures: Failures;
  readonly #bindings: Bindings;
  readonly #numbers: Numbers;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #pipeline: GPUComputePipeline | undefined;
  #first = "";
  #pending = 0;
  #written = 0;
  #epoch = 0;

  /** An empty stream on `device`. */
  constructor(device: GPUDevice, failures: Failures, bindings: Bindings, numbers: Numbers) {
    this.#device = device;
    this.#failures = failures;
    this.#bindings = bindings;
    this.#numbers = numbers;
  }

  /** Runs `shader` on `buffers`, after all that was recorded before. */
  dispatch(
    { label, pipeline, layout }: Shader,
    buffers: readonly GpuBuffer[],
    words: Uint32Array,
    [x, y, z]: Groups,
  ): void {
    if (this.#pending >= BATCH || this.#numbers.full) this.flush();
    const pass = this.#open(label);
    if (this.#pipeline !== pipeline) {
      pass.setPipeline(pipeline);
      this.#pipeline = pipeline;
    }
    pass.setBindGroup(0, this.#bindings.group(layout, buffers), [this.#numbers.put(words)]);
    pass.dispatchWorkgroups(x, y, z);
    for (let i = 0; i < buffers.length; i++) buffers[i]!.epoch = this.#epoch;
    this.#pending++;
    this.report.dispatches++;
  }

  /** Copies bytes of `data` to `buffer`, after all that was recorded before; offset and size are multiples of 4. */
  write(buffer: GpuBuffer, data: Uint8Array<ArrayBuffer>, offset: number): void {
    // Writes overtake what is recorded and not yet handed over.
    if (buffer.epoch === this.#epoch || this.#written > WRITES) this.flush();
    this.#device.queue.writeBuffer(buffer.handle, offset, data);
    this.#written += data.byteLength;
  }

  /** Copies bytes of `buffer` to `target`, and hands over all that there is. */
  copyOut(buffer: GPUBuffer, offset: number, target: GPUBuffer, at: number, bytes: number): void {
    this.#open("read()");
    this.#pass!.end();
    this.#pass = undefined;
    this.#encoder!.copyBufferToBuffer(buffer, offset, target, at, bytes);
  }

  /** Hands over all that was recorded. */
  flush(): void {
    const encoder = this.#encoder;
    if (encoder === undefined) {
      if (this.#written > 0) this.#device.queue.submit([]);
      this.#written = 0;
      return;
    }
    this.#pass?.end();
    this.#numbers.send();
    this.#device.queue.submit([encoder.finish()]);
    this.#failures.leave(this.#first);
    this.#encoder = this.#pass = this.#pipeline = undefined;
    this.#pending = this.#written = 0;
    this.#epoch++;
    this.report.submissions++;
  }

  #open(label: string): GPUComputePassEncoder {
    if (this.#encoder === undefined) {
      this.#failures.enter();
      this.#encoder = this.#device.createCommandEncoder({ label });
      this.#first = label;
    }
    if (this.#pass === undefined) {
      this.#pass = this.#encoder.beginComputePass({ label });
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
