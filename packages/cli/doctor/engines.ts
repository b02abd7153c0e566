/** Describes the engines of the CPU: WebAssembly, machine code and a native BLAS. */
import { CpuBackend } from "@troodon/troodon";

/** Engines that the CPU backend uses, with the reasons. */
export interface Engines {
  /** Instruction set of the native code; null if kernels are WebAssembly. */
  readonly instructions: string | null;
  /** Says if native code is used, and why or why not. */
  readonly native: string;
  /** Says if a native BLAS is used, and why or why not. */
  readonly blas: string;
  /** Operations that go to the BLAS, and the measurement behind this rule; null without a BLAS. */
  readonly blasRule: string | null;
  /** True if native code and WebAssembly give the same bits, as both or neither fuse multiply and add. */
  readonly sameBits: boolean;
}

/** Describes the engines of the CPU; `fusesMultiplyAdd` is true if WebAssembly fuses multiply and add here. */
export function describeEngines(fusesMultiplyAdd: boolean): Engines | null {
  if (!CpuBackend.isAvailable()) return null;
  using backend = new CpuBackend({ threads: 1 });
  const { native, blas, blasRule, engines } = backend;
  return { instructions: engines.native, native, blas, blasRule, sameBits: fusesMultiplyAdd };
}

/** Formats the engines as lines of text. */
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
