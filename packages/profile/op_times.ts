/** Time by op. */
import { around, isOp, isWork, lasts, type Phase, type Span } from "./span.ts";

/** Time that an op, or a part of the program, takes in one run: means over the runs of a profile. */
export interface OpTime {
  /**
   * Name of an op (`matmul`), of a node of the graph for its part of the backward pass (`MmBackward0`), of an
   * optimizer's step (`Adam.step`), or `backward`.
   */
  readonly name: string;
  /** The part of a training step that it belongs to. */
  readonly phase: Phase;
  /** Calls. */
  readonly calls: number;
  /** Seconds on the host without those of ops within. */
  readonly self: number;
  /** Seconds on the host. */
  readonly total: number;
  /** Seconds of `self` in which the backend was at work: the rest is JavaScript of the library. */
  readonly backend: number;
  /** Seconds on the device, without those of ops within; null if it has no clock that can be read. */
  readonly device: number | null;
  /** Kernels, without those of ops within. */
  readonly kernels: number;
  /** Bytes of tensors that were allocated, without those of ops within. */
  readonly bytes: number;
}

/** Times by op, and what no op took. */
export interface OpTimes {
  /** Times by op and phase, the largest first: by time on the device, where it has a clock, and by `self`. */
  readonly ops: readonly OpTime[];
  /** Seconds of a run outside of all ops: the rest of the program. */
  readonly outside: number;
  /** Seconds that a run waited at its end for the device to be done. */
  readonly waiting: number;
}

/** A row that is being added up, in milliseconds of all runs. */
interface Sum {
  readonly name: string;
  readonly phase: Phase;
  calls: number;
  self: number;
  total: number;
  backend: number;
  device: number;
  kernels: number;
  bytes: number;
}

/** Adds up `spans` of `runs` runs by op and phase. */
export function opTimes(spans: readonly Span[], runs: number, hasDeviceTimes: boolean): OpTimes {
  const sums = new Map<string, Sum>();
  let outside = 0, waiting = 0;
  const sumOf = (span: Span): Sum => {
    const key = `${span.phase} ${span.name}`, known = sums.get(key);
    if (known !== undefined) return known;
    const fresh = { calls: 0, self: 0, total: 0, backend: 0, device: 0, kernels: 0, bytes: 0 };
    const made: Sum = { name: span.name, phase: span.phase, ...fresh };
    sums.set(key, made);
    return made;
  };
  for (const span of spans) {
    const own = isOp(span) ? span : around(span, isOp), time = lasts(span);
    if (span.kind === "run") outside += time;
    else if (span.kind === "wait") waiting += time;
    if (own === null) continue;
    const sum = sumOf(own);
    sum.bytes += span.bytes;
    if (isWork(span)) {
      sum.backend += time;
      sum.kernels += span.kernels;
      sum.device += span.device?.busy ?? 0;
    } else if (own === span) {
      sum.calls++;
      sum.self += time;
      const parent = around(span, isOp);
      if (parent === null) outside -= time;
      else sumOf(parent).self -= time;
      if (around(span, (other) => other.name === span.name && other.phase === span.phase) === null) {
        sum.total += time;
      }
    }
  }
  const ops = [...sums.values()].map((sum): OpTime => ({
    ...sum,
    calls: sum.calls / runs,
    self: sum.self / runs / 1e3,
    total: sum.total / runs / 1e3,
    backend: sum.backend / runs / 1e3,
    device: hasDeviceTimes ? sum.device / runs : null,
    kernels: sum.kernels / runs,
    bytes: sum.bytes / runs,
  }));
  const weight = ({ device, self }: OpTime): number => device || self / 1e6;
  return {
    ops: ops.sort((a, b) => weight(b) - weight(a)),
    outside: (outside - waiting) / runs / 1e3,
    waiting: waiting / runs / 1e3,
  };
}
