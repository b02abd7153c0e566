/** The processor in a page whose policy may forbid WebAssembly. */
import { CpuBackend } from "@troodon/cpu";

/** Report of the page: availability of the backend, and the error of making one. */
export interface PolicyReport {
  readonly available: boolean;
  /** The error of making a backend; null if there was none. */
  readonly error: string | null;
}

/** Tries to make a backend. */
export function main(): PolicyReport {
  const available = CpuBackend.isAvailable();
  try {
    new CpuBackend()[Symbol.dispose]();
    return { available, error: null };
  } catch (error) {
    return { available, error: String(error) };
  }
}
