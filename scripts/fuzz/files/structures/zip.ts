/** Changes to zip archives with repaired CRCs. */
import { openBytes, writeZip, type ZipFile, ZipReader } from "@troodon/io";
import type { Generator } from "@troodon/core";
import { damaged } from "../damages.ts";
import { drawn, joined, writeExtreme } from "../extremes.ts";
import type { Bytes, Structure } from "../file_format.ts";
import { changedJson } from "./json.ts";
import { changedNpyHeader } from "./npy.ts";
import { changedPickle } from "./pickle.ts";

const NAMES = [
  "../x",
  "/etc/passwd",
  "",
  ".",
  "a\0b",
  "C:\\x",
  "data.pkl",
  "archive/data.pkl",
  "x/constants.pkl",
];

interface Entry extends ZipFile {
  readonly name: string;
  readonly data: Bytes;
}

async function entriesOf(bytes: Bytes): Promise<Entry[]> {
  using source = await openBytes(bytes);
  const zip = await ZipReader.open(source), entries: Entry[] = [];
  for (const name of zip.entries.keys()) entries.push({ name, data: await zip.read(name) });
  return entries;
}

/** Changes the contents of a file in an archive, according to its kind. */
function changedEntry({ name, data }: Entry, random: Generator): Bytes | null {
  const blind = random.integer(4) === 0;
  if (!blind && name.endsWith(".pkl")) return changedPickle(data, random);
  if (!blind && name.endsWith(".npy")) return changedNpyHeader(data, random);
  if (!blind && name.endsWith(".json")) {
    const text = changedJson(new TextDecoder().decode(data), random);
    return text === null ? null : new TextEncoder().encode(text) as Bytes;
  }
  return damaged(data, random, data).bytes;
}

/** Changes a file in an archive; files that describe others are chosen half of the time. */
export const ZIP_CONTENTS: Structure = {
  name: "file in a zip archive",
  change: async (bytes, random) => {
    const entries = await entriesOf(bytes),
      telling = entries.filter(({ name }) => /\.(pkl|npy|json)$/.test(name));
    const chosen = drawn(telling.length > 0 && random.integer(2) === 0 ? telling : entries, random);
    const data = changedEntry(chosen, random);
    return data === null
      ? null
      : writeZip(entries.map((entry) => entry === chosen ? { ...entry, data } : entry));
  },
};

/** Renames, removes or swaps files of an archive. */
export const ZIP_ENTRIES: Structure = {
  name: "names in a zip archive",
  change: async (bytes, random) => {
    const entries = await entriesOf(bytes),
      at = random.integer(entries.length),
      { name, data } = entries[at]!;
    const other = drawn(entries, random);
    switch (random.integer(4)) {
      case 0:
        entries[at] = { name: drawn(NAMES, random), data };
        break;
      case 1:
        entries.splice(at, 1);
        break;
      case 2:
        entries[at] = { name, data: other.data };
        break;
      default:
        entries.push({ name: `${name}x`, data });
    }
    const unlike = new Map(entries.map((entry) => [entry.name, entry]));
    const archive = writeZip(unlike.values());
    // Two files with the same name.
    return random.integer(8) === 0 ? replaced(archive, `${name}x`, name + name.slice(-1)) : archive;
  },
};

/** Replaces all occurrences of a text with another one of the same length. */
function replaced(bytes: Bytes, text: string, by: string): Bytes {
  const latin1 = new TextDecoder("latin1").decode(bytes).replaceAll(text, () => by);
  return latin1.length === bytes.length ? Uint8Array.from(latin1, (letter) => letter.charCodeAt(0)) : bytes;
}

/** Bytes after "PK" at the beginning of each record of an archive. */
const RECORDS = ["\x01\x02", "\x03\x04", "\x05\x06", "\x06\x06", "\x06\x07"];

/** Returns the offsets of the occurrences of a text in another one. */
function placesOf(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
}

/** Changes a field in the central directory, or in the records at the end. */
export const ZIP_TABLE: Structure = {
  name: "table of a zip archive",
  change: (bytes, random) => {
    const text = new TextDecoder("latin1").decode(bytes), copy = bytes.slice();
    const records = RECORDS.flatMap((mark) => placesOf(text, `PK${mark}`));
    if (records.length === 0) return null;
    writeExtreme(copy, drawn(records, random) + 4 + random.integer(42), random);
    return random.integer(8) === 0 ? joined(new Uint8Array(random.integer(100)), copy) : copy;
  },
};
