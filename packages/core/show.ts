/** Objects in consoles, and values as Python prints them. */

/** Key of the method by which consoles of Node and Deno show an object; both indent its text in lists and records. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** Key of the method by which a notebook of Jupyter shows an object, in the forms that it may choose from. */
const DISPLAY = Symbol.for("Jupyter.display");

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * Has the consoles of Deno and Node, and notebooks of Jupyter, show the instances of a class as their `toString()`: for its
 * static block.
 */
export function showAsText(type: { readonly prototype: object }): void {
  Object.defineProperty(type.prototype, DISPLAY, {
    configurable: true,
    value(this: object): Record<string, string> {
      const text = String(this);
      return { "text/plain": text, "text/html": `<pre>${escaped(text)}</pre>` };
    },
  });
  Object.defineProperty(type.prototype, INSPECT, {
    value(this: object): string {
      // A prototype is no instance: its getters would throw.
      return Object.hasOwn(this, "constructor") ? `${this.constructor.name}.prototype` : String(this);
    },
  });
}

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

/** An option of any kind: True, 0.9, (0.9, 0.999), None; of an object its class. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return showFlag(value);
  if (typeof value === "number") return showNumber(value);
  if (Array.isArray(value)) {
    const items = value.map(showValue);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  return typeof value === "object" ? value.constructor?.name ?? "object" : String(value);
}
