/** Files from the network, checked before they get their name. */
import { fileErrors } from "./files/file_errors.ts";
import { folderOf } from "./files/path.ts";
import { runtimeFiles } from "./files/runtime_files.ts";
import { bodyWithin, statedSize } from "./response_body.ts";
import { type TimeLimits, withinTime } from "./within_time.ts";
import { writeAtomically } from "./write_atomically.ts";

/** What to fetch, and how to know that it is right. */
export interface DownloadOptions extends TimeLimits {
  /** Where to look, one after the other. */
  readonly urls: readonly string[];
  /** The file to write. */
  readonly path: string;
  /** Why the bytes cannot be right, or null if they are. */
  readonly check: (bytes: Uint8Array<ArrayBuffer>) => Promise<string | null>;
  /** The most bytes that it may have (default 2 GiB): a mirror that gives more is left at once. */
  readonly limit?: number;
  /** Called as data arrives, with the number of bytes so far, and the total if the server states it. */
  readonly onProgress?: (received: number, total: number | null) => void;
}

/** Why `url` cannot be had, or its bytes. */
async function fetchBytes(
  url: string,
  { limit = 2 ** 31, onProgress, ...limits }: DownloadOptions,
): Promise<string | Uint8Array<ArrayBuffer>> {
  try {
    return await withinTime(url, limits, async (response) => {
      if (!response.ok) {
        await response.body?.cancel();
        return `HTTP status ${response.status}`;
      }
      const total = statedSize(response);
      const body = await bodyWithin(response, limit, (received) => onProgress?.(received, total));
      return new Uint8Array(await body.arrayBuffer());
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Fetches a file from the first mirror that has it, and has it right. Makes its folder if that is not there: not
 * before, so that a failure leaves nothing behind.
 *
 * @throws {Deno.errors.NotFound} If none does; the message says why, mirror by mirror.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { urls, path, check } = options;
  const failures: string[] = [];
  for (const url of urls) {
    const bytes = await fetchBytes(url, options);
    const wrong = typeof bytes === "string" ? bytes : await check(bytes);
    if (typeof bytes !== "string" && wrong === null) {
      await runtimeFiles().makeFolder(folderOf(path));
      return await writeAtomically(path, bytes);
    }
    failures.push(`${url}: ${wrong}`);
  }
  throw new (fileErrors().NotFound)(
    `Cannot download ${path} as no mirror has it:\n${failures.map((line) => `  ${line}`).join("\n")}`,
  );
}
