/** The checksum of zip archives. */

const TABLES: readonly Uint32Array[] = /* @__PURE__ */ makeTables();

/** Table `k` holds the checksum of each byte with `k` zeros after it, by the reversed polynomial of CRC-32. */
function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let c = byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    return c;
  });
  const tables = [first];
  for (let k = 1; k < 4; k++) tables.push(tables[k - 1]!.map((c) => first[c & 0xff]! ^ (c >>> 8)));
  return tables;
}

/** The CRC-32 of some bytes (ISO 3309), as zip archives and PNG files have it. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let c = 0xffffffff, i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    c ^= bytes[i]! | bytes[i + 1]! << 8 | bytes[i + 2]! << 16 | bytes[i + 3]! << 24;
    c = t3[c & 0xff]! ^ t2[(c >>> 8) & 0xff]! ^ t1[(c >>> 16) & 0xff]! ^ t0[c >>> 24]!;
  }
  for (; i < bytes.length; i++) c = t0[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
