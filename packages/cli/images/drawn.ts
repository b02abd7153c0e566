/** Generated digits of older runs, which ignored `--limit` and were easier. */
import { dirname } from "@std/path";
import { type DigitDifficulty, readConfig } from "@troodon/troodon";
import { DIFFICULTY, generatedCount } from "./image_data.ts";

/** Flags that identify the run to resume. */
interface Resumed {
  readonly resume: string | undefined;
  readonly out: string | undefined;
  readonly model: string;
  readonly limit: number | undefined;
  readonly difficulty?: DigitDifficulty;
}

/** Generated digits of a run. */
export interface DrawnDigits {
  /** Number of digits for training; undefined to generate all and choose `limit` of them. */
  readonly drawn: number | undefined;
  /** Difficulty of the digits. */
  readonly difficulty: DigitDifficulty;
}

/** Returns the digits to generate: those of the resumed run, if there is one. */
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
