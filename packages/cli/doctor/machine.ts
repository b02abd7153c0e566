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
    /** True if relaxed SIMD rounds a product and a sum once, as processors with FMA do. */
    readonly fusesMultiplyAdd: boolean;
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
    wasm: {
      simd: hasVectors(),
      relaxedSimd: hasVectors(RELAXED_MADD),
      fusesMultiplyAdd: fusesMultiplyAdd(),
      sharedMemory: hasSharedMemory(),
    },
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
const MADD = [0xfd, 0x85, 2]; // f32x4.relaxed_madd
const RELAXED_MADD = [...SPLAT, ...SPLAT, ...MADD];
/** Result types of a WebAssembly function. */
const [FLOAT, VECTOR] = [0x7d, 0x7b];

/** Bytes of a module whose function "f" takes nothing and returns one value of type `result`. */
function moduleOf(result: number, body: readonly number[]): Uint8Array<ArrayBuffer> {
  const code = [0, ...body, 0x0b];
  const section = (id: number, ...bytes: readonly number[]) => [id, bytes.length, ...bytes];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 1, result),
    ...section(3, 1, 0),
    ...section(7, 1, 1, "f".charCodeAt(0), 0, 0),
    ...section(10, 1, code.length, ...code),
  ]);
}

/**
 * Returns true if a module with a function that returns a vector is valid; `more` are instructions applied to the
 * vector.
 */
function hasVectors(more: readonly number[] = []): boolean {
  return WebAssembly.validate(moduleOf(VECTOR, [...SPLAT, ...more]));
}

/** Calculates (1 + 2^-12)^2 - (1 + 2^-11): 2^-24 if rounded once, and 0 if the product is rounded too. */
function fusesMultiplyAdd(): boolean {
  const splat = (x: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(x).buffer), 0xfd, 0x13];
  const factor = splat(1 + 2 ** -12);
  const bytes = moduleOf(FLOAT, [...factor, ...factor, ...splat(-1 - 2 ** -11), ...MADD, 0xfd, 0x1f, 0]);
  if (!WebAssembly.validate(bytes)) return false;
  try {
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    return (f as () => number)() !== 0;
  } catch {
    return false; // The engine may not be allowed to compile.
  }
}

function hasSharedMemory(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof
      SharedArrayBuffer;
  } catch {
    return false;
  }
}
