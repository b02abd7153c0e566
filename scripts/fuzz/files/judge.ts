/** Rules for the behavior of readers with changed files. */
import { LENGTH_DAMAGES } from "./damages.ts";
import type { FileFormat } from "./file_format.ts";
import { type Mutant, sameBytes } from "./mutant.ts";
import type { Outcome } from "./outcome.ts";

/** Limits of reading a file: CPU seconds, bytes of memory, and bytes of memory per byte of the file. */
const MOST_SECONDS = 5, MOST_BYTES = 2 ** 28, TIMES_SIZE = 64;

/** Maximum length of an error message. */
const LONGEST = 3000;

/** Patterns of error messages from the engine, which do not describe the file. */
const ENGINE =
  /Cannot read propert|Cannot set propert|Cannot convert|Cannot destructure|Cannot mix BigInt|is not a function|is not iterable|is not a constructor|is not defined|is not an object|is not valid JSON|Invalid typed array length|Invalid array length|Invalid DataView length|Invalid string length|Invalid array buffer|Array buffer allocation failed|Maximum call stack|Offset is outside the bounds|offset is out of bounds|out of memory|start offset of|byte length of|in JSON at position|Unexpected token|must be a multiple of|Reduce of empty array|undefined \(reading|panicked|The encoded data was not valid/;

/** Error classes that readers may throw for damaged files. */
const KINDS: ReadonlySet<string> = new Set([
  "TypeError",
  "RangeError",
  "SyntaxError",
  "NotFound",
  "AlreadyExists",
]);

/**
 * Describes what is wrong with an outcome; null if nothing is. `original` is the outcome for the unchanged
 * files.
 */
export function faultOf(
  { proof }: FileFormat,
  { sample, changed, done, repaired, files }: Mutant,
  { value, error, seconds, peakBytes, left }: Outcome,
  folder: string,
  original: string | null,
): string | null {
  const size = files.get(changed)!.length;
  if (seconds > MOST_SECONDS) return `slow: ${seconds.toFixed(1)} s`;
  if (peakBytes > MOST_BYTES + TIMES_SIZE * size) return `memory: ${Math.round(peakBytes / 2 ** 20)} MiB`;
  if (left.buffers > 0) return `leak: ${left.buffers} buffers left`;
  if (left.files > 0) return `leak: ${left.files} files left open`;
  if (error !== null) return faultOfError(error, folder, changed);
  if (original === null) {
    return repaired || proof.kind === "none" ? null : "accepted, which is refused when it is whole";
  }
  if (repaired || sameBytes(files.get(changed)!, sample.files.get(changed)!)) return null;
  if (value === original) return null;
  if (proof.kind === "checksum") {
    return "accepted silently: its value is another, and its checksum was not repaired";
  }
  const lengthOnly = done.length === 1 && LENGTH_DAMAGES.has(done[0]!);
  return proof.kind === "length" && lengthOnly ? "accepted silently: its length is another" : null;
}

function faultOfError(
  { kind, message }: NonNullable<Outcome["error"]>,
  folder: string,
  changed: string,
): string | null {
  if (!KINDS.has(kind)) return `an error of another kind: ${kind}`;
  if (ENGINE.test(message)) return "an error of the engine";
  if (!message.startsWith("Cannot ")) return "an error that does not say what cannot be done";
  if (message.length > LONGEST) return `an error of ${message.length} letters`;
  const file = changed.slice(changed.lastIndexOf("/") + 1);
  if (!message.includes(file) || !message.includes(folder)) return "an error without the path of the file";
  return null;
}
