/** What the sides in TypeScript share: the job, the clock and the output. */
import { Generator } from "@troodon/troodon";
import { median } from "../../measure.ts";
import type { Workload } from "../kinds.ts";

/** What a side is asked to do: one argument of JSON. */
export interface Job {
  readonly workloads: readonly Workload[];
  /** The folder of MNIST. */
  readonly data: string;
  /** So many images of it. */
  readonly limit: number;
  /** How long a kernel is called. */
  readonly seconds: number;
  readonly threads: number;
  /** True to compile training steps. */
  readonly compiled: boolean;
}

/** What a side says of a workload. */
export interface Measured {
  readonly seconds: number;
  readonly loss?: number;
}

/** How a side measures workloads of one kind. */
export type Measure<K extends Workload["kind"] = Workload["kind"]> = (
  workload: Extract<Workload, { readonly kind: K }>,
) => Promise<Measured>;

/** The job of this process. */
export function readJob(): Job {
  return JSON.parse(Deno.args[0]!);
}

/** Noise in [-0.5, 0.5), the same on every run. */
export function noise(length: number): Float32Array<ArrayBuffer> {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return state / 2 ** 32;
  });
}

/** Numbers below `limit`, the same on every run. */
export function choice(length: number, limit: number): Int32Array<ArrayBuffer> {
  return Int32Array.from(noise(length), (x) => Math.floor((x + 0.5) * limit));
}

/**
 * The median of the seconds of a call, over samples of a millisecond or one call, five or more of them; of a call that
 * takes longer than a second, the second one's.
 */
export async function timeCall(job: Job, call: () => unknown): Promise<Measured> {
  async function sample(calls: number): Promise<number> {
    const start = performance.now();
    for (let i = 0; i < calls; i++) {
      const result = call();
      if (result instanceof Promise) await result;
    }
    return (performance.now() - start) / 1000 / calls;
  }
  const since = (start: number): number => (performance.now() - start) / 1000;
  await sample(1);
  const first = await sample(1);
  if (first > 1) return { seconds: first };
  for (const start = performance.now(); since(start) < job.seconds / 3;) await sample(1);
  const calls = Math.max(1, Math.floor(1e-3 / await sample(1)));
  const times: number[] = [];
  for (const start = performance.now(); since(start) < job.seconds || times.length < 5;) {
    times.push(await sample(calls));
  }
  return { seconds: median(times) };
}

/**
 * The median of the seconds of a step, after a third as many that are not counted; of fewer steps where a framework
 * takes more than ten seconds for them.
 */
export async function timeFit(step: () => number | Promise<number>, iterations: number): Promise<Measured> {
  const times: number[] = [], begin = performance.now();
  let loss = NaN;
  for (let i = -Math.floor(iterations / 3); i < iterations; i++) {
    const start = performance.now();
    loss = await step();
    if (start - begin > 10_000) i = Math.max(i, iterations - 5);
    if (i >= 0) times.push((performance.now() - start) / 1000);
  }
  return { seconds: median(times), loss };
}

/** Seconds of one pass over all images in a random order, after 300 batches and the last, smaller one. */
export function timeEpoch(
  job: Job,
  batch: number,
  pass: (order: Int32Array) => number,
): Measured {
  const order = new Generator(0).permutation(job.limit);
  pass(order.subarray(0, batch * 300 + job.limit % batch));
  const start = performance.now(), loss = pass(order);
  return { seconds: (performance.now() - start) / 1000, loss };
}

/** Prints the version, then a line of JSON for each workload of the job. */
export async function serve(
  job: Job,
  version: string,
  measures: { readonly [K in Workload["kind"]]?: Measure<K> },
): Promise<void> {
  console.log(JSON.stringify({ version }));
  for (const workload of job.workloads) {
    const measure = measures[workload.kind] as Measure | undefined;
    let result: Measured | { readonly error: string };
    try {
      if (!measure) throw new TypeError(`There is nothing for ${workload.kind}`);
      result = await measure(workload);
    } catch (error) {
      // One workload that a framework cannot do must not stop the others.
      result = { error: `${error}`.split("\n")[0]!.slice(0, 200) };
    }
    console.log(JSON.stringify({ name: workload.name, ...result }));
  }
}

/** How long a slow framework trains before its epoch is reckoned from the steps it did. */
const LONGEST = 5;

/** Seconds of an epoch, reckoned from as many steps as five seconds have, three at the least. */
export async function timeSteps(
  job: Job,
  batch: number,
  step: () => number | Promise<number>,
): Promise<Measured> {
  for (let i = 0; i < 3; i++) await step();
  const steps = Math.ceil(job.limit / batch), start = performance.now();
  let done = 0, loss = NaN, taken = 0;
  while (done < steps && (taken < LONGEST || done < 3)) {
    loss = await step();
    done++;
    taken = (performance.now() - start) / 1000;
  }
  return { seconds: taken * steps / done, loss };
}
