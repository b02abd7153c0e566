/** Disks that are full. */

/** Codes of the errors of a system for a disk without room, and for a user whose share of it is used up. */
const CODES: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);

/**
 * Returns true for an error whose cause is a disk without room for a file, at any depth.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isDiskFull } from "@troodon/io";
 *
 * const cause = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
 * assert(isDiskFull(cause) && isDiskFull(new RangeError("Cannot write a file", { cause })));
 * assert(!isDiskFull(new RangeError("Cannot write a file")));
 * ```
 */
export function isDiskFull(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    // The storage of a page is limited too.
    if (CODES.has("code" in at && at.code) || at.name === "QuotaExceededError") return true;
  }
  return false;
}

/**
 * Returns the error for a file that did not fit on a disk, with `error` as its cause; other errors as they are.
 *
 * @param needed Bytes of the file.
 * @param written Bytes of it that the disk had room for.
 */
export function wordDiskFull(error: unknown, path: string, needed: number, written: number): unknown {
  if (!isDiskFull(error)) return error;
  return new RangeError(
    `Cannot write ${path} as the disk must have room for ${formatBytes(needed)}: it is full, and ${
      formatBytes(needed - written)
    } are missing`,
    { cause: error },
  );
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** A number of bytes for people: `512 bytes`, `4.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes, unit = 0;
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
