import { isDeepStrictEqual } from "node:util";

/** Compares what holds indexed or named values; `NaN` equals itself and `-0` equals `0`, as in the published package. */
export function equal(a: unknown, b: unknown, seen: Map<object, object> = new Map()): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if ((a.constructor ?? Object) !== (b.constructor ?? Object)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (ArrayBuffer.isView(a) && !(a instanceof DataView)) return equalArrays(a, b, seen);
  const isPlain = (a.constructor ?? Object) === Object || Array.isArray(a) || Object.keys(a).length > 0;
  return isPlain ? equalFields(a, b, seen) : isDeepStrictEqual(a, b);
}

function equalArrays(a: ArrayBufferView, b: object, seen: Map<object, object>): boolean {
  const left = Array.from(a as Uint8Array), right = Array.from(b as Uint8Array);
  return left.length === right.length && left.every((value, i) => equal(value, right[i], seen));
}

function equalFields(a: object, b: object, seen: Map<object, object>): boolean {
  const keys = Reflect.ownKeys(a).filter((key) => Object.prototype.propertyIsEnumerable.call(a, key));
  const others = Reflect.ownKeys(b).filter((key) => Object.prototype.propertyIsEnumerable.call(b, key));
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  return keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(Reflect.get(a, key), Reflect.get(b, key), seen));
}
