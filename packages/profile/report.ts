/** Report of a profile. */
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

/** Recorded data of a profile. */
export interface Recorded {
  /** Number of measured runs. */
  readonly runs: number;
  /** Spans of the runs. */
  readonly spans: readonly Span[];
  /** Bytes in use after each allocation and free. */
  readonly memory: readonly MemoryMoment[];
  /** Outermost layers that were called. */
  readonly roots: readonly NamedLayer[];
  /** Descriptions of the devices. */
  readonly devices: readonly string[];
  /** Clock used to time launches. */
  readonly clock: LaunchClock;
  /** Milliseconds of a run without the listener; null if none was timed. */
  readonly unobserved: number | null;
}

/** Report of {@linkcode profile} with times by op, layer and kernel. Consoles print its tables of ops and layers. */
export class ProfileReport {
  /** Number of measured runs; all times are averages over them. */
  readonly runs: number;
  /** Seconds of one run, including the wait for the device. */
  readonly seconds: number;
  /** Seconds of one run without the listener, measured in the second half of the warm-up; null without a warm-up. */
  readonly unobservedSeconds: number | null;
  /** Peak number of bytes in use by tensors. */
  readonly peakBytes: number;
  /** Times by op and phase, longest first. */
  readonly ops: readonly OpTime[];
  /** Times by layer; each layer comes before the layers inside it. */
  readonly layers: readonly LayerTime[];
  /** Times by kernel and the op that launched it, longest first. */
  readonly kernels: readonly KernelTime[];
  readonly #times: OpTimes;
  readonly #recorded: Recorded;

  /** Creates a report from recorded data. */
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
   * Formats a table as text.
   *
   * @param by The table to format: "ops", "layers" or "kernels".
   * @throws {TypeError} If `by` names no table.
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
   * Converts the spans of all runs to JSON in the Trace Event Format, for `chrome://tracing` and
   * https://ui.perfetto.dev. The trace has a row for the host, a row for the device if its clock can be read, and a
   * curve of memory in use.
   *
   * @example Write a trace file
   * ```ts ignore
   * await Deno.writeTextFile("trace.json", report.toChromeTrace());
   * ```
   */
  toChromeTrace(): string {
    const { spans, memory, devices } = this.#recorded;
    return JSON.stringify(chromeTrace(spans, memory, devices));
  }

  /** Formats a summary and the tables of ops and layers as text. */
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

/** Lines that explain the times, by clock. */
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

/** Width of the terminal; unlimited if the output is not a terminal. */
function columnsOfTerminal(): number {
  const terminal = runtimeTerminal();
  return terminal.isTerminal ? terminal.size()?.columns || Infinity : Infinity;
}
