/** Changes to the contents of gzip files. */
import { gzipSync } from "node:zlib";
import { inflateGzipSync } from "@troodon/io";
import type { Bytes, Structure } from "../file_format.ts";

/** Compresses bytes with gzip. */
export function packed(bytes: Uint8Array): Bytes {
  return new Uint8Array(gzipSync(bytes));
}

/** Creates a structure that changes the contents of a gzip file with another structure. */
export function gzipped({ name, change }: Structure): Structure {
  return {
    name: `${name} in gzip`,
    change: async (bytes, random) => {
      const changed = await change(inflateGzipSync(bytes, "gzip").slice() as Bytes, random);
      return changed === null ? null : packed(changed);
    },
  };
}
