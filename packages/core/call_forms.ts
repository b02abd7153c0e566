/** The forms of arguments that PyTorch takes: sizes in a row or as a list, options behind either. */
import { type DType, isDType } from "./dtype.ts";
import type { Shape } from "./shape.ts";

/** A list of sizes, or the sizes one by one: `x.view([2, 3])` and `x.view(2, 3)`. */
export type Sizes = readonly [sizes: readonly number[]] | readonly [size: number, ...sizes: number[]];

/** The shape of a new tensor, one by one, and options behind it: `zeros(2, 3)`, `zeros(2, 3, { dtype })`. */
export type SizesThen<O> =
  | readonly [size: number, ...sizes: number[]]
  | readonly [size: number, ...sizesAndOptions: [...number[], O]];

/** Maximum number of characters, list items and nested lists shown in an error. */
const LETTERS = 200, ITEMS = 40, DEEP = 6;

/** Returns true for functions that are instances of a class, such as modules. */
export function isInstance(value: unknown): value is CallableFunction {
  return typeof value === "function" && !/Function$/.test(value.constructor?.name ?? "Function");
}

/** Formats any value for an error message, in one or two lines. */
export function showArgument(value: unknown, deep: number = DEEP): string {
  const several = (texts: readonly string[], count: number): string =>
    [...texts, ...(count > ITEMS ? ["..."] : [])].join(", ");
  if (typeof value === "string") {
    return JSON.stringify(value.length > LETTERS ? `${value.slice(0, LETTERS)}...` : value);
  }
  if (isInstance(value)) return `a ${value.constructor.name}`;
  if (typeof value === "function") return value.name || "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) {
    if (deep === 0 && value.length > 0) return "[...]";
    return `[${several(value.slice(0, ITEMS).map((item) => showArgument(item, deep - 1)), value.length)}]`;
  }
  const { constructor } = value;
  if (typeof constructor === "function" && constructor !== Object) return `a ${constructor.name}`;
  if (deep === 0) return "{...}";
  const entries = Object.entries(value);
  const texts = entries.slice(0, ITEMS).map(([key, item]) =>
    `${key.slice(0, LETTERS)}: ${showArgument(item, deep - 1)}`
  );
  return `{ ${several(texts, entries.length)} }`;
}

function refuseSizes(name: string, given: readonly unknown[], options: string): never {
  throw new TypeError(
    `Cannot apply ${name}() as sizes must be numbers, or one array of them${options}: ${
      given.length === 0
        ? "there are no arguments"
        : `current ones are ${given.map((one) => showArgument(one)).join(", ")}`
    }`,
  );
}

const isNumber = (value: unknown): value is number => typeof value === "number";

/** The list of sizes that `given` are: themselves, or the one array among them. */
export function sizesOf(name: string, given: Sizes): readonly number[] {
  const [first] = given as readonly unknown[];
  if (given.length === 1 && Array.isArray(first)) return first;
  if (given.length === 0 || !given.every(isNumber)) refuseSizes(name, given, "");
  return given;
}

/** The shape and the options that `given` are: an array, or sizes one by one, and options behind them. */
export function shapeThen<O extends DType | object>(
  name: string,
  given: readonly unknown[],
  isLast: (value: unknown) => boolean = isOptions,
): readonly [shape: Shape, options: O | undefined] {
  const [first, second] = given;
  if (Array.isArray(first) && given.length <= 2 && (second === undefined || isLast(second))) {
    return [first, second as O | undefined];
  }
  const last = given.at(-1), named = isLast(last) || (given.length > 1 && last === undefined);
  const sizes = named ? given.slice(0, -1) : given;
  if (sizes.length === 0 || !sizes.every(isNumber)) {
    refuseSizes(name, given, `, and options an object such as { dtype: "float64" }`);
  }
  return [sizes, named ? last as O : undefined];
}

/** Returns true for objects that may be options, and for a dtype in their place. */
export function isOptionsOrDType(value: unknown): boolean {
  return isOptions(value) || isDType(value);
}

/** Returns true for objects that may be options: no arrays, no tensors. */
export function isOptions(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("buffer" in value);
}

/** Up to `most` numbers, and the options behind them: `arange(0, 10, { dtype })`. */
export function numbersThen<O extends object>(
  name: string,
  given: readonly unknown[],
  most: number,
): readonly [numbers: [number, ...(number | undefined)[]], options: O | undefined] {
  const at = given.findIndex(isOptions), numbers = at < 0 ? given.slice(0, most) : given.slice(0, at);
  const rest = given.slice(numbers.length + (at < 0 ? 0 : 1));
  const fits = isNumber(numbers[0]) && numbers.length <= most && rest.every((value) => value === undefined) &&
    numbers.every((value) => value === undefined || isNumber(value));
  if (!fits) {
    throw new TypeError(
      `Cannot apply ${name}() as there must be 1 to ${most} numbers, and options as an object behind them: ` +
        `current arguments are ${given.map((one) => showArgument(one)).join(", ") || "none"}`,
    );
  }
  return [numbers as [number, ...(number | undefined)[]], at < 0 ? undefined : given[at] as O];
}
