/** The C library of this process: it provides memory that code can run in, and calls this code. */

/**
 * `bsearch` with one element calls its comparison once, with the key and the element. With emitted code as the
 * comparison it makes an address callable as a symbol: nanoseconds, where `Deno.UnsafeFnPointer` takes microseconds.
 */
const SYMBOLS = {
  bsearch: { parameters: ["u32", "u32", "u32", "u32", "pointer"], result: "u32" },
  mmap: { parameters: ["usize", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
  mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
} as const;

/** Functions of the C library. */
export type CFunctions = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** An opened C library. */
export interface CLibrary {
  /** Name under which other threads open the library. */
  readonly path: string;
  readonly functions: CFunctions;
  /** Makes the processor see instructions written to a range of memory; null if it does so by itself. */
  readonly flush: Flush | null;
}

/** Flushes the instruction cache for a range of memory. */
export type Flush = (start: Deno.PointerValue, end: Deno.PointerValue) => void;

let opened: CLibrary | null | undefined;

/** Opens the C library (glibc or musl) on Linux; returns null on other systems, where code has not been tested. */
export function openCLibrary(): CLibrary | null {
  if (opened === undefined) opened = open();
  return opened;
}

function open(): CLibrary | null {
  if (Deno.build.os !== "linux") return null;
  for (const path of ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`]) {
    try {
      return { path, functions: Deno.dlopen(path, SYMBOLS).symbols, flush: openFlush() };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
  return null;
}

/** Returns the function of the compiler's library that flushes the instruction cache, which arm64 needs. */
function openFlush(): Flush | null {
  if (Deno.build.arch !== "aarch64") return null;
  const { symbols } = Deno.dlopen("libgcc_s.so.1", {
    __clear_cache: { parameters: ["pointer", "pointer"], result: "void" },
  });
  return (start, end) => symbols.__clear_cache(start, end);
}

/** Returns the address of a WebAssembly memory. A shared memory never moves, as its maximum is reserved at once. */
export function baseOf(memory: WebAssembly.Memory): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(memory.buffer))));
}
