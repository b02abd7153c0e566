/** Changes to tar archives with repaired checksums. */
import { damaged } from "../damages.ts";
import type { Bytes, Structure } from "../file_format.ts";

const BLOCK = 512, SUM_AT = 148, SUM_BYTES = 8;

/** Writes the checksum of the header at `at`. */
function repair(bytes: Bytes, at: number): void {
  bytes.fill(0x20, at + SUM_AT, at + SUM_AT + SUM_BYTES);
  const sum = bytes.subarray(at, at + BLOCK).reduce((a, b) => a + b, 0);
  bytes.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), at + SUM_AT);
}

/** Changes the first header of an archive. */
export const TAR_HEADER: Structure = {
  name: "tar header",
  change: (bytes, random) => {
    if (bytes.length < BLOCK) return null;
    const header = damaged(bytes.slice(0, BLOCK), random, bytes).bytes, copy = bytes.slice();
    if (header.length !== BLOCK) return null;
    copy.set(header);
    repair(copy, 0);
    return copy;
  },
};
