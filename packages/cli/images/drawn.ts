/** Runs of before there were fewer digits drawn for `--limit`. */
import { dirname } from "@std/path";
import { readConfig } from "@troodon/troodon";
import { generatedCount } from "./image_data.ts";

/** Flags that tell which run is resumed. */
interface Resumed {
  readonly resume: string | undefined;
  readonly out: string | undefined;
  readonly model: string;
  readonly limit: number | undefined;
}

/**
 * Number of digits to draw for training; undefined to draw all and choose `limit` of them, as the run that is resumed
 * did.
 */
export async function drawnDigits({ resume, out, model, limit }: Resumed): Promise<number | undefined> {
  if (limit === undefined || generatedCount("train", limit) === generatedCount("train")) return undefined;
  if (resume === undefined) return limit;
  const path = resume === "" ? out ?? `runs/generated-${model}` : dirname(resume);
  const config = await readConfig(path).catch(() => null);
  return config === null || "drawn" in config ? limit : undefined;
}
