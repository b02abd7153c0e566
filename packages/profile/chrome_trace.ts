/** Converts profiles to files in Chrome's Trace Event Format. */
import type { MemoryMoment } from "./recorder.ts";
import { isWork, lasts, type Span } from "./span.ts";

/** Event of the Trace Event Format, with times in microseconds. */
export interface TraceEvent {
  /** Name shown by the viewer. */
  readonly name: string;
  /** Kind of event: X for complete, C for counter, M for metadata. */
  readonly ph: "X" | "C" | "M";
  /** Process number. */
  readonly pid: number;
  /** Thread number. */
  readonly tid: number;
  /** Start time. */
  readonly ts: number;
  /** Duration of a complete event. */
  readonly dur?: number;
  /** Categories, separated by commas. */
  readonly cat?: string;
  /** Further values shown with the event. */
  readonly args?: Readonly<Record<string, string | number>>;
}

/** File in the Trace Event Format. */
export interface ChromeTrace {
  /** Unit in which the viewer shows times. */
  readonly displayTimeUnit: "ms";
  /** The events. */
  readonly traceEvents: readonly TraceEvent[];
}

const PID = 1, HOST = 1, DEVICE = 2;

/**
 * Converts spans to events. Device clocks are shifted so that the first launch of each run starts when the host issued
 * it.
 */
export function chromeTrace(
  spans: readonly Span[],
  memory: readonly MemoryMoment[],
  devices: readonly string[],
): ChromeTrace {
  const onDevice = spans.some(({ device }) => device !== null);
  const named = (tid: number, key: string, name: string): TraceEvent => (
    { name: key, ph: "M", pid: PID, tid, ts: 0, args: { name } }
  );
  const events = [
    named(HOST, "process_name", `Troodon on ${devices.join(" and ")}`),
    named(HOST, "thread_name", "host"),
    ...(onDevice ? [named(DEVICE, "thread_name", "device")] : []),
    ...spans.map(hostEvent),
    ...(onDevice ? deviceEvents(spans) : []),
    ...memory.map(({ at, bytes }): TraceEvent => (
      { name: "bytes of tensors", ph: "C", pid: PID, tid: HOST, ts: 1e3 * at, args: { bytes } }
    )),
  ];
  return { displayTimeUnit: "ms", traceEvents: events };
}

function hostEvent(span: Span): TraceEvent {
  const { kind, name, phase, start, bytes, kernels } = span;
  const args = { phase, ...(bytes > 0 && { bytes }), ...(kernels > 1 && { kernels }) };
  return { name, cat: kind, ph: "X", pid: PID, tid: HOST, ts: 1e3 * start, dur: 1e3 * lasts(span), args };
}

/** Converts device times of launches to events; the device clock has a zero of its own. */
function deviceEvents(spans: readonly Span[]): TraceEvent[] {
  const events: TraceEvent[] = [];
  let offset: number | null = null;
  for (const span of spans) {
    if (span.kind === "run") offset = null;
    const { device, name, phase } = span;
    if (!isWork(span) || device === null) continue;
    offset ??= 1e3 * span.start - 1e6 * device.start;
    const ts = 1e6 * device.start + offset, dur = 1e6 * (device.end - device.start);
    events.push({ name, cat: "device", ph: "X", pid: PID, tid: DEVICE, ts, dur, args: { phase } });
  }
  return events;
}
