/** Changes to models of ONNX that keep the form of the file. */
import type { Generator } from "@troodon/core";
import { onnx } from "@troodon/troodon";
import { drawn, EXTREMES } from "../extremes.ts";
import type { Bytes, Structure } from "../file_format.ts";

/** Texts that names and operators may not handle. */
const TEXTS: readonly string[] = [
  "",
  "__proto__",
  "constructor",
  "x",
  "../w.bin",
  "/etc/passwd",
  "w.bin",
  "Constant",
  "\u0000",
];

/** A value in a message, with the list or record that holds it. */
type Place = readonly [container: Record<string, unknown>, key: string];

function* placesIn(value: unknown): Iterable<Place> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, item] of Object.entries(value)) {
    yield [value as Record<string, unknown>, key];
    yield* placesIn(item);
  }
}

/** Another value of the kind of `value`. */
function changed(value: unknown, random: Generator): unknown {
  if (typeof value === "number" || typeof value === "bigint") {
    const number = BigInt.asIntN(64, drawn(EXTREMES, random));
    return Number.isSafeInteger(Number(number)) ? Number(number) : number;
  }
  if (typeof value === "string") return drawn(TEXTS, random);
  if (value instanceof Uint8Array) return value.subarray(0, random.integer(value.length + 1));
  if (!Array.isArray(value)) return value;
  // A list without one of its items, or with one of them twice.
  const at = random.integer(value.length + 1), copy = [...value];
  copy.splice(at, random.integer(2), ...copy.slice(at, at + random.integer(3)));
  return copy;
}

function changedModel(bytes: Bytes, random: Generator): Bytes | null {
  const model = onnx.decodeOnnx(bytes);
  for (let i = 0; i <= random.integer(2); i++) {
    const [container, key] = drawn([...placesIn(model)], random);
    container[key] = changed(container[key], random);
  }
  try {
    return onnx.encodeOnnx(model);
  } catch {
    // A number that is too large for its field.
    return null;
  }
}

/** Changes values of a model. */
export const ONNX_MODEL: Structure = { name: "values of the model", change: changedModel };
