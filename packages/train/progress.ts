/** A line that says how far training is. */
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { runtimeTerminal } from "@troodon/io";

/** What a progress line shows. */
export interface Progress {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Epochs in all. */
  readonly epochs: number;
  /** Batches done in this epoch. */
  readonly done: number;
  /** Batches of an epoch. */
  readonly total: number;
  /** Loss as far as known. */
  readonly loss: number | null;
  /** Samples per second. */
  readonly rate: number;
  /** The word for samples. */
  readonly unit: string;
  /** Seconds until the end of the last epoch; not finite if unknown. */
  readonly left: number;
}

/** `1:05` for 65 seconds, `2:00:00` for two hours. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A loss or a score in a few digits: `0.2500`, `1.9324e+21`, `3.1000e-7`. */
export function formatNumber(x: number): string {
  const size = Math.abs(x);
  return size !== 0 && Number.isFinite(size) && (size >= 1e6 || size < 1e-4)
    ? x.toExponential(4)
    : x.toFixed(4);
}

/**
 * The text of a progress line: epoch, share, loss, rate, time left for all epochs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatProgress } from "@troodon/train";
 *
 * const text = formatProgress({
 *   ...{ epoch: 1, epochs: 2, done: 5, total: 10 },
 *   ...{ loss: 0.25, rate: 100, unit: "words", left: 15 },
 * });
 * assertEquals(text, "epoch 1/2   50%  loss 0.2500  100 words/s  0:15 left");
 * ```
 */
export function formatProgress(
  { epoch, epochs, done, total, loss, rate, unit, left }: Progress,
): string {
  return [
    `epoch ${epoch}/${epochs}`,
    `${Math.floor(100 * done / total)}%`.padStart(4),
    ...(loss === null ? [] : [`loss ${formatNumber(loss)}`]),
    `${Math.round(rate)} ${unit}/s`,
    ...(Number.isFinite(left) ? [`${formatDuration(left)} left`] : []),
  ].join("  ");
}

/** Options of {@linkcode ProgressLine}. */
export interface ProgressLineOptions {
  /** Shows the line (default: true if stderr is a terminal). */
  readonly shown?: boolean;
  /** Writes text to the terminal (default: to stderr). */
  readonly write?: (text: string) => void;
  /** Least milliseconds between two lines; 100 by default. */
  readonly interval?: number;
  /** The width of the terminal, at which the line is cut: what is longer could not be written over. */
  readonly columns?: () => number;
}
const PROGRESS_LINE_OPTIONS: OptionKeys<ProgressLineOptions> = {
  shown: true,
  write: true,
  interval: true,
  columns: true,
};

/** Writes a line over the last one of a terminal; writes nothing elsewhere. */
export class ProgressLine {
  readonly #shown: boolean;
  readonly #write: (text: string) => void;
  readonly #interval: number;
  readonly #columns: () => number;
  #last = -Infinity;

  /** A line that is not there yet. */
  constructor(options: ProgressLineOptions = {}) {
    options = readOptions(new.target.name, options, PROGRESS_LINE_OPTIONS);
    const terminal = runtimeTerminal();
    const { shown = terminal.isTerminal, interval = 100, columns = columnsOfConsole } = options;
    this.#shown = shown;
    this.#write = options.write ?? terminal.write;
    this.#interval = interval;
    this.#columns = columns;
  }

  /** Shows what `make` gives, unless the last line is too young. */
  update(make: () => Progress): void {
    if (!this.#shown) return;
    const now = performance.now();
    if (now - this.#last < this.#interval) return;
    this.#last = now;
    // A line that fills the last column goes on in the next row on some terminals.
    this.#write(`\r\x1b[2K${formatProgress(make()).slice(0, Math.max(this.#columns() - 1, 0))}`);
  }

  /** Takes the line away, so that others can be printed. */
  clear(): void {
    if (!this.#shown || this.#last === -Infinity) return;
    this.#last = -Infinity;
    this.#write("\r\x1b[2K");
  }
}

/** The width of the terminal; unlimited where there is none. */
function columnsOfConsole(): number {
  return runtimeTerminal().size()?.columns || Infinity;
}
