/** Arrays that the default collate made of plain numbers, whose dtype depends on their values. */
import type { HostArray } from "./host_array.ts";

const made = new WeakSet<object>();

/** Marks an array as made of plain numbers, and returns it. */
export function fromNumbers<A extends HostArray>(array: A): A {
  made.add(array);
  return array;
}

/** Returns true for arrays that were made of plain numbers. */
export function isFromNumbers(array: object): boolean {
  return made.has(array);
}
