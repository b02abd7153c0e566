/** Colors of fewer samples to the size of the image, as libjpeg interpolates them ("fancy upsampling"). */

/** Samples, `stride` apart from row to row. */
export interface Plane {
  readonly data: Uint8ClampedArray;
  readonly stride: number;
  /** Samples that count. */
  readonly width: number;
  readonly height: number;
}

/** Three parts of a row and one of its neighbor, in quarters: as they are where no neighbor is. */
function blendRow(plane: Plane, y: number, neighbor: number, into: Int32Array): void {
  const { data, stride, width, height } = plane;
  const own = y * stride, other = Math.min(Math.max(neighbor, 0), height - 1) * stride;
  for (let x = 0; x < width; x++) into[x] = 3 * data[own + x]! + data[other + x]!;
}

/** A plane of `across` times and `down` times as many samples, at least `width` and `height`. */
export function upsample(plane: Plane, across: number, down: number, width: number, height: number): Plane {
  if (across === 1 && down === 1) return plane;
  const stride = plane.width * across;
  const out = new Uint8ClampedArray(stride * plane.height * down);
  const smooth = (across === 1 || (across === 2 && plane.width > 2)) && down <= 2 && !(across > 2);
  if (!smooth) return { data: replicated(plane, across, down, out, stride), stride, width, height };
  const row = new Int32Array(plane.width);
  const last = plane.width - 1;
  for (let y = 0, to = 0; y < plane.height * down; y++, to += stride) {
    const source = down === 1 ? y : y >> 1;
    if (down === 2) blendRow(plane, source, y & 1 ? source + 1 : source - 1, row);
    else for (let x = 0; x <= last; x++) row[x] = plane.data[source * plane.stride + x]!;
    if (across === 1) {
      for (let x = 0; x <= last; x++) out[to + x] = (row[x]! + (y & 1 ? 2 : 1)) >> 2;
      continue;
    }
    // Quarters of samples in one direction, sixteenths in two; roundings alternate.
    const shift = down === 2 ? 4 : 2, before = down === 2 ? 8 : 1, behind = down === 2 ? 7 : 2;
    for (let x = 0; x <= last; x++) {
      const value = row[x]!;
      out[to + 2 * x] = (3 * value + row[x === 0 ? 0 : x - 1]! + before) >> shift;
      out[to + 2 * x + 1] = (3 * value + row[x === last ? last : x + 1]! + behind) >> shift;
    }
  }
  return { data: out, stride, width, height };
}

function replicated(
  { data, stride, width, height }: Plane,
  across: number,
  down: number,
  out: Uint8ClampedArray,
  outStride: number,
): Uint8ClampedArray {
  for (let y = 0; y < height * down; y++) {
    const from = Math.floor(y / down) * stride;
    for (let x = 0; x < width * across; x++) out[y * outStride + x] = data[from + Math.floor(x / across)]!;
  }
  return out;
}
