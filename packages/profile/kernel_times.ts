/** Time by kernel. */
import { around, isOp, isWork, lasts, type Phase, type Span } from "./span.ts";

/** Time of one kernel for one op, averaged over the runs of a profile. */
export interface KernelTime {
  /** Name of the kernel (`map`, `reduce sum`), or `read` and `write` for copies between host and device. */
  readonly name: string;
  /** Name of the op, graph node or optimizer step that launched the kernel; empty outside of them. */
  readonly op: string;
  /** Part of the training step. */
  readonly phase: Phase;
  /** Number of backend calls; kernels launched together count once. */
  readonly calls: number;
  /** Seconds on the host: the run time on a CPU, the time to submit the kernel on a GPU. */
  readonly host: number;
  /** Seconds on the device; null if its clock cannot be read. */
  readonly device: number | null;
}

/**
 * Sums `spans` of `runs` runs by kernel, op and phase, longest first (by device time if measured, else by host time).
 */
export function kernelTimes(spans: readonly Span[], runs: number, hasDeviceTimes: boolean): KernelTime[] {
  const sums = new Map<
    string,
    { name: string; op: string; phase: Phase; calls: number; host: number; device: number }
  >();
  for (const span of spans) {
    if (!isWork(span)) continue;
    const { name, phase } = span, op = around(span, isOp)?.name ?? "", key = `${phase} ${op} ${name}`;
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, sum = { name, op, phase, calls: 0, host: 0, device: 0 });
    sum.calls++;
    sum.host += lasts(span);
    sum.device += span.device?.busy ?? 0;
  }
  const times = [...sums.values()].map(({ calls, host, device, ...rest }): KernelTime => ({
    ...rest,
    calls: calls / runs,
    host: host / runs / 1e3,
    device: hasDeviceTimes ? device / runs : null,
  }));
  const weight = ({ host, device }: KernelTime): number => device ?? host;
  return times.sort((a, b) => weight(b) - weight(a));
}
