/** Padded copies of the images of one sample, where the kernels cannot read them as they lie. */
import type { KernelContext, WasmFunction } from "../kernel.ts";
import { emitImages } from "./images.ts";

/** How many images of which extents, and what part of them lies where in the copy. */
export interface StagingOptions {
  readonly planes: number;
  readonly height: number;
  readonly width: number;
  /** Rows and columns of zeros before the image. */
  readonly top: number;
  readonly left: number;
  /** Extents of the copy: what lies beyond is cut off. */
  readonly rows: number;
  readonly columns: number;
  /** Column x goes to part `x mod phases` of its row; 1 by default. */
  readonly phases?: number;
}

/** Makes such copies; or none where image and copy are the same. */
export class Staging {
  /** Bytes between rows and between planes of the copy. */
  readonly rowBytes: number;
  readonly planeBytes: number;
  /** Bytes between phases of a row. */
  readonly phaseBytes: number;
  readonly #options: StagingOptions;
  readonly #pointer: number;
  readonly #place: WasmFunction | null;

  /** Room for one sample. */
  constructor(context: KernelContext, options: StagingOptions) {
    const { planes, height, width, top, left, rows, columns, phases = 1 } = options;
    this.#options = options;
    if (top === 0 && left === 0 && rows <= height && columns <= width && phases === 1) {
      this.phaseBytes = this.rowBytes = 4 * width;
      this.planeBytes = this.rowBytes * height;
      this.#pointer = 0;
      this.#place = null;
      return;
    }
    this.phaseBytes = 4 * Math.ceil(columns / phases);
    this.rowBytes = this.phaseBytes * phases;
    this.planeBytes = this.rowBytes * rows;
    const bytes = planes * this.planeBytes;
    this.#pointer = context.scratch(bytes);
    this.#place = context.instance("conv/images", emitImages).place!;
    // The margins stay zero from sample to sample.
    context.memory.u8.fill(0, this.#pointer, this.#pointer + bytes);
  }

  /** Where row `y`, column `x` of the first plane's copy is, from its start. */
  offset(y: number, x: number): number {
    const { phases = 1 } = this.#options;
    return y * this.rowBytes + (x % phases) * this.phaseBytes + 4 * Math.floor(x / phases);
  }

  /** Address of the copy of the sample at `pointer`. */
  of(pointer: number): number {
    if (this.#place === null) return pointer;
    const { planes, height, width, top, left, rows, columns, phases = 1 } = this.#options;
    this.#place(
      pointer,
      this.#pointer + top * this.rowBytes + 4 * Math.floor(left / phases),
      planes,
      Math.max(0, Math.min(height, rows - top)),
      Math.max(0, Math.min(width, columns - left)),
      4 * width,
      4 * width * height,
      this.planeBytes,
      this.rowBytes,
      phases,
      this.phaseBytes,
      left % phases,
    );
    return this.#pointer;
  }
}
