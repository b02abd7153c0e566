/** The line filters of PNG (PNG specification, third edition, section 9). */

/** The one of a, b, c that is nearest to a + b - c; ties go to the first. */
function paeth(a: number, b: number, c: number): number {
  const toA = Math.abs(b - c);
  const toB = Math.abs(a - c);
  const toC = Math.abs(a + b - 2 * c);
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
}

/**
 * Undoes the filters of `rows` lines of `width` bytes, each behind the byte that names its filter, and writes
 * the lines without those bytes.
 *
 * @param source Filtered lines, from byte `at` on.
 * @param step Bytes from a sample to the same sample of the pixel to the left, at least 1.
 * @param out Output of at least `rows * width` bytes; it may be `source` from byte `at` on.
 * @returns Null, or the filter type that does not exist.
 */
export function unfilter(
  source: Uint8Array,
  at: number,
  rows: number,
  width: number,
  step: number,
  out: Uint8Array,
): number | null {
  for (let row = 0; row < rows; row++) {
    const type = source[at++]!;
    const start = row * width;
    const above = start - width;
    // Above the first line and left of the first pixel all bytes are zero.
    const filter = row > 0 ? type : type === 2 ? 0 : type === 4 ? 1 : type;
    switch (filter) {
      case 0:
        for (let i = 0; i < width; i++) out[start + i] = source[at + i]!;
        break;
      case 1:
        for (let i = 0; i < width; i++) {
          out[start + i] = source[at + i]! + (i < step ? 0 : out[start + i - step]!);
        }
        break;
      case 2:
        for (let i = 0; i < width; i++) out[start + i] = source[at + i]! + out[above + i]!;
        break;
      case 3:
        for (let i = 0; i < width; i++) {
          const left = i < step ? 0 : out[start + i - step]!;
          const up = row > 0 ? out[above + i]! : 0;
          out[start + i] = source[at + i]! + ((left + up) >> 1);
        }
        break;
      case 4:
        for (let i = 0; i < width; i++) {
          const left = i < step ? 0 : out[start + i - step]!;
          const corner = i < step ? 0 : out[above + i - step]!;
          out[start + i] = source[at + i]! + paeth(left, out[above + i]!, corner);
        }
        break;
      default:
        return type;
    }
    at += width;
  }
  return null;
}
