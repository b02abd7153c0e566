/** Batches of MNIST for sides that have no reader of their own. */
import { Mnist } from "@troodon/troodon";
import type { Job } from "./side.ts";

/** A batch of normalized images, row by row, and their labels. */
export interface Batch {
  readonly images: Float32Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
}

/** Batches in a random order without end, all of one size. */
export interface Batches {
  /** Rows and columns of an image in its border. */
  readonly extent: number;
  next(): Batch;
}

/** Reads MNIST, and puts zeros around its images before they are normalized. */
export async function mnistBatches(job: Job, padding: number, size: number): Promise<Batches> {
  const { images: bytes, labels } = await Mnist.open({ root: job.data, offline: true });
  const extent = 28 + 2 * padding, values = new Float32Array(job.limit * extent ** 2).fill(-0.1307 / 0.3081);
  for (let i = 0; i < job.limit * 784; i++) {
    const image = Math.floor(i / 784), row = Math.floor(i / 28) % 28, column = i % 28;
    values[(image * extent + row + padding) * extent + column + padding] = (bytes[i]! / 255 - 0.1307) /
      0.3081;
  }
  return {
    extent,
    next() {
      const images = new Float32Array(size * extent ** 2), chosen = new Int32Array(size);
      for (let i = 0; i < size; i++) {
        const one = Math.floor(Math.random() * job.limit);
        images.set(values.subarray(one * extent ** 2, (one + 1) * extent ** 2), i * extent ** 2);
        chosen[i] = labels[one]!;
      }
      return { images, labels: chosen };
    },
  };
}
