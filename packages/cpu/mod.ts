/**
 * The backend contract by WebAssembly SIMD kernels that are generated at run time.
 *
 * @module
 */

export {};
