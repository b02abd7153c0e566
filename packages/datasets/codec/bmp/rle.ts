/** Run-length decoding of BMP files. */

/**
 * Unpacks palette indices, row by row in file order. Skipped pixels get index 0.
 *
 * @param bits Number of bits per index: 4 or 8.
 */
export function unpackRle(
  bytes: Uint8Array,
  start: number,
  bits: 4 | 8,
  width: number,
  height: number,
  fail: (why: string) => never,
): Uint8Array {
  const out = new Uint8Array(width * height);
  const indexAt = (first: number, i: number): number =>
    bits === 8
      ? bytes[first + i]!
      : i % 2 === 0
      ? bytes[first + (i >> 1)]! >> 4
      : bytes[first + (i >> 1)]! & 15;
  let x = 0, y = 0;
  const put = (index: number): void => {
    if (x < width && y < height) out[y * width + x] = index;
    x++;
  };
  for (let at = start; y < height && !(y === height - 1 && x >= width);) {
    if (at + 2 > bytes.length) fail("it is truncated: its pixels are not all there");
    const count = bytes[at]!, value = bytes[at + 1]!;
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? value : i % 2 === 0 ? value >> 4 : value & 15);
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) break;
    else if (value === 2) {
      if (at + 2 > bytes.length) fail("it is truncated: its pixels are not all there");
      x += bytes[at]!;
      y += bytes[at + 1]!;
      at += 2;
    } else {
      const length = bits === 8 ? value : value + 1 >> 1;
      if (at + length > bytes.length) fail("it is truncated: its pixels are not all there");
      for (let i = 0; i < value; i++) put(indexAt(at, i));
      at += length + (length & 1);
    }
  }
  return out;
}
