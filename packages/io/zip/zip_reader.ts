/** Zip archives of which single files are read. */
import type { ByteSource } from "../byte_source.ts";
import { inflateRaw, inflateStart } from "../compression.ts";
import { crc32 } from "./crc32.ts";
import { readDirectory, type ZipEntry } from "./directory.ts";

const HEADER = 0x04034b50, HEADER_SIZE = 30;

/**
 * A zip archive whose files are read one by one, by name: its table of contents is read as it is opened, and a file when
 * it is asked for. Sizes are checked before memory is taken, and each file by its CRC-32.
 *
 * @example One file of an archive
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openBytes, writeZip, ZipReader } from "@troodon/io";
 *
 * const text = new TextEncoder().encode("hello");
 * using source = await openBytes(writeZip([{ name: "a.txt", data: text }]));
 * const zip = await ZipReader.open(source);
 * assertEquals([...zip.entries.keys()], ["a.txt"]);
 * assertEquals(await zip.read("a.txt"), text);
 * ```
 */
export class ZipReader {
  /** Its files by name, in the order of its table of contents. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #source: ByteSource;

  private constructor(source: ByteSource, entries: ReadonlyMap<string, ZipEntry>) {
    this.#source = source;
    this.entries = entries;
  }

  /**
   * Reads the table of contents of an archive, which must stay open.
   *
   * @throws {TypeError} If it is none, damaged, cut short, or has files that are encrypted or compressed in other ways.
   */
  static async open(source: ByteSource): Promise<ZipReader> {
    return new ZipReader(source, await readDirectory(source));
  }

  /** The name of the archive, for errors. */
  get name(): string {
    return this.#source.name;
  }

  /**
   * The bytes of a file.
   *
   * @throws {RangeError} If the archive has no such file.
   * @throws {TypeError} If it is damaged: its header, its size or its CRC-32 is another than the table of contents says.
   */
  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entry(name), start = await this.#dataStart(entry);
    const packed = await this.#source.read(start, start + entry.packedSize);
    const bytes = entry.compressed ? inflateRaw(packed, `"${name}" of ${this.name}`, entry.size) : packed;
    if (crc32(bytes) !== entry.crc) throw this.#damaged(entry, "its CRC-32 is wrong");
    return bytes;
  }

  /**
   * The first bytes of a file, `length` at most, without a look at its CRC-32.
   *
   * @throws {RangeError} If the archive has no such file.
   * @throws {TypeError} If its header is damaged, or its beginning cannot be unpacked.
   */
  async readStart(name: string, length: number): Promise<Uint8Array> {
    const entry = this.#entry(name), start = await this.#dataStart(entry);
    const packed = await this.#source.read(start, start + Math.min(entry.packedSize, length));
    return entry.compressed ? inflateStart(packed, `"${name}" of ${this.name}`, length) : packed;
  }

  #entry(name: string): ZipEntry {
    const entry = this.entries.get(name);
    if (entry !== undefined) return entry;
    throw new RangeError(`Cannot read "${name}" of ${this.name} as it must be there: it has no such file`);
  }

  /** Returns the offset at which the data of a file begins, after its header. */
  async #dataStart(entry: ZipEntry): Promise<number> {
    const { name, offset, end, packedSize } = entry;
    if (offset + HEADER_SIZE > end) throw this.#damaged(entry, "there is no room for its header");
    const fixed = await this.#source.read(offset, offset + HEADER_SIZE);
    const view = new DataView(fixed.buffer, fixed.byteOffset);
    if (view.getUint32(0, true) !== HEADER) throw this.#damaged(entry, "its header is missing");
    const nameEnd = offset + HEADER_SIZE + view.getUint16(26, true),
      start = nameEnd + view.getUint16(28, true);
    if (start + packedSize > end) throw this.#damaged(entry, "it lies over another file");
    const own = new TextDecoder().decode(await this.#source.read(offset + HEADER_SIZE, nameEnd));
    if (own !== name) throw this.#damaged(entry, `its header has the name "${own}"`);
    return start;
  }

  #damaged({ name }: ZipEntry, why: string): TypeError {
    return new TypeError(`Cannot read "${name}" of ${this.name} as it must be whole: ${why}`);
  }
}
