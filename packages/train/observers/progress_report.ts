import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { EpochEvent, FitObserver, LogEvent, Scores, StartEvent, StepEvent } from "../observer.ts";
import { formatNumber, ProgressLine } from "../progress.ts";

/** Options of {@linkcode ProgressReport}. */
export interface ProgressReportOptions {
  /** Receives each line that stays; `console.log` by default. */
  readonly print?: (text: string) => void;
  /** The line of a terminal that shows the progress of an epoch; on stderr by default. */
  readonly line?: ProgressLine;
  /** The word for samples; `"samples"` by default. */
  readonly unit?: string;
  /** The text for the validation scores; their names and four digits of each by default. */
  readonly describe?: (scores: Scores) => string;
}
const PROGRESS_REPORT_OPTIONS: OptionKeys<ProgressReportOptions> = {
  print: true,
  line: true,
  unit: true,
  describe: true,
};

/**
 * Shows people how far a run is: a line that is written over on a terminal, and a line that stays for each logged loss and
 * each epoch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ProgressReport } from "@troodon/train";
 *
 * const lines: string[] = [];
 * const report = new ProgressReport({ print: (text) => void lines.push(text) });
 * const common = { step: 20, epoch: 2, epochs: 2, stop: () => {} };
 * report.onEpoch({ ...common, seconds: 1.5, loss: 0.25, samples: 100, scores: { accuracy: 0.975 } });
 * assertEquals(lines, ["epoch 2/2  1.5 s  loss 0.2500  accuracy 0.9750"]);
 * ```
 */
export class ProgressReport implements FitObserver {
  readonly #print: (text: string) => void;
  readonly #line: ProgressLine;
  readonly #unit: string;
  readonly #describe: (scores: Scores) => string;
  #epochs = 1;
  #loss: number | null = null;
  #begin = performance.now();
  #samples = 0;
  #batches = 0;

  /** Prints to the console by default. */
  constructor(
    options?: ProgressReportOptions,
  ) {
    const { print = printLine, line = new ProgressLine(), unit = "samples", describe = namesAndDigits } =
      options = readOptions(new.target.name, options, PROGRESS_REPORT_OPTIONS);
    this.#print = print;
    this.#line = line;
    this.#unit = unit;
    this.#describe = describe;
  }

  /** Removes the line of the terminal, for whoever writes there next. */
  clear(): void {
    this.#line.clear();
  }

  /** Notes the number of epochs. */
  onStart({ epochs }: StartEvent): void {
    this.#epochs = epochs;
    this.#restart();
  }

  /** Shows the progress. */
  onStep(event: StepEvent): void {
    this.#samples += event.samples;
    this.#batches++;
    this.#line.update(() => {
      const { epoch, batch: done, batches: total } = event, epochs = this.#epochs;
      const left = (total - done + (epochs - epoch) * total) * this.#seconds / this.#batches;
      return { epoch, epochs, done, total, loss: this.#loss, rate: this.#rate, unit: this.#unit, left };
    });
  }

  /** Prints the loss. */
  onLog({ step, epoch, loss }: LogEvent): void {
    this.#loss = loss;
    this.clear();
    this.#print(
      `epoch ${epoch}  step ${step}  loss ${formatNumber(loss)}  ${Math.round(this.#rate)} ${this.#unit}/s`,
    );
  }

  /** Prints the epoch. */
  onEpoch({ epoch, epochs, seconds, loss, scores }: EpochEvent): void {
    this.clear();
    const parts = [`epoch ${epoch}/${epochs}`, `${seconds.toFixed(1)} s`, `loss ${formatNumber(loss)}`];
    this.#print([...parts, this.#describe(scores)].filter((text) => text !== "").join("  "));
    this.#restart();
  }

  /** Removes the line of the terminal. */
  onEnd(): void {
    this.clear();
  }

  /** The time of an epoch so far, without what follows a pass. */
  get #seconds(): number {
    return (performance.now() - this.#begin) / 1000;
  }

  get #rate(): number {
    return this.#samples / this.#seconds;
  }

  #restart(): void {
    this.#begin = performance.now();
    this.#samples = this.#batches = 0;
  }
}

function namesAndDigits(scores: Scores): string {
  return Object.entries(scores).map(([name, value]) => `${name} ${formatNumber(value)}`).join("  ");
}

function printLine(text: string): void {
  try {
    console.log(text);
  } catch {
    // The terminal has been closed: training goes on, or ends as it is told to.
  }
}
