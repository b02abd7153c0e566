/** What kernels are given. */
import type { Pipelines, ShaderSource } from "./device/pipelines.ts";
import type { Traits } from "./device/probe.ts";
import type { BufferPool, GpuBuffer } from "./device/pool.ts";
import type { CommandStream, Groups, Shader } from "./device/stream.ts";
import type { KernelContext } from "./kernel.ts";
import type { Operands } from "./operands.ts";
import { STATUS_BYTES } from "./status.ts";

/** Plans kept; a program that makes more of them has ever new shapes. */
const PLANS = 8192;

/** The context of a backend. */
export class GpuContext implements KernelContext {
  readonly traits: Traits;
  readonly status: GpuBuffer;
  /** Whether the status may hold something. */
  suspicious = false;
  readonly #pool: BufferPool;
  readonly #pipelines: Pipelines;
  readonly #stream: CommandStream;
  readonly #plans = new Map<string, unknown>();
  readonly #scratch: GpuBuffer[] = [];

  /** A context with an empty status. */
  constructor(traits: Traits, pool: BufferPool, pipelines: Pipelines, stream: CommandStream) {
    this.traits = traits;
    this.#pool = pool;
    this.#pipelines = pipelines;
    this.#stream = stream;
    this.status = pool.allocate(STATUS_BYTES);
    this.clearStatus();
  }

  /** See {@linkcode KernelContext}. */
  plan<P>(key: string, make: () => P): P {
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      if (this.#plans.size >= PLANS) this.#plans.clear();
      this.#plans.set(key, plan = make());
    }
    return plan as P;
  }

  /** See {@linkcode KernelContext}. */
  compile(source: ShaderSource): Shader {
    return this.#pipelines.shader(source);
  }

  /** See {@linkcode KernelContext}. */
  dispatch(shader: Shader, operands: Operands, words: Uint32Array, groups: Groups): void {
    this.#stream.dispatch(shader, operands.buffers, words, groups);
  }

  /** See {@linkcode KernelContext}. */
  scratch(bytes: number): GpuBuffer {
    const buffer = this.#pool.allocate(bytes);
    this.#scratch.push(buffer);
    return buffer;
  }

  /** Gives temporary buffers back: at the end of every launch. */
  clear(): void {
    for (let buffer = this.#scratch.pop(); buffer; buffer = this.#scratch.pop()) this.#pool.release(buffer);
  }

  /** See {@linkcode KernelContext}. */
  suspect(): void {
    this.suspicious = true;
  }

  /** Forgets what was reported. */
  clearStatus(): void {
    this.#stream.write(this.status, new Uint8Array(STATUS_BYTES), 0);
  }
}
