/** Properties of this machine and this runtime. */
import { runtimeFiles, runtimeHost } from "@troodon/io";

/** Processor, and its features in WebAssembly. */
export interface Machine {
  /** "Deno 2.9.6". */
  readonly runtime: string;
  /** "V8 15.0". */
  readonly engine: string;
  /** "linux x86_64". */
  readonly system: string;
  /** Name of the processor; null if the system does not report it. */
  readonly processor: string | null;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly wasm: {
    readonly simd: boolean;
    /** Relaxed SIMD, such as fused multiply-add. */
    readonly relaxedSimd: boolean;
    /** Memory shared between threads. */
    readonly sharedMemory: boolean;
  };
}

/** Describes this machine and its runtime. */
export function describeMachine(): Machine {
  const host = runtimeHost(), [runtime, engine] = Object.entries(host.versions);
  return {
    runtime: (runtime ?? [host.runtime]).join(" "),
    engine: engine === undefined ? "" : `${engine[0]} ${engine[1].split(".").slice(0, 2).join(".")}`,
    system: `${host.system} ${host.architecture}`,
    processor: processorName(),
    threads: host.threads,
    memoryBytes: host.memoryBytes() ?? 0,
    wasm: { simd: hasVectors(), relaxedSimd: hasVectors(RELAXED_MADD), sharedMemory: hasSharedMemory() },
  };
}

function processorName(): string | null {
  try {
    const text = new TextDecoder().decode(runtimeFiles().readSync("/proc/cpuinfo"));
    return text.match(/^model name\s*:\s*(.*)$/m)?.[1] ?? null;
  } catch {
    return null; // Not Linux.
  }
}

const SPLAT = [0x41, 0, 0xfd, 0x0f]; // i32.const 0, i8x16.splat
const RELAXED_MADD = [...SPLAT, ...SPLAT, 0xfd, 0x85, 2]; // f32x4.relaxed_madd

/**
 * Returns true if a module with a function that returns a vector is valid; `more` are instructions applied to the
 * vector.
 */
function hasVectors(more: readonly number[] = []): boolean {
  const code = [0, ...SPLAT, ...more, 0x0b];
  const section = (id: number, ...bytes: readonly number[]) => [id, bytes.length, ...bytes];
  return WebAssembly.validate(Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 1, 0x7b), // () -> v128
    ...section(3, 1, 0),
    ...section(10, 1, code.length, ...code),
  ]));
}

function hasSharedMemory(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof
      SharedArrayBuffer;
  } catch {
    return false;
  }
}
