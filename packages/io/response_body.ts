/**
 * The size of an answer as its server states it; null where it does not, or where it is that of what was compressed on
 * the way.
 */
export function statedSize({ headers }: Response): number | null {
  const length = headers.has("content-encoding") ? null : headers.get("content-length");
  return length === null ? null : Number(length);
}

/**
 * The body of an answer. One that is too large is left as soon as that is known.
 *
 * @param limit The most bytes that it may have.
 * @param onProgress Called with the bytes that have come, as they come.
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
  // To leave the loop is to cancel the rest.
  for await (const piece of response.body ?? []) {
    size += piece.length;
    if (size > limit) throw new RangeError(`it has more than ${limit} bytes`);
    pieces.push(piece);
    onProgress?.(size);
  }
  return new Blob(pieces);
}
