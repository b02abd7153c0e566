/** The thread of a worker: makes its dataset, then fetches batches one by one. */
import { Generator } from "@troodon/core";
import { serveThread } from "@troodon/io";
import type { Dataset } from "../../dataset.ts";
import { collateBatch, fetchBatch } from "../fetch_batch.ts";
import { inBatches, isIndexed, type IterableDataset } from "../../iterable_dataset.ts";
import { packError } from "./errors.ts";
import type { Answer, Job, Start } from "./messages.ts";
import { buffersOf, hasForeignValues, pack } from "./packing.ts";
import { findUncloneable } from "./uncloneable.ts";
import { setWorkerInfo, type WorkerInfo, type WorkerModule } from "./worker_module.ts";

interface Recipe {
  readonly dataset: Dataset<unknown> | IterableDataset<unknown>;
  readonly collate: WorkerModule["collate"];
  readonly info: WorkerInfo;
}

/** A pass through a stream, as far as it has been read. */
interface Reading {
  readonly pass: number;
  readonly batches: AsyncGenerator<unknown[], void, undefined>;
  next: number;
}

let recipe: Promise<Recipe>;
let reading: Reading | null = null;
let turn: Promise<void> = Promise.resolve();

async function start({ module, data, info }: Start): Promise<Recipe> {
  setWorkerInfo(info);
  const exports: Partial<WorkerModule> = await import(module);
  if (typeof exports.default !== "function") {
    throw new TypeError(`Cannot start a worker as the default export of ${module} must be a function`);
  }
  await exports.workerInit?.(info);
  return { dataset: await exports.default(data), collate: exports.collate, info };
}

/** The samples of batch `number` of a stream, or null beyond its end; batches before it are passed over. */
async function read(stream: IterableDataset<unknown>, job: Job): Promise<unknown[] | null> {
  if (!("batchSize" in job.from)) {
    throw new TypeError("Cannot fetch samples by index as the dataset of the worker is a stream");
  }
  if (reading?.pass !== job.pass.id) {
    await reading?.batches.return();
    const { batchSize, dropLast } = job.from;
    reading = { pass: job.pass.id, batches: inBatches(stream, batchSize, dropLast), next: 0 };
  }
  for (;;) {
    const { done, value } = await reading.batches.next();
    if (done) return null;
    if (reading.next++ === job.number) return value;
  }
}

function sendBatch({ id, number }: Job, batch: unknown, transfers: boolean): void {
  const packed = pack(batch);
  const fault = hasForeignValues(packed) ? findUncloneable(batch, "batch") : null;
  if (fault !== null) {
    throw new TypeError(
      `Cannot send batch ${number} from a worker as ${fault}, which no message carries whole: ` +
        "return arrays, numbers, strings, and lists and records of them",
    );
  }
  send({ id, batch: packed }, transfers ? [...buffersOf(packed)] : []);
}

async function answer(job: Job): Promise<void> {
  try {
    const { dataset, collate } = await recipe;
    const pass = new Generator(job.pass.seed);
    let batch: unknown;
    if (isIndexed(dataset)) {
      if (!("indices" in job.from)) {
        throw new TypeError("Cannot read a stream as the dataset of the worker has an index");
      }
      batch = await fetchBatch(dataset, { number: job.number, indices: job.from.indices }, pass, collate);
    } else {
      const samples = await read(dataset, job);
      if (samples === null) return send({ id: job.id, batch: null }, []);
      batch = collateBatch(samples, job.number, pass, collate);
    }
    // Buffers of datasets and of the default collate are new; those of another function may still be in use.
    sendBatch(job, await batch, collate === undefined);
  } catch (error) {
    send({ id: job.id, error: packError(error) }, []);
  }
}

const send = serveThread<Start | Job, Answer>((message) => {
  if (message.type === "start") {
    recipe = start(message);
    // Jobs meet the error themselves.
    recipe.catch(() => {});
  } else {
    turn = turn.then(() => answer(message));
  }
});
