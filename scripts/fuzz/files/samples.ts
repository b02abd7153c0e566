/** Unchanged files from which mutants are generated. */
import { join } from "@std/path";
import { ROOT } from "../../run_deno.ts";
import type { Bytes, Sample } from "./file_format.ts";

/** Folders of the project that contain sample files. */
const FOLDERS = {
  torch: "tests/testdata/torch_files",
  images: "packages/datasets/testdata/images",
  png: "packages/datasets/testdata/png",
} as const;

/** Creates a sample of a single file. */
export function sampleOf(name: string, bytes: Uint8Array, file: string = name): Sample {
  return { name, files: new Map([[file, bytes.slice() as Bytes]]), changed: [file] };
}

/** Returns sample files of the project's tests, each as a sample of its own. */
export function storedSamples(folder: keyof typeof FOLDERS, ...names: readonly string[]): Sample[] {
  return names.map((name) => sampleOf(name, Deno.readFileSync(join(ROOT, FOLDERS[folder], name))));
}

/** Returns the files that `write` writes to a folder. */
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
