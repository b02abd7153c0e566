/** Time by op. */
import { around, isOp, isWork, lasts, type Phase, type Span } from "./span.ts";

/** Time of an op, graph node or optimizer step, averaged over the runs of a profile. */
export interface OpTime {
  /**
   * Name of an op (`matmul`), of a graph node during the backward pass (`MmBackward0`), of an optimizer step
   * (`Adam.step`), or `backward`.
   */
  readonly name: string;
  /** Part of the training step. */
  readonly phase: Phase;
  /** Number of calls. */
  readonly calls: number;
  /** Seconds on the host, without ops inside. */
  readonly self: number;
  /** Seconds on the host, with ops inside. */
  readonly total: number;
  /** Seconds of `self` spent in the backend; the rest is JavaScript of the library. */
  readonly backend: number;
  /** Seconds on the device, without ops inside; null if its clock cannot be read. */
  readonly device: number | null;
  /** Number of kernels, without those of ops inside. */
  readonly kernels: number;
  /** Bytes allocated for tensors, without those of ops inside. */
  readonly bytes: number;
}

/** Times by op, and the time outside of ops. */
export interface OpTimes {
  /** Times by op and phase, longest first (by device time if measured, else by `self`). */
  readonly ops: readonly OpTime[];
  /** Seconds of a run outside of all ops. */
  readonly outside: number;
  /** Seconds at the end of a run spent waiting for the device. */
  readonly waiting: number;
}

/** Running sums of a row over all runs, in milliseconds. */
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

/** Sums `spans` of `runs` runs by op and phase. */
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
