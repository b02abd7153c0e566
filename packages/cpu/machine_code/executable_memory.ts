/** Memory that holds machine code. */
import type { CFunctions, CLibrary, Flush } from "./c_library.ts";

/** Bits of `mmap` and `mprotect` on Linux. */
const [READ, WRITE, EXECUTE] = [1, 2, 4], PRIVATE_ANONYMOUS = 0x22;
/** Pages of x64 have 4 KiB, those of arm64 up to 64 KiB. */
const PAGE = { x86_64: 4096, aarch64: 65536 } as const;
/** Number of bytes that are requested from the system at once. */
const ARENA = 1 << 20;

/** A range of memory from the system. */
interface Arena {
  readonly address: bigint;
  readonly bytes: number;
  used: number;
}

/** Memory to return to the system when an {@linkcode ExecutableMemory} is collected; must not refer to it. */
interface Holdings {
  readonly functions: CFunctions;
  readonly arenas: Arena[];
}

const abandoned = new FinalizationRegistry(free);

/** Memory for the machine code of one owner. A page is first writable, then executable, never both at once. */
export class ExecutableMemory {
  readonly #functions: CFunctions;
  readonly #flush: Flush | null;
  readonly #holdings: Holdings;
  #bytes = 0;
  #isOpen = true;

  /** Makes an empty memory, which returns its pages to the system when it is disposed of or collected. */
  constructor({ functions, flush }: CLibrary) {
    this.#functions = functions;
    this.#flush = flush;
    this.#holdings = { functions, arenas: [] };
    abandoned.register(this, this.#holdings, this);
  }

  /** True until the memory is disposed of. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Number of bytes of all code in the memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Copies code to pages of its own and makes them executable; returns the address of the first byte.
   *
   * @throws {TypeError} If the system refuses memory, or does not let it be executed.
   */
  place(code: Uint8Array): bigint {
    if (!this.#isOpen) throw new TypeError("Cannot place machine code as its memory must not be disposed of");
    const page = PAGE[Deno.build.arch], bytes = Math.ceil(Math.max(1, code.length) / page) * page;
    const arena = this.#arenaFor(bytes), address = arena.address + BigInt(arena.used);
    const pointer = Deno.UnsafePointer.create(address)!;
    new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, bytes)).set(code);
    if (this.#functions.mprotect(pointer, BigInt(bytes), READ | EXECUTE) !== 0) {
      throw new TypeError("Cannot run machine code as the system must let memory be executable");
    }
    this.#flush?.(pointer, Deno.UnsafePointer.create(address + BigInt(bytes)));
    arena.used += bytes;
    this.#bytes += code.length;
    return address;
  }

  /** Returns all pages to the system. No code may be running in them. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    abandoned.unregister(this);
    free(this.#holdings);
  }

  #arenaFor(bytes: number): Arena {
    const { arenas } = this.#holdings, last = arenas.at(-1);
    if (last !== undefined && last.used + bytes <= last.bytes) return last;
    const size = Math.max(ARENA, bytes);
    const pointer = this.#functions.mmap(0n, BigInt(size), READ | WRITE, PRIVATE_ANONYMOUS, -1, 0n);
    const address = BigInt(Deno.UnsafePointer.value(pointer));
    // Failure is the address -1.
    if (address === 0n || BigInt.asIntN(64, address) === -1n) {
      throw new TypeError(`Cannot take ${size} bytes for machine code as the system must have memory left`);
    }
    const arena = { address, bytes: size, used: 0 };
    arenas.push(arena);
    return arena;
  }
}

function free({ functions, arenas }: Holdings): void {
  for (const { address, bytes } of arenas.splice(0)) {
    functions.munmap(Deno.UnsafePointer.create(address), BigInt(bytes));
  }
}
