/** Changed files, generated reproducibly from a seed and an index. */
import { Generator } from "@troodon/core";
import { damaged } from "./damages.ts";
import { drawn } from "./extremes.ts";
import type { Bytes, FileFormat, Folder, Sample } from "./file_format.ts";

/** Files of a sample, one of which was changed. */
export interface Mutant {
  readonly sample: Sample;
  /** Name of the changed file. */
  readonly changed: string;
  /** Descriptions of the changes, in order. */
  readonly done: readonly string[];
  /** True if a structure was changed and its checksums repaired. */
  readonly repaired: boolean;
  readonly files: Folder;
}

/** Returns a hash of a text that is stable across runs. */
function numberOf(text: string): number {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + letter.codePointAt(0)!) % 2 ** 31;
  return hash;
}

/** Shares of mutants: a structural change where possible, a single damage, and several damages. */
const STRUCTURED = 0.5, TWICE = 0.25;

/**
 * Generates mutant number `n` of a format.
 *
 * @param others Files of other formats, for splices.
 */
export async function mutantOf(
  format: FileFormat,
  samples: readonly Sample[],
  others: readonly Bytes[],
  { seed, n }: { readonly seed: number; readonly n: number },
): Promise<Mutant> {
  const random = new Generator(seed).fork(numberOf(format.name)).fork(n);
  const sample = drawn(samples, random),
    changed = drawn(sample.changed, random),
    original = sample.files.get(changed)!;
  const done: string[] = [];
  let bytes: Bytes = original, repaired = false;
  if (format.structures.length > 0 && random.random() < STRUCTURED) {
    const { name, change } = drawn(format.structures, random), made = await change(original.slice(), random);
    if (made !== null) {
      bytes = made;
      repaired = true;
      done.push(name);
    }
  }
  while (done.length === 0 || (!repaired && done.length < 3 && random.random() < TWICE)) {
    const other = random.integer(3) === 0
      ? drawn(others, random)
      : [...drawn(samples, random).files.values()][0]!;
    const { kind, bytes: after } = damaged(bytes, random, other);
    bytes = after;
    done.push(kind);
  }
  // Splicing two files with the same beginning may produce one of them unchanged.
  const isWhole = samples.some(({ files }) => [...files.values()].some((whole) => sameBytes(whole, bytes)));
  return {
    sample,
    changed,
    done,
    repaired: repaired || isWhole,
    files: new Map([...sample.files, [changed, bytes]]),
  };
}

/** Returns true if both arrays have the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
