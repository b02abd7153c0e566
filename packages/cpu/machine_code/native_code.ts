/** Compiles modules to machine code for one memory. */
import type { CpuMemory } from "../memory.ts";
import type { Target } from "../targets/target.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import type { MachineFunction } from "../threads/crew.ts";
import { baseOf, type CLibrary } from "./c_library.ts";
import { entry, MOST_PARAMETERS } from "./entry.ts";
import { ExecutableMemory } from "./executable_memory.ts";

/** Compiles modules to machine code that works on one memory, and holds the code. */
export class NativeCode implements Disposable {
  /** Instruction set that modules are compiled for. */
  readonly target: Target;
  /** The name under which other threads open the C library. */
  readonly cLibrary: string;
  readonly #library: CLibrary;
  readonly #base: bigint;
  readonly #words: Int32Array;
  readonly #code: ExecutableMemory;
  readonly #sources = new WeakMap<WasmFunction, MachineFunction>();

  /** Prepares code for `memory`, which must be shared, so that it does not move. */
  constructor(target: Target, library: CLibrary, { memory }: CpuMemory) {
    this.target = target;
    this.cLibrary = library.path;
    this.#library = library;
    this.#base = baseOf(memory);
    this.#words = new Int32Array(memory.buffer);
    this.#code = new ExecutableMemory(library);
  }

  /** Number of bytes of all code. */
  get bytes(): number {
    return this.#code.bytes;
  }

  /** Compiles a module; returns its exported functions, or the reason why it stays WebAssembly. */
  compile(module: Uint8Array): Readonly<Record<string, WasmFunction>> | string {
    const compiled = this.target.compile(module, this.#base);
    if (typeof compiled === "string") return compiled;
    const { bytes, exports } = compiled;
    // Without arguments, the block has no word for the result.
    if (exports.some(({ parameters: count }) => count === 0 || count > MOST_PARAMETERS)) {
      return `functions take 1 to ${MOST_PARAMETERS} arguments`;
    }
    const start = this.#code.place(bytes), functions: Record<string, WasmFunction> = {};
    for (const exported of exports) {
      const address = start + BigInt(exported.offset), { name, returns } = exported;
      const fn = entry(this.#library.functions, this.#words, this.#code, address, exported);
      functions[name] = fn;
      this.#sources.set(fn, { address, returns });
    }
    return functions;
  }

  /** Returns the source from which other threads get a function; undefined if it is not machine code. */
  source(fn: WasmFunction): MachineFunction | undefined {
    return this.#sources.get(fn);
  }

  /** Returns the code to the system; its functions throw afterward. No thread may be running it. */
  [Symbol.dispose](): void {
    this.#code[Symbol.dispose]();
  }
}
