/**
 * Files and bytes, as readers of data and writers of models need them: compression, archives, digests, downloads, and
 * files that are never half there.
 *
 * @module
 */

export { deflateZlib, inflateGzip, inflateGzipSync, inflateZlib, isGzip } from "./compression.ts";
export { md5, sha256 } from "./digest.ts";
export { download, type DownloadOptions } from "./download.ts";
export type { Zlib } from "./runtime.ts";
export { readTar } from "./tar.ts";
export { DRAFT_ENDING, writeAtomically } from "./write_atomically.ts";
