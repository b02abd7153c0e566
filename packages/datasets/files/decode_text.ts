/** Decodes text and checks its encoding. */

/** Encodings by the byte order marks that files begin with. */
const MARKS: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/**
 * Decodes the text of a file.
 *
 * @param encoding Name of the encoding, such as "latin1" or "utf-16le" (default: given by the byte order mark, or
 * UTF-8).
 * @throws {TypeError} If the bytes are invalid in the encoding; the message names the first such byte.
 * @throws {RangeError} If there is no such encoding.
 */
export function decodeText(bytes: Uint8Array, name: string, encoding?: string): string {
  const marked = MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte))?.[1];
  if (encoding === undefined && marked === undefined && (bytes[0] === 0 || bytes[1] === 0)) {
    throw new TypeError(
      `Cannot read ${name}: ${placeOf(bytes, bytes.indexOf(0))} is no text of the encoding utf-8: ` +
        `{ encoding: "utf-16${bytes[0] === 0 ? "be" : "le"}" } may read it`,
    );
  }
  const label = encoding ?? marked ?? "utf-8";
  const decoder = decoderOf(label);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new TypeError(
      `Cannot read ${name}: ${placeOf(bytes, firstFault(bytes, label))} is not of the encoding ${label}` +
        (encoding === undefined ? ': { encoding: "latin1" } or another one reads it' : ""),
    );
  }
  if (!text.includes("\0")) return text;
  throw new TypeError(`Cannot read ${name}: it has zero bytes, which no text of the encoding ${label} has`);
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new RangeError(`Cannot decode a text as there is no encoding ${JSON.stringify(label)}`);
  }
}

/** Returns the offset of the first byte that cannot be decoded. */
function firstFault(bytes: Uint8Array, label: string): number {
  // True if the first bytes have a fault; a character that is cut off at the end is not one.
  const isFaulty = (length: number): boolean => {
    try {
      decoderOf(label).decode(bytes.subarray(0, length), { stream: true });
      return false;
    } catch {
      return true;
    }
  };
  let good = 0, bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isFaulty(middle)) bad = middle;
    else good = middle;
  }
  // The character may have begun up to three bytes earlier.
  let at = Math.min(bad, bytes.length) - 1;
  for (let back = at; back > at - 4 && back >= 0; back--) {
    if (bytes[back]! >= 0xc0 && label === "utf-8") {
      at = back;
      break;
    }
    if (bytes[back]! < 0x80 && back < at) break;
  }
  return at;
}

function placeOf(bytes: Uint8Array, at: number): string {
  let line = 1;
  for (let i = 0; i < at; i++) if (bytes[i] === 10) line++;
  return `byte ${at} (0x${bytes[at]!.toString(16).padStart(2, "0")}, in line ${line})`;
}
