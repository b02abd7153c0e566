/** Numbers that shaders can hold: sizes and positions are u32, indices i32. */

/** One more than the largest u32, and than the largest i32. */
const WORDS = 2 ** 32, INDICES = 2 ** 31;

/** Whole numbers in the text of a shader that may be too large, and what they end with. */
const LITERAL = /(?<![\w.])(\d{10,})(u?)(?![\w.])/g;

/**
 * Refuses sizes of a call that its shader cannot hold: a number would come out smaller without a word, a constant
 * with a late error of the compiler.
 *
 * @param kernel Name of the kernel.
 * @param code Text of its shader.
 * @param words Numbers that it reads.
 * @throws {RangeError} If a number is not of 32 bits.
 */
export function checkNumbers(kernel: string, code: string, words: readonly number[]): void {
  const refuse = (value: number, most: number): never => {
    throw new RangeError(
      `Cannot run ${kernel}() on the GPU as its sizes must be below 2^${
        Math.log2(most)
      }: current one is ${value}`,
    );
  };
  for (const value of words) if (value >= WORDS) refuse(value, WORDS);
  for (const [, digits, suffix] of code.matchAll(LITERAL)) {
    const most = suffix === "u" ? WORDS : INDICES;
    if (Number(digits) >= most) refuse(Number(digits), most);
  }
}

/**
 * Refuses an extent of which a kernel gives positions.
 *
 * @throws {RangeError} If some of them are not int32.
 */
export function checkPositions(kernel: string, extent: number): void {
  if (extent <= INDICES) return;
  throw new RangeError(
    `Cannot run ${kernel}() on the GPU as positions must be below 2^31: current extent is ${extent}`,
  );
}
