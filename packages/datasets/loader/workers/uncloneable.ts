/** Search for values that cannot be sent in a message. */
import { isRecord } from "../../collate.ts";

/** Returns true if a structured clone of an object keeps its class. */
function keepsClass(value: object): boolean {
  try {
    return Object.getPrototypeOf(structuredClone(value)) === Object.getPrototypeOf(value);
  } catch {
    return false;
  }
}

/** Yields the parts of a value that are cloned with it, with the expression that accesses each. */
function* partsOf(value: object): Generator<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield [`[${i}]`, item];
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      yield [".keys()", key];
      yield [`.get(${typeof key === "string" ? JSON.stringify(key) : String(key)})`, item];
    }
  } else if (value instanceof Set) {
    for (const item of value) yield [".values()", item];
  } else {
    for (const [key, item] of Object.entries(value)) {
      yield [/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`, item];
    }
  }
}

function kindOf(value: unknown): string {
  if (typeof value === "function") return value.name ? `the function ${value.name}` : "a function";
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  const { constructor } = value;
  return typeof constructor === "function" && constructor.name ? `a ${constructor.name}` : "an object";
}

/** Returns true if an object is cloned part by part. */
const hasParts = (value: object): boolean =>
  Array.isArray(value) || value instanceof Map || value instanceof Set || isRecord(value);

/**
 * Finds the first part of a value that a message cannot carry, as an expression with its kind:
 * "workerData.transforms[1].f is the function flip"; returns null if there is none. Instances of classes that
 * are not built in are reported, because a structured clone turns them into plain objects without methods.
 *
 * @param value Value to search.
 * @param name Name of the value in the expression.
 */
export function findUncloneable(value: unknown, name: string, seen: Set<unknown> = new Set()): string | null {
  if (typeof value === "function" || typeof value === "symbol") return `${name} is ${kindOf(value)}`;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) {
    return null;
  }
  seen.add(value);
  if (!hasParts(value)) return keepsClass(value) ? null : `${name} is ${kindOf(value)}`;
  for (const [place, part] of partsOf(value)) {
    const fault = findUncloneable(part, name + place, seen);
    if (fault !== null) return fault;
  }
  return null;
}
