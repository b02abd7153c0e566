/** The coefficients of a JPEG scan, sequential or progressive (ITU-T T.81, annexes F and G). */
import type { BitReader } from "./bits.ts";
import type { HuffmanTable } from "./huffman.ts";
import { ZIGZAG } from "./zigzag.ts";

/** One color of an image. */
export interface Component {
  readonly id: number;
  /** Sampling factors. */
  readonly h: number;
  readonly v: number;
  readonly quantization: number;
  /** Samples that count. */
  readonly width: number;
  readonly height: number;
  /** Blocks that are stored. */
  readonly columns: number;
  readonly rows: number;
  /** Number of rows of blocks in memory: all, or those of one group if a single scan covers everything. */
  readonly kept: number;
  /** Coefficients [kept, columns, 64]. */
  readonly coefficients: Int16Array;
}

/** A component in a scan. */
export interface ScanComponent {
  readonly component: Component;
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
  /** The last DC coefficient. */
  last: number;
}

/** Contents of a scan. */
export interface Scan {
  readonly components: readonly ScanComponent[];
  readonly progressive: boolean;
  /** The first and last coefficient. */
  readonly from: number;
  readonly to: number;
  /** Bits that came before, and that are still to come. */
  readonly high: number;
  readonly low: number;
  readonly restartInterval: number;
  /** Groups of blocks of all components, across and down. */
  readonly columns: number;
  readonly rows: number;
}

type BlockReader = (part: ScanComponent, at: number) => void;

/**
 * Reads a scan into the coefficients of its components. Coefficients without data keep their value.
 *
 * @param rowDone Called after each row of groups of blocks (rows of blocks if there is only one component).
 * @returns The last row of groups of blocks of the frame that had data.
 */
export function readScan(
  scan: Scan,
  bits: BitReader,
  fail: (why: string) => never,
  rowDone?: (row: number) => void,
): number {
  const { components, restartInterval } = scan;
  let run = 0;
  const dcOf = (part: ScanComponent): HuffmanTable =>
    part.dc ?? fail("a scan names a table that is not there");
  const acOf = (part: ScanComponent): HuffmanTable =>
    part.ac ?? fail("a scan names a table that is not there");

  const dcDifference = (part: ScanComponent): number => {
    const length = bits.symbol(dcOf(part));
    if (length > 15) fail("its data has a difference of more than 15 bits");
    return part.last += bits.extended(length);
  };
  const sequential: BlockReader = (part, at) => {
    const { coefficients } = part.component;
    const table = acOf(part);
    coefficients[at] = dcDifference(part);
    bits.block(table, ZIGZAG, coefficients, at);
  };
  const dcFirst: BlockReader = (part, at) => {
    part.component.coefficients[at] = dcDifference(part) << scan.low;
  };
  const dcMore: BlockReader = (part, at) => {
    if (bits.read(1)) part.component.coefficients[at]! |= 1 << scan.low;
  };
  const acFirst: BlockReader = (part, at) => {
    if (run > 0) {
      run--;
      return;
    }
    const table = acOf(part);
    for (let k = scan.from; k <= scan.to; k++) {
      const symbol = bits.symbol(table), size = symbol & 15, zeros = symbol >> 4;
      if (size === 0 && zeros < 15) {
        run = (1 << zeros) - 1 + bits.read(zeros);
        return;
      }
      k += zeros;
      if (size === 0) continue;
      part.component.coefficients[at + ZIGZAG[k]!] = bits.extended(size) << scan.low;
    }
  };
  const acMore: BlockReader = (part, at) => {
    const { coefficients } = part.component;
    const plus = 1 << scan.low, minus = -1 << scan.low;
    const refine = (place: number): void => {
      const value = coefficients[place]!;
      if (bits.read(1) && (value & plus) === 0) coefficients[place] = value + (value >= 0 ? plus : minus);
    };
    let k = scan.from;
    const table = acOf(part);
    for (; run === 0 && k <= scan.to; k++) {
      const symbol = bits.symbol(table);
      let zeros = symbol >> 4, value = 0;
      if (symbol & 15) value = bits.read(1) ? plus : minus;
      else if (zeros < 15) {
        run = (1 << zeros) + bits.read(zeros);
        break;
      }
      for (; k <= scan.to; k++) {
        const place = at + ZIGZAG[k]!;
        if (coefficients[place] !== 0) refine(place);
        else if (--zeros < 0) break;
      }
      if (value !== 0) coefficients[at + ZIGZAG[k]!] = value;
    }
    if (run === 0) return;
    for (; k <= scan.to; k++) {
      const place = at + ZIGZAG[k]!;
      if (coefficients[place] !== 0) refine(place);
    }
    run--;
  };

  const first = scan.high === 0;
  const read = !scan.progressive
    ? sequential
    : scan.from === 0
    ? (first ? dcFirst : dcMore)
    : (first ? acFirst : acMore);
  const single = components.length === 1 ? components[0]! : null;
  const columns = single ? Math.ceil(single.component.width / 8) : scan.columns;
  const rows = single ? Math.ceil(single.component.height / 8) : scan.rows;
  let lastGood = 0;
  for (let y = 0, unit = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, unit++) {
      if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
        bits.restart(unit / restartInterval - 1 & 7);
        run = 0;
        for (const part of components) part.last = 0;
      }
      if (bits.exhausted) continue;
      lastGood = single ? Math.floor(y / single.component.v) : y;
      if (single) {
        read(single, 64 * (y % single.component.kept * single.component.columns + x));
        continue;
      }
      for (const part of components) {
        const { h, v, kept, columns: stored } = part.component;
        for (let j = 0; j < v; j++) {
          for (let i = 0; i < h; i++) read(part, 64 * ((y * v + j) % kept * stored + x * h + i));
        }
      }
    }
    rowDone?.(y);
  }
  return lastGood;
}
