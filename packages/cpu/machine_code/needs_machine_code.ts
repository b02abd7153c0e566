/** Replaces code for wide vectors in pages. */

/**
 * Throws: pages have no contexts with vectors of 32 bytes, so nothing calls it there.
 *
 * @throws {TypeError} Always.
 */
export function needsMachineCode(): never {
  throw new TypeError(
    "Cannot build kernels for vectors of 32 bytes as they need machine code: a page runs none",
  );
}
