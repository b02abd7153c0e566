/** Changes to JSON that mostly keep it valid. */
import type { Generator } from "@troodon/core";
import { drawn } from "../extremes.ts";
import type { Bytes, Structure } from "../file_format.ts";

/** Replacements for a value, as text. */
const VALUES: readonly string[] = [
  ...[
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e999",
    "-1e999",
    "NaN",
    "1e400",
    "9007199254740993",
    "1e21",
    "2147483648",
  ],
  ...[
    "4294967296",
    "30000000",
    "100000000",
    "18446744073709551616",
    '""',
    '"\\ud800"',
    '"\\u0000"',
    '"../x"',
    '"/etc/passwd"',
    '"1e999"',
  ],
  ...[
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "[1,2,3,4,5,6,7,8,9]",
    '{"__proto__":null}',
    '{"$":"module"}',
    '{"$":"number"}',
  ],
  ...['{"$tensor":"x"}', '{"$map":[1]}', '{"$number":"x"}', '"constructor"', '"toString"', "[-1]", "[1e999]"],
  `${"[".repeat(300)}${"]".repeat(300)}`,
  `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  `${'{"a":'.repeat(300)}1${"}".repeat(300)}`,
];
const KEYS: readonly string[] = ["__proto__", "constructor", "toString", "", "0", "length", "\ud800", "then"];

/** Container in JSON, with the key of a value in it. */
type Place = readonly [container: Record<string, unknown>, key: string];

function* placesIn(value: unknown): Iterable<Place> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    yield [value as Record<string, unknown>, key];
    yield* placesIn(item);
  }
}

/** Placeholder for a text to insert. */
const HOLE = "\u{1f573}hole";

/**
 * Changes a value, a key, duplicates a key or removes one; returns null for invalid JSON and JSON without
 * values.
 */
export function changedJson(text: string, random: Generator): string | null {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return null;
  }
  const places = [...placesIn(root)];
  if (places.length === 0 || random.integer(20) === 0) return drawn(VALUES, random);
  const [container, key] = drawn(places, random), isList = Array.isArray(container);
  switch (random.integer(isList ? 2 : 5)) {
    case 0:
    case 1:
      container[key] = HOLE;
      return JSON.stringify(root).replace(JSON.stringify(HOLE), () => drawn(VALUES, random));
    case 2:
      delete container[key];
      return JSON.stringify(root);
    case 3: {
      // JSON.parse() defines it as an own key, unlike an assignment.
      const value = container[key];
      delete container[key];
      container[HOLE] = value;
      return JSON.stringify(root).replace(JSON.stringify(HOLE), () => JSON.stringify(drawn(KEYS, random)));
    }
    default: {
      const twice = `${JSON.stringify(key)}:${drawn(VALUES, random)},${JSON.stringify(key)}`;
      const value = container[key];
      delete container[key];
      container[HOLE] = value;
      return JSON.stringify(root).replace(JSON.stringify(HOLE), () => twice);
    }
  }
}

/** Structure of files that contain JSON. */
export const JSON_STRUCTURE: Structure = {
  name: "JSON",
  change: (bytes, random) => {
    const text = changedJson(new TextDecoder().decode(bytes), random);
    return text === null ? null : new TextEncoder().encode(text) as Bytes;
  },
};
