/** How long something takes, in samples of many calls each. */
import type { Device } from "@troodon/core";

/** Calls something so many times, waits until all of it has run, and gives the seconds that took. */
export type Sampler = (calls: number) => Promise<number>;

/** Seconds of one call. */
export interface Timing {
  /** Of the samples, the one in the middle. */
  readonly median: number;
  /** Of the samples, the shortest. */
  readonly best: number;
  /** How many samples there were. */
  readonly samples: number;
  /** How many calls each had. */
  readonly calls: number;
}

/** A sampler of work that is launched on `device`. */
export function samplerOf(device: Device, work: () => void): Sampler {
  return async (calls) => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) work();
    await device.finish();
    return (performance.now() - start) / 1000;
  };
}

/** The one in the middle; the mean of the two where there are two; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

const LEAST_SAMPLES = 3, MOST_CALLS = 2 ** 20;
/** So many samples fit into the time that is given, where one call is short. */
const WANTED_SAMPLES = 12;

/** Calls that fill a sample of `seconds`; what is run first, compiling and warming up, does not count. */
async function callsFor(sampler: Sampler, seconds: number): Promise<number> {
  await sampler(1);
  let calls = 1, taken = await sampler(1);
  while (taken < seconds && calls < MOST_CALLS) {
    // At most ten times more at once: a first call may be far from the rest.
    calls = Math.min(MOST_CALLS, Math.ceil(calls * Math.min(10, Math.max(1.5, 1.1 * seconds / taken))));
    taken = await sampler(calls);
  }
  return calls;
}

/**
 * Times all of `samplers` in turns, sample by sample, so that what else the machine does falls on all of them.
 * Each gets about `seconds`, and three samples whatever they take.
 */
export async function measure(samplers: readonly Sampler[], seconds: number): Promise<Timing[]> {
  const calls: number[] = [];
  for (const sampler of samplers) calls.push(await callsFor(sampler, seconds / WANTED_SAMPLES));
  const samples = samplers.map((): number[] => []);
  let spent = 0;
  for (let round = 0; round < LEAST_SAMPLES || spent < seconds * samplers.length; round++) {
    for (const [i, sampler] of samplers.entries()) {
      const taken = await sampler(calls[i]!);
      spent += taken;
      samples[i]!.push(taken / calls[i]!);
    }
  }
  return samples.map((list, i) => ({
    median: median(list),
    best: Math.min(...list),
    samples: list.length,
    calls: calls[i]!,
  }));
}
