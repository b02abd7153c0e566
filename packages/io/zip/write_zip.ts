/** Zip archives of files as they are. */
import { crc32 } from "./crc32.ts";

/** A file to put into a zip archive. */
export interface ZipFile {
  /** Its name, with folders before it. */
  readonly name: string;
  /** Its contents. */
  readonly data: Uint8Array;
}

/** Options of {@linkcode writeZip}. */
export interface ZipOptions {
  /** A number of bytes whose multiples the contents of files begin at, so that they can be mapped into memory; 64 by default. */
  readonly alignment?: number;
}

/** The extra field that PyTorch fills the space before contents with, and where sizes of 64 bits are. */
const PADDING = 0x4246, WIDE = 1;
/** The first of January 1980, the earliest that a zip archive can state: the same files make the same bytes. */
const DATE = 0x21;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const FULL16 = 0xffff, FULL32 = 0xffffffff;

/** Bytes in the making. */
class Pieces {
  readonly pieces: Uint8Array[] = [];
  size = 0;

  add(...pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) this.size += piece.length;
    this.pieces.push(...pieces);
  }

  joined(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const piece of this.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}

/** Numbers of 2, 4 or 8 bytes, the lowest first. */
function fields(...values: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of values) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

/**
 * The bytes of a zip archive of files, which are not compressed. The same files make the same bytes.
 *
 * @throws {TypeError} If two files have one name.
 */
export function writeZip(
  files: Iterable<ZipFile>,
  { alignment = 64 }: ZipOptions = {},
): Uint8Array<ArrayBuffer> {
  const archive = new Pieces(), table = new Pieces(), names = new Set<string>();
  for (const { name, data } of files) {
    if (names.has(name)) {
      throw new TypeError(`Cannot write a zip archive as names must differ: "${name}" comes twice`);
    }
    names.add(name);
    const offset = archive.size, path = new TextEncoder().encode(name), large = data.length >= FULL32;
    const size = large ? FULL32 : data.length;
    const common = fields([2, FLAGS], [2, 0], [2, 0], [2, DATE], [4, crc32(data)], [4, size], [4, size], [
      2,
      path.length,
    ]);
    const wide = large ? fields([2, WIDE], [2, 16], [8, data.length], [8, data.length]) : new Uint8Array();
    // A padding is four bytes at least.
    const before = offset + 30 + path.length + wide.length + 4,
      gap = (alignment - before % alignment) % alignment;
    const padding = alignment > 1 ? [fields([2, PADDING], [2, gap]), new Uint8Array(gap).fill(0x5a)] : [];
    const extra = wide.length + (alignment > 1 ? 4 + gap : 0);
    archive.add(
      fields([4, 0x04034b50], [2, large ? 45 : 20]),
      common,
      fields([2, extra]),
      path,
      wide,
      ...padding,
      data,
    );
    const far = offset >= FULL32;
    const places = [...(large ? [data.length, data.length] : []), ...(far ? [offset] : [])];
    const tableWide = places.length === 0
      ? new Uint8Array()
      : fields([2, WIDE], [2, 8 * places.length], ...places.map((value) => [8, value] as const));
    table.add(
      fields([4, 0x02014b50], [2, 45], [2, large || far ? 45 : 20]),
      common,
      fields([2, tableWide.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, far ? FULL32 : offset]),
      path,
      tableWide,
    );
  }
  const start = archive.size;
  archive.add(table.joined());
  addEnd(archive, { count: names.size, start, size: table.size });
  return archive.joined();
}

function addEnd(
  archive: Pieces,
  { count, start, size }: { readonly count: number; readonly start: number; readonly size: number },
): void {
  if (count >= FULL16 || start >= FULL32 || size >= FULL32) {
    const at = archive.size;
    archive.add(
      fields([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, size], [
        8,
        start,
      ]),
      fields([4, 0x07064b50], [4, 0], [8, at], [4, 1]),
    );
  }
  const short = Math.min(count, FULL16);
  archive.add(
    fields([4, 0x06054b50], [2, 0], [2, 0], [2, short], [2, short], [4, Math.min(size, FULL32)]),
    fields([4, Math.min(start, FULL32)], [2, 0]),
  );
}
