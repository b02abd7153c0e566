/** Encodes addresses of slots as numbers, for kernels that calculate with addresses. */
import { Address, type Argument } from "../plan/address.ts";

/** Larger than any distance of two addresses in one memory, which is below 2^32. */
const SPAN = 2 ** 34;

/** Number that encodes an address; adding a distance in bytes gives the number of the shifted address. */
export function symbolOf(slot: number, offset: number): number {
  return (slot + 1) * SPAN + offset;
}

/** Argument that a number encodes: an address, or the number itself. */
export function argumentOf(value: number): Argument {
  const slot = Math.round(value / SPAN) - 1;
  return slot < 0 ? value : new Address(slot, value - symbolOf(slot, 0));
}
