/** Profiles as files of Chrome's tracing. */
import type { MemoryMoment } from "./recorder.ts";
import { isWork, lasts, type Span } from "./span.ts";

/** An event of the Trace Event Format; times are in microseconds. */
export interface TraceEvent {
  /** Name that is shown. */
  readonly name: string;
  /** Kind of the event: complete, counter or metadata. */
  readonly ph: "X" | "C" | "M";
  /** Number of the process. */
  readonly pid: number;
  /** Number of the thread. */
  readonly tid: number;
  /** When it began. */
  readonly ts: number;
  /** How long it lasted, of a complete event. */
  readonly dur?: number;
  /** Categories, separated by commas. */
  readonly cat?: string;
  /** Whatever else is shown of it. */
  readonly args?: Readonly<Record<string, string | number>>;
}

/** A file of the Trace Event Format. */
export interface ChromeTrace {
  /** The unit that times are shown in. */
  readonly displayTimeUnit: "ms";
  /** The events. */
  readonly traceEvents: readonly TraceEvent[];
}

const PID = 1, HOST = 1, DEVICE = 2;

/** The spans as events; clocks of devices are set so that the first launch of each run begins where the host made it. */
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

/** Launches in the order of the device's clock, which has a beginning of its own. */
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
