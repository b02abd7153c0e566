/** Changes to what gzip files hold. */
import { gzipSync } from "node:zlib";
import { inflateGzipSync } from "@troodon/io";
import type { Bytes, Structure } from "../file_format.ts";

/** Packs bytes as gzip does. */
export function packed(bytes: Uint8Array): Bytes {
  return new Uint8Array(gzipSync(bytes));
}

/** Changes the contents of a gzip file by another structure. */
export function gzipped({ name, change }: Structure): Structure {
  return {
    name: `${name} in gzip`,
    change: async (bytes, random) => {
      const changed = await change(inflateGzipSync(bytes, "gzip").slice() as Bytes, random);
      return changed === null ? null : packed(changed);
    },
  };
}
