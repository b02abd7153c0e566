/** Digests of folders of data. */
import { join } from "@std/path";
import { runtimeFiles, sha256 } from "@troodon/io";

/** Digest of the files of a folder. */
export interface DataDigest {
  /** The folder. */
  readonly root: string;
  /** Number of files. */
  readonly files: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Bytes of them that the digest covers. */
  readonly read: number;
  /** SHA-256 of the names and sizes of all files, and of the contents that were read. */
  readonly sha256: string;
}

/** The most files whose contents are read, and the most bytes of all of them together. */
const MOST_FILES = 1000, MOST_BYTES = 256 * 2 ** 20;
/** The deepest folder. */
const DEEPEST = 16;

interface FoundFile {
  readonly path: string;
  readonly size: number;
}

function filesBelow(root: string, below: string, depth: number, found: Map<string, FoundFile>): void {
  for (const { name } of runtimeFiles().listSync(join(root, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    let info;
    try {
      info = runtimeFiles().statusSync(join(root, path));
    } catch {
      // A broken link.
      continue;
    }
    if (info.kind === "a file") found.set(path, { path, size: info.size });
    else if (info.kind === "a folder" && depth < DEEPEST) filesBelow(root, path, depth + 1, found);
  }
}

/**
 * The digest of the files below `root`. It covers the names and sizes of all; the contents of all where they are up to 1000
 * files of 256 MiB together, and else of 1000 that are spread evenly over the sorted names, each with as many bytes of its
 * beginning and its end as make 256 MiB. So it takes a second at most, whatever the size of the data.
 *
 * @param isOfData Returns true for names of files that count; all do by default.
 */
export async function digestOfFiles(
  root: string,
  isOfData: (name: string) => boolean = () => true,
): Promise<DataDigest> {
  const found = new Map<string, FoundFile>();
  filesBelow(root, "", 0, found);
  const files = [...found.values()].filter(({ path }) => isOfData(path)).sort((a, b) =>
    a.path < b.path ? -1 : 1
  );
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const chosen = files.length <= MOST_FILES
    ? files
    : Array.from({ length: MOST_FILES }, (_, i) => files[Math.floor(i * files.length / MOST_FILES)]!);
  const most = bytes <= MOST_BYTES ? Infinity : Math.floor(MOST_BYTES / Math.max(chosen.length, 1));
  const digests: string[] = [];
  let read = 0;
  for (const { path, size } of chosen) {
    const contents = await endsOf(join(root, path), size, most);
    digests.push(await sha256(contents));
    read += contents.length;
  }
  const text = JSON.stringify([files.map(({ path, size }) => [path, size]), digests]);
  return { root, files: files.length, bytes, read, sha256: await sha256(new TextEncoder().encode(text)) };
}

/** The bytes of a file, or as many of its beginning and its end as `most` has. */
async function endsOf(path: string, size: number, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (size <= most) return await runtimeFiles().read(path);
  const half = Math.floor(most / 2), bytes = new Uint8Array(2 * half);
  using file = await runtimeFiles().open(path);
  for (
    const [start, target] of [[0, bytes.subarray(0, half)], [size - half, bytes.subarray(half)]] as const
  ) {
    for (let at = 0; at < half;) {
      const count = await file.read(target.subarray(at), start + at);
      if (count === 0) break;
      at += count;
    }
  }
  return bytes;
}
