/** Runs that are killed. */
import { killRuns, writeImages } from "./killed_run/kills.ts";

Deno.test("RunFolder and fit() resume to the same bits wherever SIGKILL ended a run over an image folder", async () => {
  const data = await Deno.makeTempDir();
  try {
    await writeImages(data, 24);
    await killRuns(data, 3, 3);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
