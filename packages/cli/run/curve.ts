/** Compares the loss curve of a run with a recorded one, to the digit. */
import { join } from "@std/path";
import { type FitObserver, METRICS_FILE } from "@troodon/troodon";
import { readText } from "../flags/read_text.ts";

/** A line of `metrics.jsonl` without the seconds, which are never the same, and the learning rate, which earlier ones lack. */
export type CurvePoint = Readonly<Record<string, number>>;

/** A line that differs. */
export interface CurveDifference {
  /** Its number, from 1. */
  readonly line: number;
  readonly was: CurvePoint;
  readonly is: CurvePoint;
}

/**
 * The lines of `metrics.jsonl` in the folder of a run, a half line at its end aside.
 *
 * @throws {TypeError} If a line is no record of numbers; the message has its number.
 * @throws {Deno.errors.NotFound} If there is no such file.
 */
export async function readCurve(path: string): Promise<CurvePoint[]> {
  const file = join(path, METRICS_FILE), text = await readText(file);
  return text.split("\n").slice(0, -1).map((line, i) => {
    let point: unknown = null;
    try {
      point = JSON.parse(line);
    } catch {
      // Reported like JSON of another kind.
    }
    const isRecord = typeof point === "object" && point !== null && !Array.isArray(point);
    // Numbers that JSON does not have are null.
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

/** Compares what a run logs with a recorded curve, and stops it at the first difference, or at the end of the record. */
export class CurveComparison {
  readonly #recorded: readonly CurvePoint[];
  #compared = 0;
  #difference: CurveDifference | null = null;

  /** Compares with `recorded`. */
  constructor(recorded: readonly CurvePoint[]) {
    this.#recorded = recorded;
  }

  /** Number of lines that are equal. */
  get equal(): number {
    return this.#compared;
  }

  /** The first line that differs; null if there is none so far. */
  get difference(): CurveDifference | null {
    return this.#difference;
  }

  /** True if all lines of the record are equal. */
  get isWhole(): boolean {
    return this.#difference === null && this.#compared === this.#recorded.length;
  }

  /** Hears the run. */
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
