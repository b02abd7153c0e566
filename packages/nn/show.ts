/** Values as Python prints them. */

/** A number: 1e-05 below 0.0001. */
export function showNumber(x: number): string {
  if (x === 0 || Math.abs(x) >= 1e-4) return String(x);
  return x.toExponential().replace(/e-(\d)$/, "e-0$1");
}

/** A number that is floating in Python: 1.0. */
export function showFloat(x: number): string {
  return Number.isInteger(x) && Math.abs(x) < 1e16 ? x.toFixed(1) : showNumber(x);
}

/** True or False. */
export function showFlag(on: boolean): string {
  return on ? "True" : "False";
}

/** A tuple: (1, 2), and (1,) of one; None for null. */
export function showTuple(values: readonly (number | null)[]): string {
  const items = values.map((v) => v ?? "None");
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** One number as it is, several as a tuple. */
export function showSizes(value: number | null | readonly (number | null)[]): string {
  return value === null || typeof value === "number" ? String(value ?? "None") : showTuple(value);
}
