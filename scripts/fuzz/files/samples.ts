/** Files to start from. */
import { join } from "@std/path";
import { ROOT } from "../../run_deno.ts";
import type { Bytes, Sample } from "./file_format.ts";

/** The folders of the project that have sample files. */
const FOLDERS = {
  torch: "tests/testdata/torch_files",
  images: "packages/datasets/testdata/images",
  png: "packages/datasets/testdata/png",
} as const;

/** A sample of one file. */
export function sampleOf(name: string, bytes: Uint8Array, file: string = name): Sample {
  return { name, files: new Map([[file, bytes.slice() as Bytes]]), changed: [file] };
}

/** Samples of one file each that the project's tests have. */
export function storedSamples(folder: keyof typeof FOLDERS, ...names: readonly string[]): Sample[] {
  return names.map((name) => sampleOf(name, Deno.readFileSync(join(ROOT, FOLDERS[folder], name))));
}

/** Files that `write` writes to a folder. */
export async function writtenFiles(write: (folder: string) => Promise<void>): Promise<Map<string, Bytes>> {
  const folder = await Deno.makeTempDir(), files = new Map<string, Bytes>();
  try {
    await write(folder);
    const visit = async (path: string, before: string): Promise<void> => {
      for await (const { name, isDirectory } of Deno.readDir(path)) {
        const inner = join(path, name);
        if (isDirectory) await visit(inner, `${before}${name}/`);
        else files.set(before + name, await Deno.readFile(inner));
      }
    };
    await visit(folder, "");
    return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
