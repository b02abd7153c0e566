/** Weights of the elements that a resized axis is made of. */

/** Resizing of an axis. */
export interface Resampling {
  readonly extent: number;
  readonly count: number;
  /** The extent of the result by that of the input, which `count` is rounded from. */
  readonly scale: number;
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  readonly cubic: number;
  readonly antialias: boolean;
  readonly excludeOutside: boolean;
  /** The part of the axis for "tf_crop_and_resize". */
  readonly roi: readonly [start: number, end: number];
}

/** For each position of the result and each of its neighbors, the position in the input and its weight. */
export interface Neighbors {
  readonly positions: readonly Float64Array[];
  readonly weights: readonly Float64Array[];
  /** 1 for positions of the result that lie within the input, and 0 for others. */
  readonly inside: Float64Array;
}

/** The place in the input of a position of the result; undefined for a way of counting that is not there. */
export function placeOf(
  at: number,
  { extent, count, scale, coordinates, roi }: Resampling,
): number | undefined {
  const width = scale * extent, half = (at + 0.5) / scale - 0.5;
  switch (coordinates) {
    case "half_pixel":
      return half;
    case "half_pixel_symmetric":
      return extent / 2 * (1 - count / width) + half;
    case "pytorch_half_pixel":
      return count > 1 ? half : 0;
    case "align_corners":
      return width === 1 ? 0 : at * (extent - 1) / (width - 1);
    case "asymmetric":
      return at / scale;
    case "tf_crop_and_resize": {
      const [start, end] = roi, reach = (end - start) * (extent - 1);
      return start * (extent - 1) + (width === 1 ? reach / 2 : at * reach / (width - 1));
    }
    default:
      return undefined;
  }
}

/** Weights of the neighbors of a place that lies `ratio` behind one, in (0, 1], and which of them is the first. */
type Kernel = (ratio: number) => readonly [first: number, weights: number[]];

const nearest = (mode: string): Kernel => (ratio) => {
  const next = ratio === 1 || mode === "ceil" || (mode === "round_prefer_ceil" ? ratio >= 0.5 : ratio > 0.5);
  return [0, ratio !== 1 && mode === "floor" ? [1, 0] : next ? [0, 1] : [1, 0]];
};

/** The cubic of Keys (1981) with slope `a`. */
function keys(x: number, a: number): number {
  const t = Math.abs(x);
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
}

/** A kernel that is as wide as a smaller result needs where `antialias` is on. */
const smooth = (f: (x: number) => number, reach: number, scale: number): Kernel => (ratio) => {
  const first = Math.floor(-reach / scale) + 1;
  const weights = Array.from({ length: 2 - 2 * first }, (_, i) => f(scale * (first + i - ratio)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return [first, weights.map((weight) => weight / sum)];
};

function kernelOf({ mode, nearest: rounding, cubic, antialias, scale }: Resampling): Kernel {
  const narrow = antialias ? Math.min(scale, 1) : 1;
  if (mode === "nearest") return nearest(rounding);
  if (mode === "cubic") return smooth((x) => keys(x, cubic), 2, narrow);
  return smooth((x) => Math.max(0, 1 - Math.abs(x)), 1, narrow);
}

/** The neighbors of each position of the result; undefined for a way of counting that is not there. */
export function neighborsOf(resampling: Resampling): Neighbors | undefined {
  const { extent, count, excludeOutside, coordinates } = resampling, kernel = kernelOf(resampling);
  const taps = kernel(1)[1].length, rows = () => Array.from({ length: taps }, () => new Float64Array(count));
  const positions = rows(), weights = rows(), inside = new Float64Array(count).fill(1);
  for (let at = 0; at < count; at++) {
    const place = placeOf(at, resampling);
    if (place === undefined) return undefined;
    if (coordinates === "tf_crop_and_resize" && (place < 0 || place > extent - 1)) inside[at] = 0;
    // A place on an element lies 1 behind the one before, as ONNX has it.
    const before = Math.ceil(place) - 1, [first, shares] = kernel(place - before);
    const left = shares.map((share, i) => {
      const position = before + first + i;
      return excludeOutside && (position < 0 || position >= extent) ? 0 : share;
    });
    const sum = excludeOutside ? left.reduce((a, b) => a + b, 0) : 1;
    left.forEach((share, i) => {
      positions[i]![at] = Math.min(Math.max(before + first + i, 0), extent - 1);
      weights[i]![at] = share / sum;
    });
  }
  return { positions, weights, inside };
}
