/** Opens the CPU by the name of its engine. */
import { CpuBackend, type CpuBackendOptions } from "@troodon/cpu";

/**
 * Names of the CPU: the fastest engine, native code without a BLAS, WebAssembly with a native BLAS, WebAssembly alone.
 */
export const CPU_NAMES = ["cpu", "native", "blas", "wasm"] as const;

type CpuName = typeof CPU_NAMES[number];

const OPTIONS: Readonly<Record<CpuName, () => CpuBackendOptions>> = {
  cpu: () => ({}),
  // Named instructions are an error where there are none.
  native: () => ({ native: architecture() === "aarch64" ? "neon" : "avx2", blas: "off" }),
  blas: () => ({ native: "off", blas: "auto" }),
  wasm: () => ({ native: "off", blas: "off" }),
};

/**
 * Opens the CPU by one of {@linkcode CPU_NAMES}, optionally with `@` and a number of threads: "wasm@1". Returns null
 * for other names.
 *
 * @throws {TypeError} If the name asks for machine code or a BLAS that cannot be used here.
 */
export function openCpu(name: string): CpuBackend | null {
  const [kind, threads] = name.split("@") as [string, string?];
  if (!isCpuName(kind)) return null;
  const own = OPTIONS[kind]();
  const backend = new CpuBackend(threads === undefined ? own : { ...own, threads: Number(threads) });
  if (kind === "blas" && backend.engines.blas === null) {
    throw new TypeError(`Cannot open the device "blas" as there must be a native BLAS: ${backend.blas}`);
  }
  return backend;
}

function isCpuName(name: string): name is CpuName {
  return (CPU_NAMES as readonly string[]).includes(name);
}

function architecture(): string {
  return typeof Deno === "undefined" ? "unknown" : Deno.build.arch;
}
