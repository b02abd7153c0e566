/** Files in a tar archive. */

/**
 * The regular files of a tar archive (POSIX ustar) by name; they share its bytes.
 *
 * @throws {TypeError} If the archive is damaged or cut short.
 */
export function readTar(bytes: Uint8Array, name: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const text = (at: number, length: number): string =>
    new TextDecoder().decode(bytes.subarray(at, at + length)).replace(/\0[^]*$/, "");
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const stated = parseInt(text(at + 148, 8), 8);
    let sum = 8 * 32;
    for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += bytes[at + i]!;
    if (sum !== stated) {
      throw new TypeError(`Cannot read ${name}: the checksum of its header at byte ${at} is wrong`);
    }
    const size = parseInt(text(at + 124, 12), 8);
    const start = at + 512;
    if (!(start + size <= bytes.length)) throw new TypeError(`Cannot read ${name}: it is cut short`);
    const type = bytes[at + 156]!;
    const prefix = text(at + 257, 5) === "ustar" ? text(at + 345, 155) : "";
    if (type === 0 || type === 0x30) {
      files.set((prefix && `${prefix}/`) + text(at, 100), bytes.subarray(start, start + size));
    }
    at = start + Math.ceil(size / 512) * 512;
  }
  return files;
}
