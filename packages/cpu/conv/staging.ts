/** Padded copies of the images of one sample, where the kernels cannot work on them as they lie. */
import type { Address, Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import type { Geometry } from "./geometry.ts";
import { type Call, call } from "../threads/task.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import { filler } from "../zero.ts";
import { emitImages } from "./images.ts";

/** What a copy has besides the image and its padding. */
export interface StagingOptions {
  /** Column x goes to part `x mod phases` of its row; 1 by default. */
  readonly phases?: number;
  /** Columns beyond those that the window reaches, in each phase; with 0, the default, there may be no copy at all. */
  readonly slack?: number;
}

/** Makes copies that a window fits into, with zeros around the image; and takes them back. */
export class Staging {
  /** Bytes between rows of the copy, and between its planes. */
  readonly rowBytes: number;
  readonly planeBytes: number;
  readonly #geometry: Geometry;
  readonly #phases: number;
  readonly #phaseBytes: number;
  readonly #rows: number;
  readonly #columns: number;
  readonly #copied: Address | null;
  readonly #bytes: number;
  readonly #copies: Readonly<Record<string, WasmFunction>> | null;

  /** Room for the channels of one sample and group. */
  constructor(planner: Planner, geometry: Geometry, { phases = 1, slack = 0 }: StagingOptions = {}) {
    const { channels, height, width, outHeight, outWidth, window } = geometry;
    const [kh, kw] = window.size, [sh, sw] = window.stride, [dh, dw] = window.dilation;
    const [top, , left] = window.padding;
    this.#geometry = geometry;
    this.#phases = phases;
    this.#rows = (outHeight - 1) * sh + (kh - 1) * dh + 1;
    this.#columns = (outWidth - 1) * sw + (kw - 1) * dw + 1;
    const fits = top === 0 && left === 0 && this.#rows <= height && this.#columns <= width;
    if (fits && phases === 1 && slack === 0) {
      this.#phaseBytes = this.rowBytes = 4 * width;
      this.planeBytes = this.rowBytes * height;
      this.#bytes = 0;
      this.#copied = null;
      this.#copies = null;
      return;
    }
    this.#phaseBytes = 4 * (Math.ceil(this.#columns / phases) + slack);
    this.rowBytes = this.#phaseBytes * phases;
    this.planeBytes = this.rowBytes * this.#rows;
    this.#bytes = channels * this.planeBytes;
    this.#copied = planner.scratch(this.#bytes);
    this.#copies = planner.instance("conv/images", emitImages, { wide: true });
  }

  /** Address of the copy, if there is one. */
  get pointer(): Address {
    return this.#copied!;
  }

  /** What fills the copy, if there is one, with zeros: margins then stay zero from sample to sample. */
  clear(planner: Planner): Call<Argument>[] {
    return this.#copied ? [call(filler(planner), this.#copied, this.#bytes)] : [];
  }

  /** Where row `y`, column `x` of the first plane's copy is, from its start. */
  offset(y: number, x: number): number {
    return y * this.rowBytes + (x % this.#phases) * this.#phaseBytes + 4 * Math.floor(x / this.#phases);
  }

  /** Where the taps of all channels are, in the order of the weights, from where the first is. */
  taps(): number[] {
    const { channels, window: { size: [kh, kw], dilation: [dh, dw] } } = this.#geometry;
    const offsets: number[] = [];
    for (let c = 0; c < channels; c++) {
      for (let ky = 0; ky < kh; ky++) {
        for (let kx = 0; kx < kw; kx++) offsets.push(c * this.planeBytes + this.offset(ky * dh, kx * dw));
      }
    }
    return offsets;
  }

  /** Address of a copy of the images at `pointer`, once `calls` are made. */
  place(calls: Call<Argument>[], pointer: Address): Address {
    if (this.#copies === null) return pointer;
    this.#copy(calls, this.#copies.place!, pointer);
    return this.pointer;
  }

  /** Adds to `calls` what writes the images in the copy to `pointer`. */
  take(calls: Call<Argument>[], pointer: Address): void {
    if (this.#copies) this.#copy(calls, this.#copies.take!, pointer);
  }

  #copy(calls: Call<Argument>[], copy: WasmFunction, pointer: Address): void {
    const { channels, height, width, window: { padding: [top, , left] } } = this.#geometry;
    calls.push(call(
      copy,
      pointer,
      this.pointer.plus(top * this.rowBytes + 4 * Math.floor(left / this.#phases)),
      channels,
      Math.max(0, Math.min(height, this.#rows - top)),
      Math.max(0, Math.min(width, this.#columns - left)),
      4 * width,
      4 * width * height,
      this.planeBytes,
      this.rowBytes,
      this.#phases,
      this.#phaseBytes,
      left % this.#phases,
    ));
  }
}
