/** Where in a value lies what no message can carry. */
import { isRecord } from "../../collate.ts";

/** Whether a structured clone of an object has its class. */
function keepsClass(value: object): boolean {
  try {
    return Object.getPrototypeOf(structuredClone(value)) === Object.getPrototypeOf(value);
  } catch {
    return false;
  }
}

/** The parts of a value that are copied with it, by what is written behind its name. */
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

/** Whether an object is copied part by part. */
const hasParts = (value: object): boolean =>
  Array.isArray(value) || value instanceof Map || value instanceof Set || isRecord(value);

/**
 * The place of the first part of a value that a message cannot carry, as one would write it, and its kind:
 * "workerData.transforms[1].f is the function flip"; null if there is none. Objects of classes are such parts unless
 * they are built in: of them a structured clone makes plain objects without methods.
 *
 * @param value The value.
 * @param name Its name.
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
