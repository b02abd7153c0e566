/** Limit of protobuf on files. */

/** Bytes that a file may have: protobuf has no readers for more. */
export const LARGEST_FILE: number = 2 ** 31 - 1;

/**
 * Refuses a file that is too large.
 *
 * @throws {RangeError} Always.
 */
export function refuseLargeFile(action: "read" | "write", file: string, size: number): never {
  throw new RangeError(
    `Cannot ${action} ${file} as a file of protobuf must be smaller than 2 GiB: current size is ${size} bytes; ` +
      "keep the weights in a file beside it, as external data",
  );
}
