/** Addresses that a plan is written in: known only once it is bound. */

/** The first slots of every plan: its table and its scratch memory. The operands follow. */
export const TABLE = 0, SCRATCH = 1, OPERANDS = 2;

/** A place in memory, a number of bytes from the start of a slot. */
export class Address {
  /** Number of the slot. */
  readonly slot: number;
  /** Bytes from its start. */
  readonly offset: number;

  /** The place `offset` bytes from the start of `slot`. */
  constructor(slot: number, offset: number) {
    this.slot = slot;
    this.offset = offset;
  }

  /** The place so many bytes further on. */
  plus(bytes: number): Address {
    return bytes === 0 ? this : new Address(this.slot, this.offset + bytes);
  }
}

/** An argument of a call that is planned. */
export type Argument = number | Address;

/** Argument increased by a number. */
export function grown(from: Argument, by: number): Argument {
  return typeof from === "number" ? from + by : from.plus(by);
}

/** By how much an argument grows from one call to the next; a TypeError if the two are in different slots. */
export function growth(from: Argument, to: Argument): number {
  if (typeof from === "number" && typeof to === "number") return to - from;
  if (typeof from === "object" && typeof to === "object" && from.slot === to.slot) {
    return to.offset - from.offset;
  }
  throw new TypeError("Cannot repeat a call as its arguments must stay in their slots: current slots differ");
}
