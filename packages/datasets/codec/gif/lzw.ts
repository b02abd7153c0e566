/** LZW decompression of GIF files (GIF89a, appendix F). */

/** Maximum number of codes, which have up to 12 bits. */
const LONGEST = 4096;

/**
 * Unpacks `count` indices from the blocks at `at`, whose first byte is the number of bits per index.
 *
 * @throws {TypeError} If the data ends too early or contains an undefined code.
 */
export function unpackLzw(
  bytes: Uint8Array,
  at: number,
  count: number,
  fail: (why: string) => never,
): Uint8Array {
  const bits = bytes[at++] ?? fail("it is truncated");
  if (bits > 11) fail(`its codes must begin with at most 12 bits but have ${bits + 1}`);
  const clear = 2 ** bits, end = clear + 1;
  const out = new Uint8Array(count);
  // Each code stands for the string of another code followed by one index.
  const before = new Uint16Array(LONGEST), last = new Uint8Array(LONGEST), first = new Uint8Array(LONGEST);
  const lengths = new Uint16Array(LONGEST);
  for (let i = 0; i < clear; i++) {
    last[i] = first[i] = i;
    lengths[i] = 1;
  }
  let size = bits + 1, next = clear + 2, previous = -1;
  let buffer = 0, held = 0, left = 0;
  for (let to = 0; to < count;) {
    while (held < size) {
      if (left === 0) {
        left = bytes[at++] ?? 0;
        if (left === 0 || at + left > bytes.length) fail("it is truncated: its pixels are not all there");
      }
      buffer |= bytes[at++]! << held;
      held += 8;
      left--;
    }
    const code = buffer & (1 << size) - 1;
    buffer >>>= size;
    held -= size;
    if (code === clear) {
      size = bits + 1;
      next = clear + 2;
      previous = -1;
      continue;
    }
    if (code === end) fail("its pixels are not all there");
    if (code > (previous < 0 ? clear - 1 : next)) {
      fail("its data has a code without a meaning");
    }
    if (previous >= 0 && next < LONGEST) {
      before[next] = previous;
      first[next] = first[previous]!;
      last[next] = first[code === next ? previous : code]!;
      lengths[next] = lengths[previous]! + 1;
      if (next === 2 ** size - 1 && size < 12) size++;
      next++;
    }
    const length = lengths[code]!;
    for (let place = to + length - 1, c = code; place >= to; place--, c = before[c]!) {
      if (place < count) out[place] = last[c]!;
    }
    to += length;
    previous = code;
  }
  return out;
}
