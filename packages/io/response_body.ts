/**
 * Returns the size of a response as stated by its server; null if it is not stated, or if it is the size of
 * the compressed data.
 */
export function statedSize({ headers }: Response): number | null {
  const length = headers.has("content-encoding") ? null : headers.get("content-length");
  return length === null ? null : Number(length);
}

/**
 * Reads the body of a response. Reading stops as soon as the body is known to be too large.
 *
 * @param limit Maximum size in bytes.
 * @param onProgress Called with the number of bytes received so far, as they arrive.
 * @throws {RangeError} If it has more than `limit` bytes.
 */
export async function bodyWithin(
  response: Response,
  limit: number,
  onProgress?: (received: number) => void,
): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [], stated = statedSize(response) ?? 0;
  if (stated > limit) {
    await response.body?.cancel();
    throw new RangeError(`it has more than ${limit} bytes: the server says ${stated}`);
  }
  let size = 0;
  // Leaving the loop cancels the rest.
  for await (const piece of response.body ?? []) {
    size += piece.length;
    if (size > limit) throw new RangeError(`it has more than ${limit} bytes`);
    pieces.push(piece);
    onProgress?.(size);
  }
  return new Blob(pieces);
}
