/** What calculates on the CPU: WebAssembly, machine code or a native BLAS, and why. */
import { CpuBackend } from "@troodon/troodon";

/** How the CPU calculates. */
export interface Engines {
  /** Instruction set of the machine code in place of WebAssembly; null for none. */
  readonly instructions: string | null;
  /** Whether there is machine code, and why or why not. */
  readonly native: string;
  /** Whether a native BLAS is used, and why or why not. */
  readonly blas: string;
  /** What the BLAS is used for, and what that was measured by; null without a BLAS. */
  readonly blasRule: string | null;
  /** True if machine code gives the bits of WebAssembly, as both or neither fuse multiplications with additions. */
  readonly sameBits: boolean;
}

/** Describes the engines of the CPU; `fusesMultiplyAdd` tells whether WebAssembly fuses here. */
export function describeEngines(fusesMultiplyAdd: boolean): Engines | null {
  if (!CpuBackend.isAvailable()) return null;
  using backend = new CpuBackend({ threads: 1 });
  const { native, blas, blasRule, engines } = backend;
  return { instructions: engines.native, native, blas, blasRule, sameBits: fusesMultiplyAdd };
}

/** Formats the engines in lines. */
export function engineLines({ instructions, native, blas, blasRule, sameBits }: Engines): string[] {
  const bits = sameBits
    ? ", with the bits of WebAssembly, which fuses multiply and add here"
    : ", whose last bits differ from WebAssembly's, which does not fuse multiply and add here";
  return [
    `${capitalized(native)}${instructions === null ? "" : bits}`,
    `${capitalized(blas)}${blasRule === null ? "" : `, for ${blasRule}`}`,
  ];
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
