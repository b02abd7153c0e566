/** Invalid values of options. */
import { assert, assertThrows } from "@std/assert";

export type Values = readonly unknown[];
export type Options = Readonly<Record<string, unknown>>;
/** Invalid values of each option, followed by the most extreme valid ones. */
export type OptionTable = Readonly<Record<string, readonly [Values, ...unknown[]]>>;

export const NOT_FINITE: Values = [NaN, Infinity, -Infinity, null, "1"];
export const BELOW_0: Values = [-1e-9, ...NOT_FINITE];
export const NOT_ABOVE_0: Values = [0, ...BELOW_0];
export const NO_COUNT: Values = [0, -1, 1.5, ...NOT_FINITE];

/** Asserts that `act` throws an error that names an option. */
export function refuses(act: () => unknown, owner: string, option: string): void {
  const error = assertThrows(act);
  assert(error instanceof RangeError || error instanceof TypeError, `${error}`);
  assert(error.message.startsWith(`Cannot use ${owner} as ${option}`), error.message);
}
