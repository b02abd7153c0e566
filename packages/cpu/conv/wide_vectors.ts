/** How the pixels that a convolution calculates are cut into vectors and tiles. */
import type { RowTiles } from "../gemm/tiles.ts";

/** Pixels of a vector, beside each other in a row of the output. */
export const VECTOR_PIXELS = 8;

/** Vectors of a tile, by its filters: with their sums they fill 16 registers, or occupy both units for products. */
const VECTORS: readonly number[] = [0, 6, 4, 3, 3, 2, 2];

/** Cycles until a sum can be added to again, and tiles' cycles besides their steps. */
const [LATENCY, OVERHEAD] = [4, 12] as const;

/** Tiles that are calculated again and again, each time further into the image and the output. */
export interface VectorRun {
  /** For each vector of each tile the offsets in bytes into the image and into the output. */
  readonly table: readonly number[];
  readonly tiles: number;
  readonly times: number;
  readonly imageStep: number;
  readonly outputStep: number;
}

/** How all pixels of all filters are calculated. */
export interface VectorCut {
  /** Tiles of filters, and vectors of each. */
  readonly tiles: RowTiles;
  readonly vectors: number;
  readonly runs: readonly VectorRun[];
}

/** Extents of the output of one sample, and bytes between what its rows see of the image. */
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
    const tile = (height: number): number =>
      height === 0 ? 0 : OVERHEAD + steps * Math.max(LATENCY, height * vectors / 2, (height + vectors) / 2);
    const cycles = Math.ceil(count / vectors) * (full * tile(rows) + tile(last));
    if (cycles >= least) continue;
    least = cycles;
    best = { tiles: { rows, full, last }, vectors, runs: runsOf(vectors, grid) };
  }
  return best!;
}

/** First pixels of the vectors of a row; the last one overlaps the one before unless all are whole. */
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
  /** Tiles of the rows from `first` on. */
  const table = (first: number, count: number, extra: readonly number[] = []): number[] => {
    const entries = Array.from(
      { length: count },
      (_, y) => starts.map((x) => [(first + y) * imageStep + 4 * x, (first + y) * outputStep + 4 * x]),
    ).flat(2).concat(extra);
    // The last tile calculates some vectors twice.
    while (entries.length % (2 * vectors) !== 0) entries.push(entries.at(-2)!, entries.at(-1)!);
    return entries;
  };
  let period = 1;
  while (period * starts.length % vectors !== 0) period++;
  const times = Math.floor(rows / period), rest = rows - times * period, runs: VectorRun[] = [];
  const add = (entries: readonly number[], times: number): void => {
    if (entries.length === 0 || times === 0) return;
    runs.push({
      table: entries,
      tiles: entries.length / (2 * vectors),
      times,
      imageStep: period * imageStep,
      outputStep: period * outputStep,
    });
  };
  const end = 4 * (width - VECTOR_PIXELS), ragged = long && width % VECTOR_PIXELS !== 0;
  add(table(0, period), times);
  add(table(times * period, rest, ragged ? [end, end] : []), 1);
  return runs;
}
