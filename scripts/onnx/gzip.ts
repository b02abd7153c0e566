/** Compression. */

/** Compresses bytes. */
export async function gzip(bytes: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return await new Response(bytes.stream().pipeThrough(new CompressionStream("gzip"))).bytes();
}

/** Unpacks compressed bytes. */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).bytes();
}
