/** Spans: time intervals of a profiled run. */
import type { LaunchTime, NamedLayer } from "@troodon/core/kernel";

/** Part of a training step. */
export type Phase = "forward" | "backward" | "optimizer";

/**
 * Kind of a span: a whole run, a part of the program, an op, work of a device, or the wait for devices at the end of a
 * run.
 */
export type SpanKind =
  | "run"
  | "layer"
  | "backward"
  | "gradient"
  | "step"
  | "replay"
  | "op"
  | "launch"
  | "read"
  | "write"
  | "wait";

/** Time interval on the host, nested in another span. Times are in milliseconds since the start of the profile. */
export interface Span {
  /** Kind of the span. */
  readonly kind: SpanKind;
  /** Name of the op, graph node, optimizer step or kernel, or class of the layer. */
  readonly name: string;
  /** Part of the training step. */
  readonly phase: Phase;
  /** Enclosing span; null for a run. */
  readonly parent: Span | null;
  /** Innermost layer around the span; null outside of layers. */
  readonly layer: NamedLayer | null;
  /** Number of kernels of a launch; 0 for other spans. */
  readonly kernels: number;
  /** Start time. */
  readonly start: number;
  /** End time. */
  end: number;
  /** Bytes allocated in the span but not in spans inside it. */
  bytes: number;
  /** Time of a launch on the device clock; null if it was not read. */
  device: LaunchTime | null;
}

/** Duration of a span in milliseconds. */
export const lasts = ({ start, end }: Span): number => end - start;

/** Returns true if a span is work of a device rather than a part of the program. */
export const isWork = ({ kind }: Span): boolean => kind === "launch" || kind === "read" || kind === "write";

/**
 * Returns true if a span has a row in the table of ops: an op, the gradient of a call, a backward pass, an optimizer
 * step, or a launch of a compiled function.
 */
export const isOp = ({ kind }: Span): boolean =>
  kind === "op" || kind === "gradient" || kind === "backward" || kind === "step" || kind === "replay";

/** Returns the nearest span around `span` that passes `test`; null if there is none. */
export function around(span: Span, test: (span: Span) => boolean): Span | null {
  let at = span.parent;
  while (at !== null && !test(at)) at = at.parent;
  return at;
}
