/** Values that options must not have. */
import { assert, assertThrows } from "@std/assert";

export type Values = readonly unknown[];
export type Options = Readonly<Record<string, unknown>>;
/** Values that options must not have, and after them the outermost that they may. */
export type OptionTable = Readonly<Record<string, readonly [Values, ...unknown[]]>>;

export const NOT_FINITE: Values = [NaN, Infinity, -Infinity, null, "1"];
export const BELOW_0: Values = [-1e-9, ...NOT_FINITE];
export const NOT_ABOVE_0: Values = [0, ...BELOW_0];
export const NO_COUNT: Values = [0, -1, 1.5, ...NOT_FINITE];

/** Sees `act` refuse an option by its name. */
export function refuses(act: () => unknown, owner: string, option: string): void {
  const error = assertThrows(act);
  assert(error instanceof RangeError || error instanceof TypeError, `${error}`);
  assert(error.message.startsWith(`Cannot use ${owner} as ${option}`), error.message);
}
