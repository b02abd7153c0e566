/** Where the recorded cases run. */
import { tape } from "@troodon/autograd";
import { Device, ReferenceBackend } from "@troodon/core";
import { CpuBackend, type CpuBackendOptions } from "@troodon/cpu";

/** Options of the CPU's engines, by the names of `--device`. */
const ENGINES: Readonly<Record<string, CpuBackendOptions>> = {
  cpu: {},
  native: { native: Deno.build.arch === "aarch64" ? "neon" : "avx2", blas: "off" },
  blas: { native: "off", blas: "auto" },
  wasm: { native: "off", blas: "off" },
};

/**
 * The CPU; the variable `TROODON_TEST_CPU` names its engine and a number of threads, which then share all work that can
 * be divided: "wasm", "native@3".
 */
function cpu(name: string): CpuBackend {
  const [engine, threads] = name.split("@") as [string, string?], options = ENGINES[engine];
  if (options === undefined) throw new RangeError(`Cannot test on ${name} as it must be a name of the CPU`);
  return new CpuBackend({ ...options, ...(threads !== undefined && { threads: Number(threads), grain: 0 }) });
}

/** One device for each backend, with a tape. */
export const DEVICES: readonly Device[] = [
  new Device(new ReferenceBackend(), { tape }),
  new Device(cpu(Deno.env.get("TROODON_TEST_CPU") || "cpu"), { tape }),
];
