/** Download and caching of weight files. */
import { showArgument } from "@troodon/core/kernel";
import {
  download,
  type FileLike,
  isNotFound,
  joinPath,
  openBytes,
  runtimeFiles,
  sha256 as digestOf,
} from "@troodon/io";
import type { WeightsOptions } from "./load_weights.ts";

/** Returns the URL of a remote file, or null if the file is local. */
function remote(file: FileLike): URL | null {
  if (file instanceof URL) return file.protocol === "file:" ? null : file;
  return typeof file === "string" && /^https?:\/\//.test(file) ? new URL(file) : null;
}

/** Verifies the digest of bytes: returns the reason that it is wrong, or null. */
async function whyWrong(bytes: Uint8Array<ArrayBuffer>, wanted: string | undefined): Promise<string | null> {
  if (wanted === undefined) return null;
  const digest = await digestOf(bytes);
  return digest.startsWith(wanted.toLowerCase()) ? null : `its SHA-256 must be ${wanted} but is ${digest}`;
}

/** The names of weights in torchvision, which no file has. */
const NAMED = /^(\w+\.)?(DEFAULT|IMAGENET1K_\w+)$/;

/** @throws {TypeError} If `weights` cannot be a file; the message says what to write in place of torchvision's. */
function checkFile(weights: unknown): void {
  const isFile = typeof weights === "string" || weights instanceof URL || weights instanceof Blob ||
    weights instanceof Uint8Array || weights instanceof ArrayBuffer;
  if (isFile && !(typeof weights === "string" && NAMED.test(weights))) return;
  const advice = weights === null
    ? "without the option they are drawn at random"
    : "torchvision says the URL of its files by ResNet18_Weights.DEFAULT.url";
  throw new TypeError(
    `Cannot load weights as they must be a file, or its URL: current ones are ${
      showArgument(weights)
    }, ${advice}`,
  );
}

/** All bytes of a local file. */
async function bytesIn(file: FileLike): Promise<Uint8Array<ArrayBuffer>> {
  using source = await openBytes(file);
  return await source.read(0, source.size);
}

const nameOfFile = (file: FileLike): string =>
  typeof file === "string" || file instanceof URL ? String(file) : "the file";

/**
 * Returns a local file of weights: `weights` itself, unless it is a remote URL, whose file is downloaded once
 * and kept in `cache`. A local or cached file is verified if a digest is given.
 *
 * @throws {RangeError} If `weights` is a URL that is not `https:`, `file:` or on this machine.
 * @throws {TypeError} If the digest of the file is wrong, or `weights` are no file.
 */
export async function fetchWeights(options: WeightsOptions): Promise<FileLike> {
  const { weights, sha256, limit = 2 ** 31, cache = "data/weights", onProgress } = options;
  checkFile(weights);
  if (sha256 !== undefined && !/^[0-9a-f]{8,64}$/i.test(sha256)) {
    throw new RangeError(
      `Cannot fetch weights as sha256 must be 8 to 64 hexadecimal digits: current one is "${sha256}"`,
    );
  }
  const url = remote(weights);
  if (url === null) {
    const wrong = sha256 === undefined ? null : await whyWrong(await bytesIn(weights), sha256);
    if (wrong !== null) throw new TypeError(`Cannot load weights of ${nameOfFile(weights)}: ${wrong}`);
    return weights;
  }
  if (url.protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) {
    throw new RangeError(
      `Cannot fetch weights as their URL must begin with https: or be of this machine: current one is ${url}`,
    );
  }
  const path = joinPath(
    cache,
    `${digestName(await digestOf(new TextEncoder().encode(url.href)))}-${nameOf(url)}`,
  );
  const kept = await readKept(path);
  if (kept === null) {
    await download({
      urls: [url.href],
      path,
      limit,
      check: (bytes) => whyWrong(bytes, sha256),
      ...(onProgress && { onProgress }),
    });
    return path;
  }
  const wrong = await whyWrong(kept, sha256);
  if (wrong !== null) throw new TypeError(`Cannot read ${path}: ${wrong}; remove it to fetch it again`);
  return path;
}

const digestName = (digest: string): string => digest.slice(0, 8);

/** Returns the last part of the path of a URL as a file name that is valid on every system. */
const nameOf = (url: URL): string =>
  (url.pathname.split("/").at(-1) || "weights").replace(/[^\w.-]/g, "_").replace(/^\.+/, "_");

async function readKept(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await runtimeFiles().read(path);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
