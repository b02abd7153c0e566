/** Addresses of slots as plain numbers, for kernels that calculate with addresses. */
import { Address, type Argument } from "../plan/address.ts";

/** Far more than the distance of two addresses in one memory, which is below 2^32. */
const SPAN = 2 ** 34;

/** A number that stands for an address: sums with distances in bytes stand for the addresses so far away. */
export function symbolOf(slot: number, offset: number): number {
  return (slot + 1) * SPAN + offset;
}

/** The argument that a number stands for: itself, or an address. */
export function argumentOf(value: number): Argument {
  const slot = Math.round(value / SPAN) - 1;
  return slot < 0 ? value : new Address(slot, value - symbolOf(slot, 0));
}
