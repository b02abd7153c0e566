/** Cuts the pixels of a convolution into vectors and tiles. */
import type { RowTiles } from "../gemm/tiles.ts";

/** Number of adjacent pixels in a vector, in a row of the output. */
export const VECTOR_PIXELS = 8;

/**
 * Vectors of a tile, by its filters: with their sums they fill 16 registers, or keep both multiplication units busy.
 */
const VECTORS: readonly number[] = [0, 6, 4, 3, 3, 2, 2];

/** Cycles of a step with few sums, which wait for one another, and the fixed cycles of a tile. */
const [LATENCY, OVERHEAD] = [4.5, 12] as const;

/** Tiles that repeat at advancing positions in the image and the output. */
export interface VectorRun {
  /** For each vector of each tile the offsets in bytes into the image and into the output. */
  readonly table: readonly number[];
  /** Vectors of a tile, and tiles. */
  readonly vectors: number;
  readonly tiles: number;
  readonly times: number;
  readonly imageStep: number;
  readonly outputStep: number;
}

/** Cut of all pixels of all filters into tiles. */
export interface VectorCut {
  readonly tiles: RowTiles;
  readonly runs: readonly VectorRun[];
}

/** Extents of the output of one sample, and bytes between the image rows of its rows. */
export interface PixelGrid {
  readonly height: number;
  readonly width: number;
  readonly imageRow: number;
}

/** Cuts the output of `filters` filters with `steps` taps each. */
export function cutVectors(filters: number, steps: number, grid: PixelGrid): VectorCut {
  const count = grid.height * Math.ceil(grid.width / VECTOR_PIXELS);
  let best: VectorCut | null = null, least = Infinity;
  for (let rows = Math.min(filters, VECTORS.length - 1); rows > 0; rows--) {
    const vectors = VECTORS[rows]!, full = Math.floor(filters / rows), last = filters % rows;
    const tile = (height: number, width: number): number =>
      height * width === 0
        ? 0
        : OVERHEAD + steps * Math.max(LATENCY, height * width / 2, (height + width) / 2);
    const down = (width: number): number => full * tile(rows, width) + tile(last, width);
    const cycles = Math.floor(count / vectors) * down(vectors) + down(count % vectors);
    if (cycles >= least) continue;
    least = cycles;
    best = { tiles: { rows, full, last }, runs: runsOf(vectors, grid) };
  }
  return best!;
}

/** Returns the first pixels of the vectors of a row; the last vector overlaps the one before unless all are whole. */
function vectorStarts(width: number): number[] {
  const starts: number[] = [];
  for (let x = 0; x + VECTOR_PIXELS <= width; x += VECTOR_PIXELS) starts.push(x);
  if (width % VECTOR_PIXELS !== 0) starts.push(Math.max(0, width - VECTOR_PIXELS));
  return starts;
}

function runsOf(vectors: number, { height, width, imageRow }: PixelGrid): VectorRun[] {
  // One long row is cut like rows of one vector each.
  const long = height === 1 && width >= VECTOR_PIXELS;
  const starts = long ? [0] : vectorStarts(width), rows = long ? Math.floor(width / VECTOR_PIXELS) : height;
  const imageStep = long ? 4 * VECTOR_PIXELS : imageRow, outputStep = long ? 4 * VECTOR_PIXELS : 4 * width;
  /** Returns the vectors of the rows from `first` on. */
  const table = (first: number, count: number): number[] =>
    Array.from(
      { length: count },
      (_, y) => starts.map((x) => [(first + y) * imageStep + 4 * x, (first + y) * outputStep + 4 * x]),
    ).flat(2);
  let period = 1;
  while (period * starts.length % vectors !== 0) period++;
  const times = Math.floor(rows / period), rest = rows - times * period, runs: VectorRun[] = [];
  const add = (entries: readonly number[], vectors: number, times: number): void => {
    const tiles = entries.length / (2 * vectors);
    if (tiles * times === 0) return;
    runs.push({
      table: entries,
      vectors,
      tiles,
      times,
      imageStep: period * imageStep,
      outputStep: period * outputStep,
    });
  };
  add(table(0, period), vectors, times);
  const others = table(times * period, rest), end = 4 * (width - VECTOR_PIXELS);
  if (long && width % VECTOR_PIXELS !== 0) others.push(end, end);
  const whole = others.length - others.length % (2 * vectors);
  add(others.slice(0, whole), vectors, 1);
  if (whole < others.length) add(others.slice(whole), (others.length - whole) / 2, 1);
  return runs;
}
