/** Changes to the instructions of pickles. */
import type { Generator } from "@troodon/core";
import { drawn, joined, writeExtreme } from "../extremes.ts";
import type { Bytes } from "../file_format.ts";

/**
 * Sizes of operands: a fixed number of bytes, a length of one, four or eight bytes before the data, or lines.
 */
type Argument = number | "short" | "long" | "wide" | "lines";

const ARGUMENTS: Readonly<Record<number, Argument>> = {
  ...{ 0x80: 1, 0x4a: 4, 0x4b: 1, 0x4d: 2, 0x47: 8, 0x71: 1, 0x72: 4, 0x68: 1, 0x6a: 4, 0x95: 8 },
  ...{ 0x8a: "short", 0x8c: "short", 0x55: "short", 0x43: "short" },
  ...{ 0x8b: "long", 0x58: "long", 0x54: "long", 0x42: "long" },
  ...{ 0x8d: "wide", 0x8e: "wide", 0x96: "wide", 0x63: "lines" },
};

/** Instructions to insert, some with operands. */
const INSERTED: readonly (readonly number[])[] = [
  ...[..."().02NR]tabde}lsu1Q\x81\x85\x86\x87\x88\x8f\x90\x91\x93\x94"].map((
    letter,
  ) => [letter.charCodeAt(0)]),
  ...[[0x71, 0], [0x68, 0], [0x68, 1], [0x68, 255], [0x6a, 255, 255, 255, 255], [0x4b, 7]],
  ...[[0x4a, 255, 255, 255, 255], [0x4a, 255, 255, 255, 127], [0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 128]],
  ...[[0x8a, 9, 255, 255, 255, 255, 255, 255, 255, 255, 0], [0x47, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]],
  ...[[0x8d, 255, 255, 255, 255, 255, 255, 255, 127], [0x58, 255, 255, 255, 255], [0x58, 0, 0, 0, 0]],
  ...["cos\nsystem\n", "ctorch\nfloat32\n", "c__builtin__\nset\n", "c_codecs\nencode\n", "ctorch\nSize\n"]
    .map((text) => [...text].map((letter) => letter.charCodeAt(0))),
];

/** Returns the offsets of instructions; the last one is that of the first unknown instruction, or the end. */
function instructions(bytes: Bytes): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), found = [0];
  for (let at = 0; at < bytes.length;) {
    const argument = ARGUMENTS[bytes[at]!] ?? 0;
    at++;
    if (typeof argument === "number") at += argument;
    else if (argument === "lines") at = bytes.indexOf(10, bytes.indexOf(10, at) + 1) + 1;
    else {
      const width = argument === "short" ? 1 : argument === "long" ? 4 : 8;
      if (at + width > bytes.length) return found;
      at += width + (width === 1 ? view.getUint8(at) : view.getUint32(at, true));
    }
    if (at > bytes.length) return found;
    found.push(at);
  }
  return found;
}

/** Changes, removes, repeats or inserts an instruction of a pickle, or changes its operand. */
export function changedPickle(bytes: Bytes, random: Generator): Bytes {
  const starts = instructions(bytes), i = random.integer(Math.max(1, starts.length - 1));
  const start = starts[i]!, end = starts[i + 1] ?? bytes.length;
  const before = bytes.slice(0, start), own = bytes.slice(start, end), after = bytes.slice(end);
  switch (random.integer(5)) {
    case 0:
      return joined(before, new Uint8Array(drawn(INSERTED, random)), own, after);
    case 1:
      return joined(before, after);
    case 2:
      return joined(before, own, own, after);
    case 3:
      return joined(before, new Uint8Array(drawn(INSERTED, random)), after);
    default:
      writeExtreme(own, Math.min(1, own.length - 1), random);
      return joined(before, own, after);
  }
}
