/** Runs correlations: packs weights, then goes over the samples. */
import { SPILL_BYTES } from "../gemm/macro.ts";
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import { panelVectors, type RowTiles, rowTiles } from "../gemm/tiles.ts";
import type { KernelContext, WasmFunction } from "../kernel.ts";
import { emitCorrelate } from "./correlate.ts";
import { emitImages } from "./images.ts";

/** Offsets in bytes of each tap, from the first weight of a lane and from the image at the first output pixel. */
export interface Taps {
  readonly weights: readonly number[];
  readonly image: readonly number[];
}

/** Where a correlation reads and writes, in bytes. */
export interface Planes {
  readonly image: number;
  readonly imageRow: number;
  readonly output: number;
  readonly channelBytes: number;
  readonly outputRow: number;
  readonly height: number;
  readonly width: number;
}

/** One set of weights of `lanes` output channels. */
export class Correlator {
  readonly #tiles: RowTiles;
  readonly #steps: number;
  readonly #offsets: number;
  readonly #weights: number;
  readonly #spill: number;
  readonly #addend: number;
  readonly #run: WasmFunction;

  /** Packs the weights at `pointer`, `laneBytes` apart, and one bias a lane, if given. */
  constructor(
    context: KernelContext,
    taps: Taps,
    lanes: number,
    pointer: number,
    laneBytes: number,
    bias?: Float32Array,
  ) {
    const tiles = rowTiles(lanes), { rows, full, last } = tiles, steps = taps.image.length;
    this.#tiles = tiles;
    this.#steps = steps;
    this.#spill = context.scratch(SPILL_BYTES);
    this.#offsets = context.scratch(4 * steps);
    const table = context.scratch(4 * steps);
    this.#weights = context.scratch(4 * (lanes + 8) * steps);
    this.#addend = bias ? context.scratch(32 * (lanes + 1)) : 0;
    const { memory } = context;
    memory.i32.set(taps.image, this.#offsets / 4);
    memory.i32.set(taps.weights, table / 4);
    bias?.forEach((value, lane) =>
      memory.f32.fill(value, this.#addend / 4 + 8 * lane, this.#addend / 4 + 8 * lane + 8)
    );
    const { taps: pack } = context.instance("conv/images", emitImages);
    let to = this.#weights;
    for (let first = 0; first < lanes;) {
      const count = first < full * rows ? rows : last;
      const bytes = 16 * panelVectors(NUMBER_TYPES.float32, count);
      pack!(to, bytes, pointer + first * laneBytes, laneBytes, count, bytes / 4, table, steps);
      to += bytes * steps;
      first += count;
    }
    this.#run = context.instance(`conv/correlate/${rows}/${last}`, (w) => emitCorrelate(w, tiles)).correlate!;
  }

  /** Writes all channels of one sample. */
  run({ image, imageRow, output, channelBytes, outputRow, height, width }: Planes): void {
    // Rows without a gap are one row.
    const joined = imageRow === 4 * width && outputRow === 4 * width;
    this.#run(
      this.#weights,
      this.#offsets,
      image,
      imageRow,
      output,
      channelBytes,
      outputRow,
      this.#addend,
      this.#tiles.full,
      joined ? 1 : height,
      joined ? height * width : width,
      this.#steps,
      this.#spill,
    );
  }
}
