/** How kernels tell of what they find wrong: an index that does not exist, or elements that an op refuses. */
import type { Refusal } from "@troodon/core";
import { indexError, refusalError, REFUSALS } from "@troodon/core/kernel";

/** Bytes of the status buffer: number of the kernel or refusal, index, extent. */
export const STATUS_BYTES = 16;

/** The kernels that look at indices; their number in the status buffer is one more than here. */
const INDEXED = ["gather", "scatter", "crossEntropy"] as const;

/** Codes in the status buffer: kernels first, then element checks. */
export type Reporter = typeof INDEXED[number] | Refusal;

const REPORTERS: readonly Reporter[] = [...INDEXED, ...REFUSALS];

/** Declares `report_index(index, extent)`, which keeps the first report; the status buffer is at `slot`. */
export function reportIndex(reporter: Reporter, slot: number): string {
  return `
fn report_index(index: i32, extent: u32) {
  if (atomicExchange(&b${slot}[0], ${REPORTERS.indexOf(reporter) + 1}i) == 0i) {
    atomicStore(&b${slot}[1], index);
    atomicStore(&b${slot}[2], i32(extent));
  }
}`;
}

/** The error that a status buffer holds, if any. */
export function reported(status: Uint8Array): RangeError | undefined {
  const [number, index, extent] = new Int32Array(status.buffer, status.byteOffset, 3);
  if (number === 0) return undefined;
  const refusal = REFUSALS[number! - 1 - INDEXED.length];
  return refusal === undefined ? indexError(INDEXED[number! - 1]!, index!, extent!) : refusalError(refusal);
}
