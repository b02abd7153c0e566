/** Worker side of a data loader: creates the dataset, then loads batches one by one. */
import { defaultGenerator, Generator } from "@troodon/core";
import { checkCall } from "@troodon/core/kernel";
import { serveThread } from "@troodon/io";
import type { Dataset } from "../../dataset.ts";
import { collateBatch, fetchBatch } from "../fetch_batch.ts";
import type { Cutting } from "../sources.ts";
import { inBatches, isIndexed, type IterableDataset } from "../../iterable_dataset.ts";
import { packError } from "./errors.ts";
import type { Answer, Job, Start } from "./messages.ts";
import { buffersOf, hasForeignValues, pack } from "./packing.ts";
import { findUncloneable } from "./uncloneable.ts";
import { askedWorkerInfo, setWorkerInfo, type WorkerInfo, type WorkerModule } from "./worker_module.ts";

/** Number of the first random stream of workers, beyond those of batches. */
const WORKERS = 1.5 * 2 ** 52;

interface Recipe {
  readonly dataset: Dataset<unknown> | IterableDataset<unknown>;
  readonly collate: WorkerModule["collate"];
  readonly info: WorkerInfo;
  /** True if the module has a function that may give each worker a part of a stream. */
  readonly hasInit: boolean;
}

/** State of a pass through a stream. */
interface Reading {
  readonly pass: number;
  readonly batches: AsyncGenerator<unknown[], void, undefined>;
}

type Send = (answer: Answer, transfer: readonly ArrayBuffer[]) => void;

async function start({ module, data, info }: Start, own: WorkerModule | undefined): Promise<Recipe> {
  setWorkerInfo(info);
  if (module === null && own === undefined) {
    throw new TypeError(
      "Cannot start a worker as it must have a module: call serveWorker(module) in its own",
    );
  }
  const exports: Partial<WorkerModule> = own ?? await import(module!);
  if (typeof exports.default !== "function") {
    throw new TypeError(
      `Cannot start a worker as the default export of ${module ?? "its module"} must be a function`,
    );
  }
  await exports.workerInit?.(info);
  const dataset = await exports.default(data);
  return { dataset, collate: exports.collate, info, hasInit: exports.workerInit !== undefined };
}

class BatchServer {
  readonly #own: WorkerModule | undefined;
  readonly #send: Send;
  #recipe: Promise<Recipe> | null = null;
  #reading: Reading | null = null;
  #turn: Promise<void> = Promise.resolve();
  #pass: number | null = null;
  #warned = false;

  constructor(own: WorkerModule | undefined, send: Send) {
    this.#own = own;
    this.#send = send;
  }

  receive(message: Start | Job): void {
    if (message.type === "start") {
      this.#recipe = start(message, this.#own);
      // Jobs report the error themselves.
      this.#recipe.catch(() => {});
    } else {
      this.#turn = this.#turn.then(() => this.#answer(message));
    }
  }

  async #answer(job: Job): Promise<void> {
    const { id, number, from } = job;
    try {
      const recipe = (await this.#recipe)!, { dataset, collate } = recipe;
      const pass = new Generator(job.pass.seed);
      if (this.#pass !== job.pass.id) {
        this.#pass = job.pass.id;
        // What draws without a generator is then another in each worker and pass, and follows from the seed.
        defaultGenerator().setState(pass.fork(WORKERS + recipe.info.id).getState());
      }
      let batch: unknown, more: { readonly warning?: string } = {};
      if (isIndexed(dataset)) {
        if (!("indices" in from)) {
          throw new TypeError("Cannot read a stream as the dataset of the worker has an index");
        }
        batch = await fetchBatch(dataset, { number, ...from }, pass, collate);
      } else {
        if ("indices" in from) {
          throw new TypeError("Cannot fetch samples by index as the dataset of the worker is a stream");
        }
        const samples = await this.#read(dataset, job.pass.id, from);
        const warning = this.#warningOf(recipe);
        if (warning !== null) more = { warning };
        if (samples === null) return this.#send({ id, batch: null, ...more }, []);
        if (from.passOver) return this.#send({ id, batch: pack(undefined), ...more }, []);
        batch = await collateBatch(samples, number, pass, collate);
      }
      // Buffers of datasets and of the default collate function are new; those of another function may still be in use.
      this.#sendBatch(job, batch, { transfers: collate === undefined, ...more });
    } catch (error) {
      this.#send({ id, error: packError(error) }, []);
    }
  }

  /** Reads the samples of the next batch of a stream, from its beginning in each pass; null after its end. */
  async #read(
    stream: IterableDataset<unknown>,
    pass: number,
    { batchSize, dropLast }: Cutting,
  ): Promise<unknown[] | null> {
    let reading = this.#reading;
    if (reading?.pass !== pass) {
      await reading?.batches.return();
      this.#reading = reading = { pass, batches: inBatches(stream, batchSize, dropLast) };
    }
    const { done, value } = await reading.batches.next();
    return done ? null : value;
  }

  /** Returns a warning, once, if several workers read a stream that is not divided among them. */
  #warningOf({ info: { id, numWorkers }, hasInit }: Recipe): string | null {
    if (this.#warned || id > 0 || numWorkers === 1 || hasInit || askedWorkerInfo()) return null;
    this.#warned = true;
    return `A DataLoader reads a stream in ${numWorkers} workers, and each reads all of it, so that every sample comes ` +
      `${numWorkers} times: divide the samples by getWorkerInfo() where the stream is read`;
  }

  #sendBatch(
    { id, number }: Job,
    batch: unknown,
    { transfers, ...more }: { readonly transfers: boolean; readonly warning?: string },
  ): void {
    const packed = pack(batch);
    const fault = hasForeignValues(packed) ? findUncloneable(batch, "batch") : null;
    if (fault !== null) {
      throw new TypeError(
        `Cannot send batch ${number} from a worker as ${fault}, which no message carries whole: ` +
          "return arrays, numbers, strings, and lists and records of them",
      );
    }
    this.#send({ id, batch: packed, ...more }, transfers ? [...buffersOf(packed)] : []);
  }
}

/** Serves a loader in the current thread, with the module named by the loader unless `module` is given. */
export function serveLoader(module?: WorkerModule): void {
  const server = new BatchServer(module, (answer, transfer) => send(answer, transfer));
  const send = serveThread<Start | Job, Answer>((message) => server.receive(message));
}

/**
 * Serves a {@linkcode DataLoader} in a worker of a page. The worker's module must call this function, as bundlers only
 * recognize workers that the page creates itself.
 *
 * @param module Module that creates the dataset: see {@linkcode WorkerModule}.
 * @throws {TypeError} If the current thread is not a worker.
 *
 * @example The module of a worker, the dataset, and the page
 * ```ts ignore
 * // digits_worker.ts
 * import { serveWorker } from "@troodon/datasets";
 * import * as digits from "./digits.ts";
 * serveWorker(digits);
 *
 * // digits.ts
 * export default (count: number) => GeneratedDigits.open({ count, transform: new ToTensor() });
 *
 * // page.ts
 * const loader = new DataLoader(await openDigits(1000), {
 *   batchSize: 64,
 *   numWorkers: 2,
 *   workerModule: () => new Worker(new URL("./digits_worker.ts", import.meta.url), { type: "module" }),
 *   workerData: 1000,
 * });
 * ```
 */
export function serveWorker<D, T, H>(module: WorkerModule<D, T, H>): void {
  checkCall("serveWorker", arguments, "o");
  serveLoader(module as unknown as WorkerModule);
}
