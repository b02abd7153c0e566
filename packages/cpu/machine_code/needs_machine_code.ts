/** Stands in for what only machine code needs, in pages. */

/**
 * Never called in a page, where no context has vectors of 32 bytes.
 *
 * @throws {TypeError} Always.
 */
export function needsMachineCode(): never {
  throw new TypeError(
    "Cannot build kernels for vectors of 32 bytes as they need machine code: a page runs none",
  );
}
