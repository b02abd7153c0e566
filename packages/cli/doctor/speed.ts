/** Measures the speed of a device. */
import { type Device, randn, Scope, type Tensor, WebGpuBackend } from "@troodon/troodon";

/** Sizes and duration of the measurements. */
export interface SpeedPlan {
  /** Sizes of square matrices. */
  readonly matmul: readonly number[];
  /** Number of elements that are read and written. */
  readonly elements: number;
  /** Seconds for each measurement. */
  readonly seconds: number;
}

/** Speed of a device. */
export interface Speed {
  /** GFLOP/s by matrix size, also by the GPU clock if there is one. */
  readonly matmul: readonly {
    readonly size: number;
    readonly gflops: number;
    readonly clock: number | null;
  }[];
  /** Elements of each tensor that was read and written. */
  readonly elements: number;
  /** GB/s, read and written. */
  readonly add: number;
  readonly exp: number;
  readonly sum: number;
  /** Microseconds of an op on one element, averaged over many calls. */
  readonly launch: number;
  /** Microseconds to read a finished result back to the host. */
  readonly readback: number;
}

/** Plans larger measurements for faster devices, and short ones if `quick` is true. */
export function planFor(device: Device, software: boolean, quick: boolean): SpeedPlan {
  if (quick) return { matmul: [32, 64], elements: 2 ** 14, seconds: 0.005 };
  if (software) return { matmul: [64, 128, 256], elements: 2 ** 20, seconds: 0.1 };
  return device.name === "cpu"
    ? { matmul: [256, 512, 1024], elements: 2 ** 23, seconds: 0.2 }
    : { matmul: [256, 512, 1024, 2048, 4096], elements: 2 ** 25, seconds: 0.2 };
}

/** Measures the speed of a device. */
export async function measureSpeed(device: Device, { matmul, elements, seconds }: SpeedPlan): Promise<Speed> {
  const time = (work: () => Tensor) => secondsOf(device, work, seconds);
  const gigabytes = async (tensors: number, work: () => Tensor) =>
    4 * elements * tensors / await time(work) / 1e9;
  const products: { size: number; gflops: number; clock: number | null }[] = [];
  for (const size of matmul) {
    using _ = new Scope();
    const a = randn([size, size], { device }), b = randn([size, size], { device });
    const flops = 2 * size ** 3, taken = await time(() => a.matmul(b));
    const own = device.backend instanceof WebGpuBackend
      ? await device.backend.timeGpu(() => a.matmul(b).dispose())
      : null;
    products.push({ size, gflops: flops / taken / 1e9, clock: own && flops / own / 1e9 });
  }
  using _ = new Scope();
  const x = randn([elements], { device }), y = randn([elements], { device }), one = randn([1], { device });
  return {
    matmul: products,
    elements,
    add: await gigabytes(3, () => x.add(y)),
    exp: await gigabytes(2, () => x.exp()),
    sum: await gigabytes(1, () => x.sum()),
    launch: await time(() => one.add(one)) * 1e6,
    readback: await readback(one, seconds) * 1e6,
  };
}

/** Seconds per call over many calls, the best of three rounds. */
async function secondsOf(device: Device, work: () => Tensor, seconds: number): Promise<number> {
  const round = async (calls: number): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) work().dispose();
    await device.finish();
    return (performance.now() - start) / 1000;
  };
  await round(1); // Compiles.
  let calls = 1, taken = await round(calls);
  while (taken < seconds / 3 && calls < 2 ** 20) {
    calls = Math.ceil(calls * Math.min(8, Math.max(2, 0.4 * seconds / taken)));
    taken = await round(calls);
  }
  return Math.min(taken, await round(calls), await round(calls)) / calls;
}

async function readback(one: Tensor, seconds: number): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  do {
    const start = performance.now();
    await one.dataAsync();
    times.push((performance.now() - start) / 1000);
  } while (performance.now() < end || times.length < 5);
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}
