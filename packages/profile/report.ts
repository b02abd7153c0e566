/** What a profile found. */
import { checkCall, type NamedLayer, type OptionKeys, readOptions, showAsText } from "@troodon/core/kernel";
import { formatBytes, runtimeTerminal } from "@troodon/io";
import { chromeTrace } from "./chrome_trace.ts";
import { type KernelTime, kernelTimes } from "./kernel_times.ts";
import { type LayerTime, layerTimes } from "./layer_times.ts";
import { type OpTime, type OpTimes, opTimes } from "./op_times.ts";
import type { LaunchClock, MemoryMoment } from "./recorder.ts";
import { lasts, type Span } from "./span.ts";
import { formatTime, kernelTable, layerTable, opTable, type TableOptions } from "./tables.ts";

const TABLE_OPTIONS: OptionKeys<TableOptions> = { limit: true, columns: true };

/** All that was recorded. */
export interface Recorded {
  /** Runs that were measured. */
  readonly runs: number;
  /** Their spans. */
  readonly spans: readonly Span[];
  /** Bytes in use after each allocation and free. */
  readonly memory: readonly MemoryMoment[];
  /** Layers that were called from outside of all layers. */
  readonly roots: readonly NamedLayer[];
  /** The devices, as they describe themselves. */
  readonly devices: readonly string[];
  /** The clock that launches are timed by. */
  readonly clock: LaunchClock;
  /** Milliseconds of a run without listening; null if there was none. */
  readonly unobserved: number | null;
}

/** Where the time of a function goes: what {@linkcode profile} returns. Consoles show the tables of ops and layers. */
export class ProfileReport {
  /** Runs that the numbers are means of. */
  readonly runs: number;
  /** Seconds of one run, the wait for the device included. */
  readonly seconds: number;
  /** Seconds of one run to which nobody listened, in the second half of the warm-up; null without a warm-up. */
  readonly unobservedSeconds: number | null;
  /** The most bytes of tensors in use at once. */
  readonly peakBytes: number;
  /** Times by op and phase, the largest first. */
  readonly ops: readonly OpTime[];
  /** Times by layer, each before the layers below it. */
  readonly layers: readonly LayerTime[];
  /** Times by kernel and the op that asked for it, the largest first. */
  readonly kernels: readonly KernelTime[];
  readonly #times: OpTimes;
  readonly #recorded: Recorded;

  /** A report of what was recorded. */
  constructor(recorded: Recorded) {
    const { runs, spans, roots, clock, memory, unobserved } = recorded, timed = clock === "device";
    this.#recorded = recorded;
    this.runs = runs;
    this.seconds = spans.reduce((sum, span) => span.kind === "run" ? sum + lasts(span) : sum, 0) / runs / 1e3;
    this.unobservedSeconds = unobserved === null ? null : unobserved / 1e3;
    this.peakBytes = memory.reduce((most, { bytes }) => Math.max(most, bytes), 0);
    this.#times = opTimes(spans, runs, timed);
    this.ops = this.#times.ops;
    this.layers = layerTimes(spans, roots, runs, timed);
    this.kernels = kernelTimes(spans, runs, timed);
  }

  /**
   * A table as text.
   *
   * @param by Rows of the table: "ops", "layers" or "kernels".
   * @throws {TypeError} If there is no such table.
   */
  table(by: "ops" | "layers" | "kernels", options?: TableOptions): string {
    checkCall("table", arguments, "t.");
    const own = readOptions("ProfileReport.table()", options, TABLE_OPTIONS);
    const given = { columns: columnsOfTerminal(), ...own };
    switch (by) {
      case "ops":
        return opTable(this.#times, this.seconds, given);
      case "layers":
        return layerTable(this.layers, this.seconds, given);
      case "kernels":
        return kernelTable(this.kernels, this.seconds, given);
      default:
        throw new TypeError(
          `Cannot draw a table as its rows must be "ops", "layers" or "kernels": current ones are "${by satisfies never}"`,
        );
    }
  }

  /**
   * The spans of all runs as a file for `chrome://tracing` and https://ui.perfetto.dev: JSON in the Trace Event Format,
   * with a row for the host, one for the device where it has a clock, and a counter of memory.
   *
   * @example A file
   * ```ts ignore
   * await Deno.writeTextFile("trace.json", report.toChromeTrace());
   * ```
   */
  toChromeTrace(): string {
    const { spans, memory, devices } = this.#recorded;
    return JSON.stringify(chromeTrace(spans, memory, devices));
  }

  /** The tables of ops and layers, below what they are of. */
  toString(): string {
    const { devices, clock } = this.#recorded, { seconds, unobservedSeconds, runs, peakBytes } = this;
    const unobserved = unobservedSeconds === null
      ? ""
      : ` (${formatTime(unobservedSeconds)} without listening)`;
    const head = [
      `One run of ${runs} on ${devices.join(" and ") || "no device"}: ${formatTime(seconds)}${unobserved}, ` +
      `at most ${formatBytes(peakBytes)} of tensors`,
      ...CLOCKS[clock],
    ];
    const tables = [this.table("ops"), ...(this.layers.length > 0 ? [this.table("layers")] : [])];
    return [head.join("\n"), ...tables].join("\n\n");
  }

  static {
    showAsText(this);
  }
}

/** Lines that say what the times are of. */
const CLOCKS: Readonly<Record<LaunchClock, readonly string[]>> = {
  host: [],
  device: [
    "Device: time by the clock of the GPU. All other times are of the host, which does not wait for it.",
  ],
  none: [
    "Times are of the host, which does not wait for the GPU: the clock of this one cannot be read " +
    '("timestamp-query").',
  ],
};

/** The width of the terminal; unlimited where nobody sees one. */
function columnsOfTerminal(): number {
  const terminal = runtimeTerminal();
  return terminal.isTerminal ? terminal.size()?.columns || Infinity : Infinity;
}
