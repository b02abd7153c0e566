/** Compiles functions of {@linkcode FunctionEmitter} and runs them on a memory of their own. */
import { type FunctionEmitter, moduleOf } from "./emitter.ts";

/** Functions with a memory, whose contents last until {@linkcode Kernels.reserve} is called again. */
export class Kernels<Exports extends { readonly memory: WebAssembly.Memory }> {
  /** The functions. */
  readonly run: Exports;
  #bytes: Uint8Array<ArrayBuffer>;

  /** Takes the functions of a module. */
  constructor(run: Exports) {
    this.run = run;
    this.#bytes = new Uint8Array(run.memory.buffer as ArrayBuffer);
  }

  /** Returns the memory, which has at least `size` bytes. */
  reserve(size: number): Uint8Array<ArrayBuffer> {
    const { memory } = this.run;
    if (size > this.#bytes.length) {
      memory.grow(Math.ceil((size - this.#bytes.length) / 65536));
      this.#bytes = new Uint8Array(memory.buffer as ArrayBuffer);
    }
    return this.#bytes;
  }
}

/** Compiles functions; returns null if the engine has no WebAssembly with vectors, or forbids compiling. */
export function compileKernels<Exports extends { readonly memory: WebAssembly.Memory }>(
  functions: () => Readonly<Record<string, FunctionEmitter>>,
): Kernels<Exports> | null {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(functions())));
    return new Kernels(exports as unknown as Exports);
  } catch {
    return null;
  }
}
