/** Digits of runs of before: all were drawn whatever `--limit` was, and easier ones. */
import { dirname } from "@std/path";
import { type DigitDifficulty, readConfig } from "@troodon/troodon";
import { DIFFICULTY, generatedCount } from "./image_data.ts";

/** Flags that tell which run is resumed. */
interface Resumed {
  readonly resume: string | undefined;
  readonly out: string | undefined;
  readonly model: string;
  readonly limit: number | undefined;
  readonly difficulty?: DigitDifficulty;
}

/** Digits to draw for a run. */
export interface DrawnDigits {
  /** Number for training; undefined to draw all and choose `limit` of them. */
  readonly drawn: number | undefined;
  /** Amount by which they vary. */
  readonly difficulty: DigitDifficulty;
}

/** Returns the digits to draw, which are those of the run that is resumed, if there is one. */
export async function drawnDigits(
  { resume, out, model, limit, difficulty = DIFFICULTY }: Resumed,
): Promise<DrawnDigits> {
  const path = resume === "" ? out ?? `runs/generated-${model}` : dirname(resume ?? "");
  const config = resume === undefined ? null : await readConfig(path).catch(() => null);
  const all = limit === undefined || generatedCount("train", limit) === generatedCount("train");
  return {
    drawn: all || (config !== null && !("drawn" in config)) ? undefined : limit,
    difficulty: config === null ? difficulty : config["difficulty"] === "hard" ? "hard" : "easy",
  };
}
