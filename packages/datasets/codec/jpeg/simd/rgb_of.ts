import type { Plane } from "../upsample.ts";
import type { JpegKernels } from "./kernels.ts";

/** Factors by which colors have fewer samples, across and down. */
export interface Subsampling {
  readonly across: number;
  readonly down: number;
}

/** Number of rows converted at a time; even, as two of them share a row of colors. */
const STRIP = 16;
/** Bytes that kernels may read and write beyond the end of a row. */
const SLACK = 64;

/** Returns true if {@linkcode rgbOf} supports this subsampling. */
export function suitsKernels({ across, down }: Subsampling, { width }: Plane): boolean {
  return (across === 1 && down === 1) || (across === 2 && down <= 2 && width > 2);
}

/** Returns the pixels of an image, three bytes each, from its luma and two subsampled planes of colors. */
export function rgbOf(
  kernels: JpegKernels,
  [luma, blue, red]: readonly [Plane, Plane, Plane],
  { across, down }: Subsampling,
  size: { readonly width: number; readonly height: number },
): Uint8Array {
  const { width, height } = size, { run } = kernels;
  const colorRows = STRIP / down + 2, colorSize = colorRows * blue.stride + SLACK;
  const rowSize = 2 * blue.width + SLACK, wideSize = across * blue.width + SLACK;
  const fromBlue = STRIP * luma.stride + SLACK, fromRed = fromBlue + colorSize;
  const row = fromRed + colorSize + SLACK, wideBlue = row + rowSize, wideRed = wideBlue + wideSize;
  const out = wideRed + wideSize, bytes = kernels.reserve(out + STRIP * 3 * width + SLACK);
  const data = new Uint8Array(3 * width * height);
  const [own, before, behind, shift] = down === 2 ? [3, 8, 7, 4] : [1, 1, 2, 2];
  const last = row + 2 * blue.width;
  const widen = (from: number, source: number, neighbor: number, to: number): void => {
    run.blend(from + source * blue.stride, from + neighbor * blue.stride, row, blue.width, own, down - 1);
    // The numbers at both ends are their own neighbors.
    bytes.copyWithin(row - 2, row, row + 2);
    bytes.copyWithin(last, last - 2, last);
    run.spread(row, to, blue.width, before, behind, shift);
  };
  for (let top = 0; top < height; top += STRIP) {
    const rows = Math.min(STRIP, height - top);
    bytes.set(rowsOf(luma, top, top + rows), 0);
    const first = Math.max(Math.floor(top / down) - 1, 0);
    const end = Math.min(Math.ceil((top + rows) / down) + 1, blue.height);
    bytes.set(rowsOf(blue, first, end), fromBlue);
    bytes.set(rowsOf(red, first, end), fromRed);
    for (let y = top; y < top + rows; y++) {
      const source = (down === 2 ? y >> 1 : y) - first;
      let places = [fromBlue + source * blue.stride, fromRed + source * blue.stride];
      if (across === 2) {
        const other = down === 2 ? (y >> 1) + (y & 1 ? 1 : -1) : y;
        const neighbor = Math.min(Math.max(other, 0), blue.height - 1) - first;
        widen(fromBlue, source, neighbor, wideBlue);
        widen(fromRed, source, neighbor, wideRed);
        places = [wideBlue, wideRed];
      }
      run.toRgb((y - top) * luma.stride, places[0]!, places[1]!, out + (y - top) * 3 * width, width);
    }
    data.set(bytes.subarray(out, out + rows * 3 * width), top * 3 * width);
  }
  return data;
}

const rowsOf = ({ data, stride }: Plane, first: number, end: number): Uint8ClampedArray =>
  data.subarray(first * stride, end * stride);
