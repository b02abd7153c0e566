/** Fields of modules that recorded calls may depend on. */

/** Longest list or record whose items are compared; longer ones are compared by identity. */
const ITEMS = 256;

/** Number of nested levels of lists and records that are compared. */
const DEPTH = 3;

/** Stands for a `forward` method that hooks changed during the call. */
export const CHANGED: unique symbol = Symbol("changed");

/** Name of a field of a module and its value; lists and records are stored with copies of their items. */
export type ModuleField = readonly [key: string, value: unknown];

/** Returns the current fields of a module. */
export function fieldsOf(module: object): ModuleField[] {
  // ModuleList keeps its modules in a field that is not enumerable.
  return Object.entries(Object.getOwnPropertyDescriptors(module)).flatMap(([key, field]) =>
    "value" in field ? [[key, snapshot(field.value, DEPTH)] as const] : []
  );
}

/** Returns true if a field that {@linkcode fieldsOf} stored as `before` still holds the same in `value`. */
export function isAsWas(before: unknown, value: unknown): boolean {
  if (before instanceof Items) return before.equal(value);
  return Object.is(before, value);
}

/** Returns the modules in the fields of a module, directly or in lists and records. */
export function childModules(module: object): object[] {
  const found: object[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (isModule(value)) found.push(value);
    else if (depth > 0 && isItems(value)) { for (const [, item] of entriesOf(value)) visit(item, depth - 1); }
  };
  for (const value of Object.values(module)) visit(value, DEPTH);
  return found;
}

/** The `forward` method put on a module by hooks; null without hooks. */
export function ownForward(module: object): unknown {
  return Object.getOwnPropertyDescriptor(module, "forward")?.value ?? null;
}

/** Copy of the items of a list or record, which may change in place. */
class Items {
  readonly #of: object;
  readonly #items: readonly (readonly [key: unknown, value: unknown])[];

  constructor(of: object, depth: number) {
    this.#of = of;
    this.#items = entriesOf(of).map(([key, item]) => [key, snapshot(item, depth - 1)]);
  }

  /** Returns true if `value` is the list or record that was copied and has the same items. */
  equal(value: unknown): boolean {
    if (value !== this.#of) return false;
    const now = entriesOf(value as object);
    return now.length === this.#items.length &&
      this.#items.every(([key, item], i) => now[i]![0] === key && isAsWas(item, now[i]![1]));
  }
}

function snapshot(value: unknown, depth: number): unknown {
  return depth > 0 && isItems(value) && entriesOf(value).length <= ITEMS ? new Items(value, depth) : value;
}

function isItems(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || value instanceof Map || Object.getPrototypeOf(value) === Object.prototype;
}

function entriesOf(items: object): (readonly [key: unknown, value: unknown])[] {
  return items instanceof Map ? [...items] : Object.entries(items);
}

/** Returns true for a function with a `forward()` method, as modules are. */
function isModule(value: unknown): value is object {
  return typeof value === "function" && typeof (value as { forward?: unknown }).forward === "function";
}
