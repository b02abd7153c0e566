/** Interfaces of targets: processors that kernels are compiled for. */

/** Bytes of a vector: 16 in WebAssembly and on ARM's NEON, 32 with AVX2. */
export type VectorBytes = 16 | 32;

/** A function of a module that was compiled to machine code. */
export interface NativeExport {
  /** Name under which the module exports the function. */
  readonly name: string;
  /** Offset of its entry in bytes from the start of the code. */
  readonly offset: number;
  /** Number of its arguments, all of them int32. */
  readonly parameters: number;
  /** True if it returns an int32. */
  readonly returns: boolean;
}

/**
 * Machine code of a module. It is position-independent and calls nothing outside itself.
 *
 * An entry takes one argument, in the first integer register: the address of a block of words in the WebAssembly
 * memory. The block holds the function's int32 arguments in order; the entry stores the result over the first word. It
 * returns 0 in the first integer register, or 1 if WebAssembly would trap. The code must begin at a multiple of 32
 * bytes.
 */
export interface MachineCode {
  /** Instructions and the constants behind them. */
  readonly bytes: Uint8Array;
  /** Functions that the module exports, in the order of its export section. */
  readonly exports: readonly NativeExport[];
}

/** A processor that modules can be compiled for. */
export interface Target {
  /** Name of the instruction set, such as "AVX2". */
  readonly name: string;
  /** Bytes of a vector in modules for this target. */
  readonly vectorBytes: VectorBytes;
  /**
   * Compiles a module of `ModuleBuilder` to machine code that works on the WebAssembly memory at the address `base`.
   * Returns the reason as text if the module needs something that the target does not offer, such as a function of the
   * host.
   */
  compile(module: Uint8Array, base: bigint): MachineCode | string;
}
