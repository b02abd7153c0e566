/** Detects the instruction sets of the processor. */
import type { CLibrary } from "./c_library.ts";
import { ExecutableMemory } from "./executable_memory.ts";

/** Instruction sets that code can be emitted for. */
export interface Features {
  /** AVX2, FMA and the other instructions of x86-64-v3. */
  readonly avx2: boolean;
  /** AVX-512 F, DQ, BW and VL. */
  readonly avx512: boolean;
  /** NEON, which every arm64 processor has. */
  readonly neon: boolean;
}

/** Words of the result: from cpuid leaf 1, leaf 7 and the extended leaf, then the registers that the system saves. */
const LEAF_1 = 0, LEAF_7 = 1, EXTENDED = 2, SAVED = 3;

let known: Features | undefined;

/**
 * Returns the instruction sets of the processor, found by running a few instructions.
 *
 * @throws {TypeError} If the system does not let memory be executable.
 */
export function detectFeatures(library: CLibrary): Features {
  return known ??= Deno.build.arch === "x86_64"
    ? askX64(library)
    : { avx2: false, avx512: false, neon: tryCode(library) };
}

/** Runs a function that returns immediately, to test if memory can be executable. */
function tryCode(library: CLibrary): boolean {
  using memory = new ExecutableMemory(library);
  // mov w0, #0; ret
  const code = Uint8Array.of(0x00, 0x00, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6);
  library.functions.bsearch(0, 0, 1, 1, Deno.UnsafePointer.create(memory.place(code)));
  return true;
}

function askX64(library: CLibrary): Features {
  using memory = new ExecutableMemory(library);
  const words = new Uint32Array(4);
  const to = new Uint8Array(
    BigUint64Array.of(BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(words)))).buffer,
  );
  /** Runs instructions after saving rbx and setting r8 to the address of the words. */
  const ask = (...code: number[]): void => {
    // push rbx; mov r8, to; ...; pop rbx; xor eax, eax; ret
    const all = Uint8Array.of(0x53, 0x49, 0xb8, ...to, ...code, 0x5b, 0x31, 0xc0, 0xc3);
    library.functions.bsearch(0, 0, 1, 1, Deno.UnsafePointer.create(memory.place(all)));
  };
  /** mov eax, leaf; xor ecx, ecx; cpuid; mov [r8 + 4 * word], ecx or ebx */
  const cpuid = (leaf: number, register: "ecx" | "ebx", word: number): void =>
    ask(
      0xb8,
      ...new Uint8Array(Uint32Array.of(leaf).buffer),
      ...[0x31, 0xc9, 0x0f, 0xa2, 0x41, 0x89, register === "ecx" ? 0x48 : 0x58, 4 * word],
    );
  cpuid(1, "ecx", LEAF_1);
  cpuid(7, "ebx", LEAF_7);
  cpuid(0x80000001, "ecx", EXTENDED);
  const has = (word: number, ...bits: number[]): boolean =>
    bits.every((bit) => (words[word]! >>> bit & 1) === 1);
  // xor ecx, ecx; xgetbv; mov [r8 + 4 * SAVED], eax. Valid only if the system has enabled it.
  if (has(LEAF_1, 27)) ask(0x31, 0xc9, 0x0f, 0x01, 0xd0, 0x41, 0x89, 0x40, 4 * SAVED);
  // xmm and ymm.
  const avx2 = has(SAVED, 1, 2) &&
    // FMA, SSE4.2, MOVBE, POPCNT, AVX, F16C; BMI1, AVX2, BMI2; LZCNT.
    has(LEAF_1, 12, 20, 22, 23, 28, 29) && has(LEAF_7, 3, 5, 8) && has(EXTENDED, 5);
  // Masks and both halves of zmm; F, DQ, BW, VL.
  return { avx2, avx512: avx2 && has(SAVED, 5, 6, 7) && has(LEAF_7, 16, 17, 30, 31), neon: false };
}
