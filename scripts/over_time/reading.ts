/** Measurement of the resources that a process holds. */
import { CpuBackend, type Device, WebGpuBackend } from "@troodon/troodon";

/** Resources held after a number of steps. */
export interface Reading {
  readonly step: number;
  /** Number of live tensor buffers, and their bytes. */
  readonly buffers: number;
  readonly bytes: number;
  /** Number of buffers that the collector has released so far. */
  readonly lost: number;
  /**
   * Bytes held by the backend, including spare ones; for a GPU also the cached plans, kernels and bind
   * groups.
   */
  readonly held: number;
  readonly plans: number;
  readonly pipelines: number;
  readonly bindGroups: number;
  /** Bytes of the V8 heap in use, and resident memory of the process in bytes. */
  readonly heap: number;
  readonly rss: number;
}

/** Number of readings of the process, of which the median counts. */
const READINGS = 3;

function collector(): () => void {
  const { gc } = globalThis as { gc?: () => void };
  if (gc) return gc;
  throw new TypeError("Cannot measure memory as the collector cannot be called: add --v8-flags=--expose-gc");
}

const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Runs the collector until all unreachable objects are finalized. */
export async function collect(): Promise<void> {
  const gc = collector();
  for (let i = 0; i < 2; i++) {
    gc();
    await task();
    await task();
  }
}

const middle = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

function heldBy({ backend }: Device): Pick<Reading, "held" | "plans" | "pipelines" | "bindGroups"> {
  if (backend instanceof WebGpuBackend) {
    const { heldBytes: held, plans, pipelines, heldBindGroups: bindGroups } = backend.report;
    return { held, plans, pipelines, bindGroups };
  }
  const held = backend instanceof CpuBackend ? backend.memory.reserved : 0;
  return { held, plans: 0, pipelines: 0, bindGroups: 0 };
}

/** Collects garbage, then measures the resources held. */
export async function read(device: Device, step: number): Promise<Reading> {
  const heaps: number[] = [], sizes: number[] = [];
  for (let i = 0; i < READINGS; i++) {
    await collect();
    const { rss, heapUsed } = Deno.memoryUsage();
    heaps.push(heapUsed);
    sizes.push(rss);
  }
  const { buffers, bytes, lost } = device.memory;
  return { step, buffers, bytes, lost, ...heldBy(device), heap: middle(heaps), rss: middle(sizes) };
}
