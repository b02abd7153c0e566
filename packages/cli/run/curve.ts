/** Compares the loss curve of a run with a recorded one, digit by digit. */
import { join } from "@std/path";
import { type FitObserver, METRICS_FILE } from "@troodon/troodon";
import { readText } from "../flags/read_text.ts";

/** Line of `metrics.jsonl` without the times, which always differ, and the learning rate, which older runs lack. */
export type CurvePoint = Readonly<Record<string, number>>;

/** First line that differs. */
export interface CurveDifference {
  /** Line number, from 1. */
  readonly line: number;
  readonly was: CurvePoint;
  readonly is: CurvePoint;
}

/**
 * Reads the lines of `metrics.jsonl` in the folder of a run, without an incomplete line at the end.
 *
 * @throws {TypeError} If a line is not a record of numbers; the message has the line number.
 * @throws {Deno.errors.NotFound} If the file does not exist.
 */
export async function readCurve(path: string): Promise<CurvePoint[]> {
  const file = join(path, METRICS_FILE), text = await readText(file);
  return text.split("\n").slice(0, -1).map((line, i) => {
    let point: unknown = null;
    try {
      point = JSON.parse(line);
    } catch {
      // Reported like JSON of another type.
    }
    const isRecord = typeof point === "object" && point !== null && !Array.isArray(point);
    // NaN and infinity are stored as null.
    if (isRecord && Object.values(point!).every((value) => value === null || typeof value === "number")) {
      return compared(point as CurvePoint);
    }
    throw new TypeError(
      `Cannot read ${file} as each line must be a record of numbers: line ${i + 1} is none`,
    );
  });
}

function compared({ seconds: _, lr: __, ...rest }: CurvePoint): CurvePoint {
  return rest;
}

/**
 * Compares the log of a run with a recorded curve, and stops the run at the first difference or at the end of the
 * record.
 */
export class CurveComparison {
  readonly #recorded: readonly CurvePoint[];
  #compared = 0;
  #difference: CurveDifference | null = null;

  /** Creates a comparison with `recorded`. */
  constructor(recorded: readonly CurvePoint[]) {
    this.#recorded = recorded;
  }

  /** Number of equal lines. */
  get equal(): number {
    return this.#compared;
  }

  /** First line that differs; null if there is none yet. */
  get difference(): CurveDifference | null {
    return this.#difference;
  }

  /** True if all lines of the record are equal. */
  get isWhole(): boolean {
    return this.#difference === null && this.#compared === this.#recorded.length;
  }

  /** Observer of the run. */
  readonly observer: FitObserver = {
    onLog: ({ step, epoch, loss, stop }) => this.#compare({ step, epoch, loss }, stop),
    onEpoch: ({ epoch, loss, scores, stop }) => this.#compare({ epoch, loss, ...scores }, stop),
  };

  #compare(point: CurvePoint, stop: () => void): void {
    if (this.#difference !== null || this.isWhole) return stop();
    const was = this.#recorded[this.#compared]!, is: CurvePoint = JSON.parse(JSON.stringify(point));
    if (JSON.stringify(was) === JSON.stringify(is)) this.#compared++;
    else this.#difference = { line: this.#compared + 1, was, is };
    if (this.#difference !== null || this.isWhole) stop();
  }
}
