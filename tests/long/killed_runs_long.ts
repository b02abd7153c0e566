/** Runs that are killed: `tests/killed_runs_test.ts` with 50 kills, and with the images of MNIST where they are there. */
import { dirname, join } from "@std/path";
import { inflateGzip, readTar } from "@troodon/io";
import { killRuns, writeImages } from "../killed_run/kills.ts";

const IMAGES = 40;

/** Writes the first images for training of `$TROODON_DATA/mnist_png.tar.gz`; returns false if it is not there. */
async function extractImages(folder: string): Promise<boolean> {
  const file = `${Deno.env.get("TROODON_DATA")}/mnist_png.tar.gz`;
  const bytes = await Deno.readFile(file).catch(() => null);
  if (bytes === null) return false;
  const counts = new Map<string, number>();
  for (const [name, data] of readTar(await inflateGzip(bytes, file), file)) {
    const [, label, image] = /train\w*\/(\d)\/([^/]+\.png)$/.exec(name) ?? [];
    const count = counts.get(label ?? "") ?? 0;
    if (label === undefined || count >= IMAGES / 10) continue;
    counts.set(label, count + 1);
    const path = join(folder, label, image!);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, data);
  }
  return counts.size === 10;
}

Deno.test("RunFolder and fit() resume to the same bits at 50 moments of SIGKILL", async () => {
  const data = await Deno.makeTempDir();
  try {
    if (!await extractImages(data)) await writeImages(data, IMAGES);
    await killRuns(data, 2026, 50);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
