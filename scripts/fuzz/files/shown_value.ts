/** Values as text, for comparison between runs or languages. */
import { Tensor } from "@troodon/core";
import { crc32 } from "@troodon/io";

/** Length from which on a text is represented by its CRC-32. */
const LONGEST = 2000;
const DEEPEST = 400;

const hex = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, "0");

/**
 * Formats a value: containers by their contents in order, tensors and arrays by shape, dtype and the CRC-32
 * of their elements. `scripts/fuzz/files/other_readers.py` formats Python values in the same way.
 */
export async function shownValue(value: unknown): Promise<string> {
  const text = await shown(value, 0);
  return text.length > LONGEST ? `${text.length} letters, ${hex(new TextEncoder().encode(text))}` : text;
}

async function shown(value: unknown, depth: number): Promise<string> {
  if (depth > DEEPEST) return "...";
  if (typeof value === "string") return `s${hex(new TextEncoder().encode(value))}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Number.isNaN(value) ? "nan" : numberText(value);
  if (isModule(value)) return `M${value.constructor.name}${await shown(value.stateDict(), depth + 1)}`;
  if (typeof value !== "object" || value === null) return typeof value === "function" ? "?" : String(value);
  if (value instanceof Tensor) return await shownTensor(value);
  if (value instanceof Uint8Array) return `b${value.length}:${hex(value)}`;
  if (ArrayBuffer.isView(value)) {
    return `a${value.constructor.name}:${
      hex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    }`;
  }
  if (Array.isArray(value)) return `[${(await all(value, depth)).join(",")}]`;
  if (value instanceof Set) return `{${(await all([...value], depth)).sort().join(",")}}`;
  const entries = value instanceof Map ? [...value as Map<unknown, unknown>] : Object.entries(value);
  const items = await all(entries.map(([, item]) => item), depth);
  return `{${entries.map(([key], i) => `${String(key)}:${items[i]}`).join(",")}}`;
}

/** Modules are functions. */
function isModule(value: unknown): value is { stateDict(): unknown; dispose(): void } {
  return typeof value === "function" && "stateDict" in value && "dispose" in value;
}

async function all(values: readonly unknown[], depth: number): Promise<string[]> {
  const texts: string[] = [];
  for (const value of values) texts.push(await shown(value, depth + 1));
  return texts;
}

/** Returns the bits of a number that is not an integer: decimal digits differ between languages. */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return `${value}`;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return `f${view.getBigUint64(0).toString(16).padStart(16, "0")}`;
}

async function shownTensor(t: Tensor): Promise<string> {
  const data = await (t.dtype === "int64" ? t.dataAsync({ bigint: true }) : t.dataAsync());
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return `T${t.dtype}[${t.shape}]${hex(bytes)}`;
}

/** Disposes of the tensors in a value. */
export function disposeValue(value: unknown, seen: Set<unknown> = new Set()): void {
  if (isModule(value)) return value.dispose();
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) return;
  seen.add(value);
  if (Symbol.dispose in value && typeof value[Symbol.dispose] === "function") {
    (value as Disposable)[Symbol.dispose]();
    return;
  }
  const items = value instanceof Map || value instanceof Set || Array.isArray(value)
    ? value.values()
    : Object.values(value);
  for (const item of items) disposeValue(item, seen);
}
