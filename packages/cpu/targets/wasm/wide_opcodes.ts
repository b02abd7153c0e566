/** Instructions of modules with vectors of 32 bytes, which are compiled to machine code and never given to an engine. */

/**
 * Instructions without immediates. `half.low` and `half.high` move one half to the low one and clear the other;
 * `half.join` puts the low halves of two vectors side by side.
 */
export const WIDE_OPS = {
  "half.low": 0xfd400,
  "half.high": 0xfd401,
  "half.join": 0xfd402,
} as const;

/**
 * Loads and stores. `half.load` clears the high half. Those with a mask, a vector on top of the stack, access the
 * float32 lanes in which the mask's sign is set; the others are loaded as zero, and their memory is not touched.
 */
export const WIDE_MEMORY_OPS = {
  "half.load": [0xfd410, 4],
  "half.store": [0xfd411, 4],
  "mask.load32": [0xfd412, 2],
  "mask.store32": [0xfd413, 2],
} as const;

/** An instruction of modules with wide vectors. */
export type WideOp = keyof typeof WIDE_OPS;
/** A load or a store of modules with wide vectors. */
export type WideMemoryOp = keyof typeof WIDE_MEMORY_OPS;
