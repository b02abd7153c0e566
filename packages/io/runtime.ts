/** Modules of the runtime, asked for when they are used: a page has none. */

/** The part of the global `process` (Deno, Node, Bun) that gives modules of the runtime. */
interface ProcessLike {
  readonly getBuiltinModule?: (name: string) => unknown;
}

/** The part of Node's `zlib` module that is used here. */
export interface Zlib {
  /** The contents of a gzip file. */
  gunzipSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  /** The contents of a zlib stream. */
  inflateSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  /** The contents of a DEFLATE stream without a header. */
  inflateRawSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  /** A zlib stream of `bytes`. */
  deflateSync(bytes: Uint8Array): Uint8Array;
}

/** The `zlib` of Deno, Node or Bun; null in a page. */
export function runtimeZlib(): Zlib | null {
  const { process } = globalThis as { readonly process?: ProcessLike };
  return (process?.getBuiltinModule?.("zlib") ?? null) as Zlib | null;
}
