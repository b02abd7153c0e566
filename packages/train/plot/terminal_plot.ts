import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { runtimeTerminal, type Terminal } from "@troodon/io";
import { Pace } from "./pace.ts";
import type { Plot } from "./plot.ts";

/** Options of {@linkcode TerminalPlot}. */
export interface TerminalPlotOptions {
  /** Characters in a line; what the terminal has by default, and at most 100. */
  readonly columns?: number;
  /** Lines; what the terminal has by default, and at most 20. */
  readonly rows?: number;
  /** Share of the time that {@linkcode TerminalPlot.update} may take (default 0.03). */
  readonly share?: number;
  /** False draws nothing; by default true where stderr is a terminal. */
  readonly shown?: boolean;
  /** Writes text to the terminal; to stderr by default. */
  readonly write?: (text: string) => void;
}
const TERMINAL_PLOT_OPTIONS: OptionKeys<TerminalPlotOptions> = {
  columns: true,
  rows: true,
  share: true,
  shown: true,
  write: true,
};

function sizeOf({ isTerminal, size }: Terminal): { columns: number; rows: number } {
  const { columns, rows } = (isTerminal ? size() : null) ?? { columns: 81, rows: 21 };
  return { columns: Math.min(columns - 1, 100), rows: Math.min(rows - 1, 20) };
}

/**
 * A {@linkcode Plot} in the terminal, which each new one is drawn over: a fit, or a loss, as a network trains. Nothing is
 * drawn where there is no terminal.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { Plot, TerminalPlot } from "@troodon/train";
 *
 * let drawn = "";
 * const terminal = new TerminalPlot({ shown: true, write: (text) => drawn += text });
 * for (let i = 0; i < 10; i++) {
 *   terminal.update(() => new Plot({ title: `iteration ${i}` }).add([[0, 1], [1, i]]));
 * }
 * assertStringIncludes(drawn, "iteration 0");
 * ```
 */
export class TerminalPlot {
  readonly #shown: boolean;
  readonly #write: (text: string) => void;
  readonly #size: { columns: number; rows: number };
  readonly #pace: Pace;
  #height = 0;

  /** Draws nothing yet. */
  constructor(options: TerminalPlotOptions = {}) {
    options = readOptions(new.target.name, options, TERMINAL_PLOT_OPTIONS);
    const terminal = runtimeTerminal();
    const { columns, rows, share = 0.03, shown = terminal.isTerminal } = options;
    this.#shown = shown;
    this.#write = options.write ?? terminal.write;
    const size = sizeOf(terminal);
    this.#size = { columns: columns ?? size.columns, rows: rows ?? size.rows };
    this.#pace = new Pace(share);
  }

  /** Draws what `make` gives over the last picture, if that is within the share of time; else `make` is not called. */
  update(make: () => Plot): void {
    if (this.#shown && this.#pace.due) this.show(make);
  }

  /** Draws a picture, or what a function gives, over the last one, however long ago that was drawn. */
  show(plot: Plot | (() => Plot)): void {
    if (!this.#shown) return;
    const done = this.#pace.start();
    const text = (typeof plot === "function" ? plot() : plot).toText({
      ...this.#size,
      color: !runtimeTerminal().noColor,
    });
    const lines = text.trimEnd().split("\n");
    this.#write(`${this.#back()}${lines.map((line) => `${line}\x1b[K\n`).join("")}\x1b[J`);
    this.#height = lines.length;
    done();
  }

  /** Takes the picture away, so that others can print. */
  clear(): void {
    if (this.#height > 0) this.#write(`${this.#back()}\x1b[J`);
    this.#height = 0;
  }

  #back(): string {
    return this.#height > 0 ? `\x1b[${this.#height}F` : "";
  }
}
