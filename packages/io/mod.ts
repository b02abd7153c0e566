/**
 * Files and bytes for readers of data and writers of models: compression, archives, digests, downloads,
 * atomic file writes, and threads whose end is detected.
 *
 * @module
 */

export { type ByteSource, type FileLike, openBytes } from "./byte_source.ts";
export type { TimeLimits } from "./within_time.ts";
export {
  deflateZlib,
  inflateGzip,
  inflateGzipSync,
  inflateRaw,
  inflateStart,
  inflateZlib,
  isGzip,
} from "./compression.ts";
export { inflateBzip2 } from "./bzip2.ts";
export { DRAFT_ENDING } from "./files/draft.ts";
export { type ErrorClass, type FileErrorName, fileErrors, isNotFound } from "./files/file_errors.ts";
export type { FileKind, Files, FileStatus, FolderEntry, ReadableFile, WritableFile } from "./files/files.ts";
export { folderOf, joinPath, pathOf } from "./files/path.ts";
export { runtimeFiles } from "./files/runtime_files.ts";
export type { Host, SystemName } from "./host/host.ts";
export { runtimeHost } from "./host/runtime_host.ts";
export { fromBase64, fromHex, toBase64, toHex } from "./encodings.ts";
export { md5, sha256 } from "./digest.ts";
export { download, type DownloadOptions } from "./download.ts";
export { formatBytes, isDiskFull, wordDiskFull } from "./full_disk.ts";
export { requireFile, requireFileSync } from "./regular_file.ts";
export { hasThreads, type Zlib } from "./runtime.ts";
export { runtimeTerminal, type Terminal } from "./terminal.ts";
export { readTar } from "./tar.ts";
export type { PageWorker, PageWorkerEvent } from "./page_thread.ts";
export { serveThread, Thread, type ThreadOptions } from "./thread.ts";
export { writeAtomically } from "./write_atomically.ts";
export { crc32 } from "./zip/crc32.ts";
export type { ZipEntry } from "./zip/directory.ts";
export { writeZip, type ZipFile, type ZipOptions } from "./zip/write_zip.ts";
export { ZipReader } from "./zip/zip_reader.ts";
