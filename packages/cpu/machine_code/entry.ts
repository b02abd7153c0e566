/** Calls of machine code from JavaScript. */
import type { NativeExport } from "../targets/target.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import type { CFunctions } from "./c_library.ts";
import type { ExecutableMemory } from "./executable_memory.ts";

/** Address of the main thread's argument block: the margin before the first buffer. */
const BLOCK = 0;

/** The largest number of arguments of a function; the block has a word for each. */
export const MOST_PARAMETERS = 16;

/**
 * Returns a function that calls the machine code at `address` in the memory `code`, which works on the memory of
 * `words`. Only the thread that owns the WebAssembly memory may call it. The function throws a RangeError if
 * WebAssembly would trap.
 */
export function entry(
  { bsearch }: CFunctions,
  words: Int32Array,
  code: ExecutableMemory,
  address: bigint,
  { name, returns }: NativeExport,
): WasmFunction {
  const pointer = Deno.UnsafePointer.create(address), first = BLOCK / 4;
  return (...args) => {
    if (!code.isOpen) throw new TypeError(`Cannot call ${name}() as its backend must not be disposed of`);
    for (let i = 0; i < args.length; i++) words[first + i] = args[i]!;
    // A result other than 0 means "not found", for which bsearch returns the null pointer.
    if (bsearch(BLOCK, 1, 1, 1, pointer) === 0) {
      throw new RangeError(`Cannot run ${name}() as divisors must not be zero`);
    }
    return returns ? words[first]! : 0;
  };
}
