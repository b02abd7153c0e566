/** Changes to PNG files with repaired CRCs. */
import { crc32, deflateZlib, inflateZlib } from "@troodon/io";
import type { Generator } from "@troodon/core";
import { damaged } from "../damages.ts";
import { drawn, joined, writeExtreme } from "../extremes.ts";
import type { Bytes, Structure } from "../file_format.ts";

const SIGNATURE_BYTES = 8;

/** Chunk with its type and contents. */
interface Chunk {
  readonly type: Bytes;
  readonly data: Bytes;
}

function chunksOf(bytes: Bytes): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    chunks.push({ type: bytes.slice(at + 4, at + 8), data: bytes.slice(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

function assembled(bytes: Bytes, chunks: readonly Chunk[]): Bytes {
  const number = (value: number): Bytes => {
    const four = new Uint8Array(4);
    new DataView(four.buffer).setUint32(0, value);
    return four;
  };
  const pieces = chunks.flatMap(({ type, data }) => [
    ...[number(data.length), type, data],
    number(crc32(joined(type, data))),
  ]);
  return joined(bytes.slice(0, SIGNATURE_BYTES), ...pieces);
}

function changedData({ type, data }: Chunk, random: Generator): Bytes {
  const name = new TextDecoder().decode(type);
  if (name === "IDAT" && random.integer(2) === 0) {
    const filtered = Uint8Array.from({ length: random.integer(2000) }, () => random.integer(6));
    return deflateZlib(filtered) as Bytes;
  }
  const copy = data.slice();
  if (name !== "IHDR" || copy.length === 0) return damaged(data, random, data).bytes;
  writeExtreme(copy, random.integer(copy.length), random);
  return copy;
}

/** Changes, removes, repeats or swaps chunks. */
export const PNG_CHUNKS: Structure = {
  name: "PNG chunk",
  change: (bytes, random) => {
    const chunks = chunksOf(bytes);
    if (chunks.length === 0) return null;
    const at = random.integer(chunks.length), other = random.integer(chunks.length), chunk = chunks[at]!;
    switch (random.integer(6)) {
      case 0:
        chunks.splice(at, 1);
        break;
      case 1:
        chunks.splice(other, 0, chunk);
        break;
      case 2:
        [chunks[at], chunks[other]] = [chunks[other]!, chunk];
        break;
      case 3:
        chunks[at] = { ...chunk, type: drawn(chunks, random).type };
        break;
      default:
        chunks[at] = { ...chunk, data: changedData(chunk, random) };
    }
    return assembled(bytes, chunks);
  },
};

/** Changes the filtered lines of an image before compression. */
export const PNG_LINES: Structure = {
  name: "PNG lines",
  change: (bytes, random) => {
    const chunks = chunksOf(bytes), packed = chunks.filter(({ type }) => String(type) === "73,68,65,84");
    if (packed.length === 0) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const samples = ({ 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as Record<number, number>)[bytes[25]!] ?? 1;
    const size = view.getUint32(20) * (1 + Math.ceil(view.getUint32(16) * samples * bytes[24]! / 8));
    let lines: Bytes;
    try {
      lines = inflateZlib(joined(...packed.map(({ data }) => data)), "PNG", size).slice() as Bytes;
    } catch {
      return null;
    }
    const first = chunks.indexOf(packed[0]!), rest = chunks.filter((chunk) => !packed.includes(chunk));
    const data = deflateZlib(damaged(lines, random, lines).bytes) as Bytes;
    return assembled(bytes, rest.toSpliced(first, 0, { type: packed[0]!.type, data }));
  },
};
