/** How kernels tell of an index that does not exist. */
import { indexError } from "@troodon/core";

/** Bytes of the status buffer: number of the kernel, index, extent. */
export const STATUS_BYTES = 16;

/** The kernels that look at indices; their number in the status buffer is one more than here. */
export const INDEXED = ["gather", "scatter", "crossEntropy"] as const;

/** Declares `report_index(index, extent)`, which keeps the first report; the status buffer is at `slot`. */
export function reportIndex(kernel: typeof INDEXED[number], slot: number): string {
  return `
fn report_index(index: i32, extent: u32) {
  if (atomicExchange(&b${slot}[0], ${INDEXED.indexOf(kernel) + 1}i) == 0i) {
    atomicStore(&b${slot}[1], index);
    atomicStore(&b${slot}[2], i32(extent));
  }
}`;
}

/** The error that a status buffer holds, if any. */
export function reported(status: Uint8Array): RangeError | undefined {
  const [kernel, index, extent] = new Int32Array(status.buffer, status.byteOffset, 3);
  return kernel === 0 ? undefined : indexError(INDEXED[kernel! - 1]!, index!, extent!);
}
