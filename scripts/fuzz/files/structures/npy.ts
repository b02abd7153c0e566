/** Changes to the headers of NumPy files. */
import type { Generator } from "@troodon/core";
import { drawn, joined } from "../extremes.ts";
import type { Bytes, Structure } from "../file_format.ts";

const VALUES: readonly string[] = [
  ...[
    "'<f4'",
    "'>i8'",
    "'|O'",
    "'|b1'",
    "'<c16'",
    "'<U3'",
    "'<f16'",
    "'|V8'",
    "True",
    "False",
    "None",
    "1e999",
  ],
  ...[
    "()",
    "(0,)",
    "(1,)",
    "(-1,)",
    "(2147483648,)",
    "(4294967296, 4294967296)",
    "(9007199254740993,)",
    "(0, 18446744073709551616)",
  ],
  ...[
    "(1.5,)",
    "(3, 4, 5,",
    "(" + "1, ".repeat(200) + ")",
    "[('a', '<f4')]",
    "__import__('os')",
    "'" + "x".repeat(99) + "'",
  ],
];

/** Changes a value or a key in the header of an array, and repairs the length of the header. */
export function changedNpyHeader(bytes: Bytes, random: Generator): Bytes {
  const version = bytes[6]!, begin = version === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < begin) return bytes;
  const end = Math.min(
    begin + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)),
    bytes.length,
  );
  const text = new TextDecoder("latin1").decode(bytes.subarray(begin, end)).trimEnd();
  const parts = [...text.matchAll(/'\w+'(?=:)|(?<=: )('[^']*'|\([^)]*\)|\w+)/g)];
  if (parts.length === 0) return bytes;
  const part = drawn(parts, random),
    value = part[0].match(/^'\w+'$/) && random.integer(3) === 0 ? "'shape'" : drawn(VALUES, random);
  const changed = text.slice(0, part.index) + value + text.slice(part.index + part[0].length);
  const padded = changed.padEnd(Math.ceil((changed.length + begin + 1) / 64) * 64 - begin - 1) + "\n";
  const header = Uint8Array.from(padded, (letter) => letter.charCodeAt(0)), start = bytes.slice(0, begin);
  const length = new DataView(start.buffer);
  if (version === 1) length.setUint16(8, header.length, true);
  else length.setUint32(8, header.length, true);
  return joined(start, header, bytes.slice(end));
}

/** Structure of files that contain a NumPy array. */
export const NPY_HEADER: Structure = { name: "npy header", change: changedNpyHeader };
