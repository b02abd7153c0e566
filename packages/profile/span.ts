/** Stretches of time of a profiled run. */
import type { LaunchTime, NamedLayer } from "@troodon/core/kernel";

/** The part of a training step that something belongs to. */
export type Phase = "forward" | "backward" | "optimizer";

/** The kind of a span: a whole run, a part of the program, an op, work that a device is asked for, or the
 * wait for devices at the end of a run. */
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

/** One stretch of time on the host, within another one. Times are in milliseconds from the start of the profile. */
export interface Span {
  /** The kind of the span. */
  readonly kind: SpanKind;
  /** Name of the op, the node, the optimizer's step, the kernel, or the class of the layer. */
  readonly name: string;
  /** The part of a step that it belongs to. */
  readonly phase: Phase;
  /** The span around it; null for a run. */
  readonly parent: Span | null;
  /** The innermost layer that it belongs to; null outside of all layers. */
  readonly layer: NamedLayer | null;
  /** Kernels of a launch; 0 of everything else. */
  readonly kernels: number;
  /** When it began. */
  readonly start: number;
  /** When it ended. */
  end: number;
  /** Bytes allocated in it and in no span within. */
  bytes: number;
  /** Time on the device, of a launch on a device with a clock that was read. */
  device: LaunchTime | null;
}

/** Milliseconds that a span lasts. */
export const lasts = ({ start, end }: Span): number => end - start;

/** Whether a span is of work that a device is asked for, rather than of a part of the program. */
export const isWork = ({ kind }: Span): boolean => kind === "launch" || kind === "read" || kind === "write";

/**
 * Whether a span stands in the table of ops: an op, the gradient of a call, a pass backwards, an optimizer's step, or a
 * launch of a compiled function.
 */
export const isOp = ({ kind }: Span): boolean =>
  kind === "op" || kind === "gradient" || kind === "backward" || kind === "step" || kind === "replay";

/** The nearest span around `span` for which `test` is true; null if there is none. */
export function around(span: Span, test: (span: Span) => boolean): Span | null {
  let at = span.parent;
  while (at !== null && !test(at)) at = at.parent;
  return at;
}
