/** Addresses of kernel parameters in memory. */

/**
 * Where a kernel finds its numbers in its parameter block: the operands'
 * pointers, then for each loop its extent and the operands' strides, then
 * scalars (float64), then the random state.
 */
export class Parameters {
  readonly #operands: number;
  readonly #levels: number;
  readonly #scalars: number;

  /** The layout for these counts. */
  constructor(operands: number, levels: number, scalars: number) {
    this.#operands = operands;
    this.#levels = levels;
    this.#scalars = scalars;
  }

  /** Byte offset of an operand's pointer. */
  pointer(operand: number): number {
    return 4 * operand;
  }

  /** Byte offset of a loop's extent. */
  extent(level: number): number {
    return 4 * (this.#operands + level * (this.#operands + 1));
  }

  /** Byte offset of an operand's stride in a loop. */
  stride(level: number, operand: number): number {
    return this.extent(level) + 4 + 4 * operand;
  }

  /** Byte offset of a scalar. */
  scalar(index: number): number {
    return Math.ceil(this.extent(this.#levels) / 8) * 8 + 8 * index;
  }

  /** Byte offset of the random state's four words. */
  get random(): number {
    return this.scalar(this.#scalars);
  }

  /** Bytes of the block. */
  get bytes(): number {
    return this.random + 16;
  }
}
