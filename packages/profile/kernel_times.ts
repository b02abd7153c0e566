/** Time by kernel. */
import { around, isOp, isWork, lasts, type Phase, type Span } from "./span.ts";

/** Time that a kernel takes in one run on behalf of one op: means over the runs of a profile. */
export interface KernelTime {
  /** Name of the kernel (`map`, `reduce sum`), or `read` and `write` for copies of bytes to and from the host. */
  readonly name: string;
  /** Name of the op, node or step that asked for it; empty if none did. */
  readonly op: string;
  /** The part of a training step that it belongs to. */
  readonly phase: Phase;
  /** Times that the backend was asked for it; several kernels that are asked for at once count once. */
  readonly calls: number;
  /** Seconds on the host: on a CPU the time of the kernel, on a GPU that of handing it over. */
  readonly host: number;
  /** Seconds on the device; null if it has no clock that can be read. */
  readonly device: number | null;
}

/** Adds up `spans` of `runs` runs by kernel, op and phase; the largest time on the device, or else on the host, first. */
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
