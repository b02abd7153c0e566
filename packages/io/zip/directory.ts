/** The table of contents at the end of a zip archive: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
import type { ByteSource } from "../byte_source.ts";

/** A file in a zip archive. */
export interface ZipEntry {
  /** Its name, with folders before it. */
  readonly name: string;
  /** Its bytes when unpacked. */
  readonly size: number;
  /** Its bytes in the archive. */
  readonly packedSize: number;
  /** Marks a file compressed by DEFLATE; false for a stored one. */
  readonly compressed: boolean;
  /** Its CRC-32. */
  readonly crc: number;
  /** Offset of the header of the file in the archive. */
  readonly offset: number;
  /** Offset of the next header, or of the table of contents: the bytes of the file end before it. */
  readonly end: number;
}

/** Signatures, sizes without names and the like, and the values that stand for "see the 64-bit field". */
const END = 0x06054b50, END_SIZE = 22, LONGEST_COMMENT = 0xffff;
const LOCATOR = 0x07064b50, LOCATOR_SIZE = 20, END64 = 0x06064b50, END64_SIZE = 56;
const ENTRY = 0x02014b50, ENTRY_SIZE = 46;
const FULL16 = 0xffff, FULL32 = 0xffffffff;

/** Latest version of the format, 6.3, and the attribute of folders. */
const LATEST = 63, FOLDER = 0x10;

/** The bytes that DEFLATE makes of one, at most. */
const LARGEST_RATIO = 1032;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const damaged = (name: string, why: string): TypeError =>
  new TypeError(`Cannot read ${name} as it must be a whole zip archive: ${why}`);

/** Offset, size in bytes and number of entries of the table of contents. */
interface Table {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

/**
 * Reads the table of contents of a zip archive, in the order of the table, and checks that its files lie apart within
 * the archive, have names of their own and sizes that they can unpack to.
 *
 * @throws {TypeError} If the archive is damaged, cut short, encrypted or in several parts.
 */
export async function readDirectory(source: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const { name } = source;
  const table = await findTable(source);
  const bytes = await source.read(table.start, table.start + table.size);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < table.count; i++) {
    if (at + ENTRY_SIZE > bytes.length || viewOf(bytes).getUint32(at, true) !== ENTRY) {
      throw damaged(name, `its table of contents must have ${table.count} files but breaks off after ${i}`);
    }
    const { entry, length } = readEntry(name, bytes, at);
    entries.push(entry);
    at += length;
  }
  if (at !== bytes.length) throw damaged(name, "its table of contents is longer than its files");
  return apart(name, entries, table.start);
}

async function findTable(source: ByteSource): Promise<Table> {
  const { name, size } = source;
  const tailStart = Math.max(0, size - END_SIZE - LONGEST_COMMENT - LOCATOR_SIZE);
  const tail = await source.read(tailStart, size), view = viewOf(tail);
  let at = tail.length - END_SIZE;
  // The comment of the archive comes last, and ends where the file does.
  while (
    at >= 0 &&
    !(view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) === tail.length)
  ) {
    at--;
  }
  if (at < 0) throw damaged(name, "the record at its end is missing, so that it was cut short or is none");
  let disks = view.getUint16(at + 4, true) | view.getUint16(at + 6, true);
  let here = view.getUint16(at + 8, true);
  let table: Table = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
  };
  let end = tailStart + at;
  // Some writers, PyTorch among them, add the 64-bit record without need.
  const wide = await findTable64(source, end, tail, at);
  if (wide !== null) {
    if (disks === FULL16) disks = 0;
    ({ table, end, here } = wide);
    disks |= wide.disks;
  }
  if (disks !== 0 || here !== table.count) throw damaged(name, "it is a part of several");
  if (table.start + table.size !== end) {
    throw damaged(
      name,
      `its table of contents must end at byte ${end} but ends at ${table.start + table.size}`,
    );
  }
  if (table.count * ENTRY_SIZE > table.size) throw damaged(name, `it has no room for ${table.count} files`);
  return table;
}

/** Finds the table of contents by the 64-bit record before the end record; null if there is none. */
async function findTable64(
  source: ByteSource,
  end: number,
  tail: Uint8Array,
  at: number,
): Promise<
  { readonly table: Table; readonly end: number; readonly here: number; readonly disks: number } | null
> {
  const view = viewOf(tail);
  if (at < LOCATOR_SIZE || view.getUint32(at - LOCATOR_SIZE, true) !== LOCATOR) return null;
  const start = Number(view.getBigUint64(at - LOCATOR_SIZE + 8, true));
  if (start + END64_SIZE > end - LOCATOR_SIZE) throw damaged(source.name, "its 64-bit record lies outside");
  const record = viewOf(await source.read(start, start + END64_SIZE));
  if (record.getUint32(0, true) !== END64) throw damaged(source.name, "its 64-bit record is missing");
  const table = {
    count: Number(record.getBigUint64(32, true)),
    size: Number(record.getBigUint64(40, true)),
    start: Number(record.getBigUint64(48, true)),
  };
  const [at64, all] = [4, 16].map((field) => view.getUint32(at - LOCATOR_SIZE + field, true)) as [
    number,
    number,
  ];
  const disks = at64 | (all > 1 ? 1 : 0) | record.getUint32(16, true) | record.getUint32(20, true);
  return { table, end: start, here: Number(record.getBigUint64(24, true)), disks };
}

function readEntry(archive: string, bytes: Uint8Array, at: number): { entry: ZipEntry; length: number } {
  const view = viewOf(bytes);
  const flags = view.getUint16(at + 8, true), method = view.getUint16(at + 10, true);
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
    view.getUint16(at + field, true)
  ) as [
    number,
    number,
    number,
  ];
  const length = ENTRY_SIZE + nameLength + extraLength + commentLength;
  if (at + length > bytes.length) throw damaged(archive, "its table of contents breaks off");
  const nameEnd = at + ENTRY_SIZE + nameLength;
  const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_SIZE, nameEnd));
  let packedSize = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let offset = view.getUint32(at + 42, true);
  const wide = wideFields(bytes.subarray(nameEnd, nameEnd + extraLength));
  const next = (): number => {
    const value = wide.shift();
    if (value === undefined) throw damaged(archive, `the 64-bit sizes of "${name}" are missing`);
    return value;
  };
  if (size === FULL32) size = next();
  if (packedSize === FULL32) packedSize = next();
  if (offset === FULL32) offset = next();
  const wanted = view.getUint8(at + 6), disk = view.getUint16(at + 34, true);
  if (wanted > LATEST) throw damaged(archive, `"${name}" needs version ${wanted / 10} of the format`);
  if ((view.getUint32(at + 38, true) & FOLDER) !== 0 && size > 0) {
    throw damaged(archive, `"${name}" is a folder`);
  }
  if (disk !== 0) throw damaged(archive, `"${name}" lies in another part`);
  if (flags & 1) throw damaged(archive, `"${name}" is encrypted`);
  if (method !== 0 && method !== 8) {
    throw damaged(archive, `"${name}" must be stored or deflated: current method is ${method}`);
  }
  const compressed = method === 8;
  if (compressed ? size > packedSize * LARGEST_RATIO : size !== packedSize) {
    throw damaged(archive, `"${name}" cannot be ${size} bytes of ${packedSize}`);
  }
  const crc = view.getUint32(at + 16, true);
  return { entry: { name, size, packedSize, compressed, crc, offset, end: offset }, length };
}

/** The numbers in the extra field with the tag 1. */
function wideFields(extra: Uint8Array): number[] {
  const view = viewOf(extra), found: number[] = [];
  for (let at = 0; at + 4 <= extra.length;) {
    const tag = view.getUint16(at, true), end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) break;
    if (tag === 1) {
      for (let i = at + 4; i + 8 <= end; i += 8) found.push(Number(view.getBigUint64(i, true)));
    }
    at = end;
  }
  return found;
}

/** The files by name, each with where it must end. */
function apart(
  archive: string,
  entries: readonly ZipEntry[],
  tableStart: number,
): ReadonlyMap<string, ZipEntry> {
  const starts = entries.map(({ offset }) => offset).sort((a, b) => a - b);
  const ends = new Map(starts.map((start, i) => [start, starts[i + 1] ?? tableStart]));
  const found = new Map<string, ZipEntry>();
  for (const entry of entries) {
    if (found.has(entry.name)) throw damaged(archive, `it has two files of the name "${entry.name}"`);
    const end = ends.get(entry.offset)!;
    if (end > tableStart || entry.offset + entry.packedSize > end) {
      throw damaged(archive, `"${entry.name}" lies over another file or outside`);
    }
    found.set(entry.name, { ...entry, end });
  }
  return found;
}
