/** Changes to numbers at known offsets. */
import { damaged } from "../damages.ts";
import { drawn, writeExtreme } from "../extremes.ts";
import type { Structure } from "../file_format.ts";

/**
 * Creates a structure that writes extreme numbers of a given width at multiples of that width, as header
 * fields.
 */
export function extremeFields(name: string, offsets: readonly number[], width: 1 | 2 | 4): Structure {
  return {
    name,
    change: (bytes, random) => {
      const copy = bytes.slice();
      for (let i = 0; i <= random.integer(2); i++) writeExtreme(copy, drawn(offsets, random), random, width);
      return copy;
    },
  };
}

/** Damages all bytes, for contents of a container whose checksums are repaired. */
export const ANY_BYTES: Structure = {
  name: "contents",
  change: (bytes, random) => damaged(bytes, random, bytes).bytes,
};
