import type { Generator } from "@troodon/core";
import type { Dataset } from "../../dataset.ts";
import { getWorkerInfo, type WorkerInfo } from "../../loader/workers/worker_module.ts";

/** What is to go wrong, and where. */
export interface Faults {
  readonly throwAt?: number;
  readonly hangAt?: number;
  readonly dieAt?: number;
  readonly failToOpen?: boolean;
}

/** A sample that is random, and says nothing of who fetched it. */
export interface Sample {
  readonly index: number;
  readonly noise: Float32Array;
  readonly name: string;
}

let initialized: WorkerInfo | null = null;

/** Keeps what it is told, for the dataset to check. */
export function workerInit(info: WorkerInfo): void {
  initialized = info;
}

/** Twenty samples. */
export default function open(faults: Faults = {}): Dataset<Sample> {
  if (faults.failToOpen) throw new RangeError("Cannot open it as told");
  return {
    length: 20,
    get(index: number, generator?: Generator): Sample | Promise<Sample> {
      const info = getWorkerInfo();
      if (info && (initialized?.id !== info.id || info.id >= info.numWorkers)) {
        throw new TypeError("Cannot find the worker initialized");
      }
      if (index === faults.throwAt) throw new RangeError(`sample ${index} is broken`);
      if (index === faults.hangAt) return new Promise(() => {});
      if (index === faults.dieAt) {
        setTimeout(() => {
          throw new TypeError("nobody catches this");
        });
        return new Promise(() => {});
      }
      return {
        index,
        noise: Float32Array.of(generator!.random(), generator!.normal()),
        name: `sample ${index}`,
      };
    },
  };
}
