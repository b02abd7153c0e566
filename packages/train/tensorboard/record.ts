/** Records of TensorFlow: a length and some bytes, each with its checksum. */
import { maskedCrc32c } from "./crc32c.ts";

/** Bytes before and behind the data of a record. */
const HEAD = 12, TAIL = 4;

/** The record that holds `data`. */
export function recordOf(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(HEAD + data.length + TAIL), view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, HEAD);
  view.setUint32(HEAD + data.length, maskedCrc32c(data), true);
  return record;
}
