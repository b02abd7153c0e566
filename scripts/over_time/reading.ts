/** What a process holds at one moment. */
import { CpuBackend, type Device, WebGpuBackend } from "@troodon/troodon";

/** What is held after a number of steps. */
export interface Reading {
  readonly step: number;
  /** Buffers of tensors that live, and their bytes. */
  readonly buffers: number;
  readonly bytes: number;
  /** Buffers that the collector gave back so far. */
  readonly lost: number;
  /** Bytes that the backend holds, spare ones too; and for a GPU the plans, kernels and bind groups that it keeps. */
  readonly held: number;
  readonly plans: number;
  readonly pipelines: number;
  readonly bindGroups: number;
  /** Bytes of V8's heap in use, and of the process in memory. */
  readonly heap: number;
  readonly rss: number;
}

/** Readings of the process, of which the one in the middle counts. */
const READINGS = 3;

function collector(): () => void {
  const { gc } = globalThis as { gc?: () => void };
  if (gc) return gc;
  throw new TypeError("Cannot measure memory as the collector cannot be called: add --v8-flags=--expose-gc");
}

const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Lets the collector find all that is lost, and those that wait for it give it back. */
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

/** Collects what is lost, then reads what is held. */
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
