import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { runtimeTerminal } from "@troodon/io";
import type { EpochEvent, FitObserver, LogEvent, Scores, StartEvent, StepEvent } from "../observer.ts";
import { formatNumber, type ProgressLine } from "../progress.ts";
import { wrapWords } from "../terminal/ansi.ts";
import { describeScores, LiveView } from "../terminal/live_view.ts";
import { TrainingSpeed } from "../terminal/training_speed.ts";

/** Options of {@linkcode ProgressReport}. */
export interface ProgressReportOptions {
  /**
   * Receives each permanent line. By default `console.log`, which prints no losses within an epoch if the same terminal
   * shows their curve.
   */
  readonly print?: (text: string) => void;
  /** Terminal line that shows the progress of an epoch instead of the live view. */
  readonly line?: ProgressLine;
  /** The live view; one on stderr by default. */
  readonly view?: LiveView;
  /** Title above the live view, such as the name of the run; none by default. */
  readonly title?: string;
  /** The word for samples; `"samples"` by default. */
  readonly unit?: string;
  /** The text for the validation scores; their names and four digits of each by default. */
  readonly describe?: (scores: Scores) => string;
}
const PROGRESS_REPORT_OPTIONS: OptionKeys<ProgressReportOptions> = {
  print: true,
  line: true,
  view: true,
  title: true,
  unit: true,
  describe: true,
};

/**
 * Shows the progress of a run: a {@linkcode LiveView} on a terminal, and a permanent line for each logged loss and each
 * epoch.
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
  /** True, as steps print nothing that is not removed again. */
  readonly quiet = true;
  readonly #print: (text: string) => void;
  readonly #columns: () => number;
  readonly #printsLosses: boolean;
  readonly #line: ProgressLine | null;
  readonly #view: LiveView | null;
  readonly #unit: string;
  readonly #describe: (scores: Scores) => string;
  readonly #speed = new TrainingSpeed();
  #epochs = 1;
  #loss: number | null = null;

  /** Prints to the console by default. */
  constructor(options?: ProgressReportOptions) {
    const { print, line = null, title = "", unit = "samples", describe = describeScores } = options =
      readOptions(new.target.name, options, PROGRESS_REPORT_OPTIONS);
    this.#print = print ?? printLine;
    this.#columns = print === undefined ? columnsOfOutput : () => Infinity;
    this.#line = line;
    this.#view = line !== null ? null : options.view ?? new LiveView({ title, unit, describe });
    this.#printsLosses = print !== undefined || !(this.#view?.isShown && runtimeTerminal().showsOutput);
    this.#unit = unit;
    this.#describe = describe;
  }

  /** Removes the view from the terminal, so that other output can follow. */
  clear(): void {
    this.#line?.clear();
    this.#view?.clear();
  }

  /** Notes the number of epochs. */
  onStart(event: StartEvent): void {
    this.#epochs = event.epochs;
    this.#speed.restart();
    this.#view?.onStart(event);
  }

  /** Shows the progress. */
  onStep(event: StepEvent): void {
    this.#speed.add(event.samples);
    this.#view?.onStep(event);
    this.#line?.update(() => {
      const { epoch, batch: done, batches: total } = event, epochs = this.#epochs, { rate } = this.#speed;
      const left = this.#speed.left(event, epochs);
      return { epoch, epochs, done, total, loss: this.#loss, rate, unit: this.#unit, left };
    });
  }

  /** Prints the loss. */
  onLog(event: LogEvent): void {
    const { step, epoch, loss } = event, { rate } = this.#speed;
    this.#loss = loss;
    this.#view?.onLog(event);
    if (!this.#printsLosses) return;
    this.clear();
    this.#print(
      `epoch ${epoch}  step ${step}  loss ${formatNumber(loss)}  ${Math.round(rate)} ${this.#unit}/s`,
    );
  }

  /** Prints the epoch. */
  onEpoch(event: EpochEvent): void {
    const { epoch, epochs, seconds, loss, scores } = event;
    this.clear();
    const parts = [`epoch ${epoch}/${epochs}`, `${seconds.toFixed(1)} s`, `loss ${formatNumber(loss)}`];
    const words = [...parts, this.#describe(scores)].filter((text) => text !== "");
    this.#print(wrapWords(words, this.#columns()).join("\n"));
    this.#view?.onEpoch(event);
    this.#speed.restart();
  }

  /** Keeps the last view on the terminal, and removes the progress line. */
  onEnd(): void {
    this.#line?.clear();
    this.#view?.onEnd();
  }
}

/** Width of the terminal that shows the lines; unlimited without a terminal. */
function columnsOfOutput(): number {
  const { showsOutput, size } = runtimeTerminal();
  return (showsOutput ? size()?.columns : null) || Infinity;
}

function printLine(text: string): void {
  try {
    console.log(text);
  } catch {
    // The terminal has been closed: training goes on, or ends as it is told to.
  }
}
