/** A dataset of one's own, which workers make for themselves. */
import type { Dataset, WorkerInfo } from "@troodon/troodon";

// A dataset says how long it is and gives its samples by index.
export class Points implements Dataset<[Float32Array, number]> {
  length: number;

  constructor(n: number) {
    this.length = n;
  }

  get(index: number): [Float32Array, number] {
    const x = new Float32Array([index, index * index]);
    return [x, index];
  }
}

// Workers are threads: this module is what they run.
export default (n: number) => new Points(n);

export function workerInit({ id, numWorkers }: WorkerInfo) {
  console.log("worker", id, "of", numWorkers);
}
