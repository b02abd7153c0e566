/** What a kernel of this backend is. */
import { bytesOf, type Shape, type View } from "@troodon/core";
import type { CpuBuffer, CpuMemory } from "./memory.ts";
import { HOST } from "./lower/host.ts";
import { ModuleBuilder } from "./wasm/assembler.ts";

export type { CpuBuffer, CpuMemory } from "./memory.ts";

/** A view into the memory of this backend. */
export type CpuView = View<CpuBuffer>;

/** The same memory under other extents and strides. A spread would lose what a tensor has by getters. */
export function seenAs(
  { buffer, offset, dtype }: CpuView,
  shape: Shape,
  strides: readonly number[],
): CpuView {
  return { buffer, offset, dtype, shape, strides };
}

/** Address of the first element of a view. */
export function addressOf({ buffer, offset, dtype }: CpuView): number {
  return buffer.pointer + offset * bytesOf(dtype);
}

/** A function that a WebAssembly module exports. */
export type WasmFunction = (...numbers: number[]) => number;

/** What kernels have besides their call. */
export interface KernelContext {
  readonly memory: CpuMemory;
  /**
   * The exported functions of a module, assembled by `build` on the first call
   * with `key`. Keys begin with the name of the kernel: `"map/..."`.
   */
  instance(key: string, build: (module: ModuleBuilder) => void): Readonly<Record<string, WasmFunction>>;
  /** Address of temporary bytes, aligned to 64, that last until the launch ends. Typed arrays made before may be stale. */
  scratch(bytes: number): number;
}

/** Runs one call; views are as the contract says for the family. */
export type Kernel<C> = (
  context: KernelContext,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
) => void;

/** The context of a backend. */
export class CpuContext implements KernelContext {
  readonly memory: CpuMemory;
  readonly #instances = new Map<string, Readonly<Record<string, WasmFunction>>>();
  readonly #scratch: CpuBuffer[] = [];

  /** Kernels over `memory`. */
  constructor(memory: CpuMemory) {
    this.memory = memory;
  }

  /** See {@linkcode KernelContext}. */
  instance(key: string, build: (module: ModuleBuilder) => void): Readonly<Record<string, WasmFunction>> {
    const known = this.#instances.get(key);
    if (known) return known;
    const builder = new ModuleBuilder();
    build(builder);
    const module = new WebAssembly.Module(builder.finish());
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory.memory, ...HOST } });
    const functions = exports as Readonly<Record<string, WasmFunction>>;
    this.#instances.set(key, functions);
    return functions;
  }

  /** See {@linkcode KernelContext}. */
  scratch(bytes: number): number {
    const buffer = this.memory.allocate(bytes);
    this.#scratch.push(buffer);
    return buffer.pointer;
  }

  /** Gives temporary bytes back: at the end of every launch. */
  clear(): void {
    for (let buffer = this.#scratch.pop(); buffer; buffer = this.#scratch.pop()) this.memory.release(buffer);
  }
}
