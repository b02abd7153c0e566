/** Download and caching of weight files. */
import { download, type FileLike, isNotFound, joinPath, runtimeFiles, sha256 as digestOf } from "@troodon/io";
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

/**
 * Returns a local file of weights: `weights` itself, unless it is a remote URL, whose file is downloaded once
 * and kept in `cache`. A cached file is verified again if a digest is given.
 *
 * @throws {RangeError} If `weights` is a URL that is not `https:`, `file:` or on this machine.
 * @throws {TypeError} If the digest of the cached file is wrong.
 */
export async function fetchWeights(options: WeightsOptions): Promise<FileLike> {
  const { weights, sha256, limit = 2 ** 31, cache = "data/weights", onProgress } = options;
  const url = remote(weights);
  if (url === null) return weights;
  if (url.protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) {
    throw new RangeError(
      `Cannot fetch weights as their URL must begin with https: or be of this machine: current one is ${url}`,
    );
  }
  if (sha256 !== undefined && !/^[0-9a-f]{8,64}$/i.test(sha256)) {
    throw new RangeError(
      `Cannot fetch weights as sha256 must be 8 to 64 hexadecimal digits: current one is "${sha256}"`,
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
