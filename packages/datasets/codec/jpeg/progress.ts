/** Tracking of the coefficient bits that the scans of a progressive file have provided. */
import type { ScanHeader } from "./frame.ts";
import { type Known, SMOOTHED } from "./smoothing.ts";

/** Tracks the scans of a progressive file, as libjpeg does. */
export class Progress {
  readonly #now: Int32Array[];
  /** State before the last scan of each component. */
  readonly #before: Int32Array[];
  #scans = 0;
  /** Last row of groups of blocks that the last scan had data for. */
  lastGood = 0;

  /** Creates the state before any scan. */
  constructor(components: number) {
    const unknown = () => Array.from({ length: components }, () => new Int32Array(64).fill(-1));
    this.#now = unknown();
    this.#before = unknown();
  }

  /** Records a scan. */
  begin({ parts, from, to, low }: ScanHeader): void {
    this.#scans++;
    for (const { index } of parts) {
      const now = this.#now[index]!, before = this.#before[index]!;
      for (let k = Math.min(from, 1); k <= Math.max(to, SMOOTHED - 1); k++) {
        before[k] = this.#scans > 1 ? now[k]! : 0;
      }
      now.fill(low, from, to + 1);
    }
  }

  /**
   * Returns true if coefficients can be estimated: all means are known, but some of the first other
   * coefficients are not.
   */
  incomplete(tables: readonly (Uint16Array | null)[]): boolean {
    if (!tables.every((table) => table && [0, 1, 8, 16, 9, 2, 3, 10, 17, 24].every((k) => table[k] !== 0))) {
      return false;
    }
    return this.#now.every((bits) => bits[0]! >= 0) &&
      this.#now.some((bits) => bits.subarray(1, SMOOTHED).some((low) => low !== 0));
  }

  /** Returns the known bits of the coefficients of a component in a row of groups of blocks. */
  known(index: number, group: number): Known {
    if (group <= this.lastGood) return this.#now[index]!.subarray(0, SMOOTHED);
    return this.#scans > 1 ? this.#before[index]!.subarray(0, SMOOTHED) : new Int32Array(SMOOTHED).fill(-1);
  }
}
