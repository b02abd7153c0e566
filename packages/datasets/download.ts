/** Files from the network, checked before they get their name. */

/** What to fetch, and how to know that it is right. */
export interface DownloadOptions {
  /** Where to look, one after the other. */
  readonly urls: readonly string[];
  /** The file to write. */
  readonly path: string;
  /** Why the bytes cannot be right, or null if they are. */
  readonly check: (bytes: Uint8Array<ArrayBuffer>) => Promise<string | null>;
  /** Milliseconds after which a mirror is given up (default 5 minutes). */
  readonly timeout?: number;
}

/** The digest of `bytes` in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Writes a file so that it is there whole or not at all, also if others write it at the same time. */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.${crypto.randomUUID()}.part`;
  try {
    await Deno.writeFile(partial, bytes);
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}

/**
 * Fetches a file from the first mirror that has it, and has it right.
 *
 * @throws {Deno.errors.NotFound} If none does; the message says why, mirror by mirror.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { urls, path, check, timeout = 5 * 60 * 1000 } = options;
  const failures: string[] = [];
  for (const url of urls) {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
      if (!response.ok) {
        await response.body?.cancel();
        failures.push(`${url}: HTTP status ${response.status}`);
        continue;
      }
      bytes = await response.bytes();
    } catch (error) {
      failures.push(`${url}: ${error instanceof Error ? error.message : error}`);
      continue;
    }
    const wrong = await check(bytes);
    if (wrong === null) return await writeAtomically(path, bytes);
    failures.push(`${url}: ${wrong}`);
  }
  throw new Deno.errors.NotFound(
    `Cannot download ${path} as no mirror has it:\n${failures.map((line) => `  ${line}`).join("\n")}`,
  );
}
