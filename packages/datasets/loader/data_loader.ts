import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, chosenDevice, readOptions, showArgument, showAsText } from "@troodon/core/kernel";
import { disposable, disposeTensors, type HostBatch, type WithTensors, withTensors } from "../collate.ts";
import type { Dataset } from "../dataset.ts";
import { isIndexed, type IterableDataset } from "../iterable_dataset.ts";
import {
  batchesOf,
  checkLoaderOptions,
  DATA_LOADER_OPTIONS,
  type DataLoaderOptions,
} from "./loader_options.ts";
import type { DataLoaderState } from "./loader_state.ts";
import { NumberTypes } from "./number_types.ts";
import { planBatches } from "./plans.ts";
import type { Sampler } from "./samplers.ts";
import { attempt, END, type Source } from "./source.ts";
import { fromSamples, fromStream } from "./sources.ts";
import { Patience } from "./patience.ts";
import { canHaveWorkers } from "./workers/can_have_workers.ts";
import { plannedByWorkers, streamedByWorkers } from "./workers/from_workers.ts";
import { WorkerPool } from "./workers/worker_pool.ts";
import { showLoader } from "./show_loader.ts";
import { checkDataset } from "../check_dataset.ts";

/**
 * Batches of a dataset, as tensors. Loop over it as often as there are epochs. `for await (using batch of loader)`
 * frees the tensors of each batch behind it.
 *
 * The order of a pass, and what random transforms make of its samples, depend on nothing but the generator: not on
 * the number of workers, nor on how much is fetched ahead. Each sample has a stream of random numbers that is
 * derived from the generator's seed, the pass and the position of the sample in the order of the pass, so that a sample
 * that comes several times in a pass is augmented differently each time. Streams are different: see
 * {@linkcode IterableDataset}.
 *
 * Plain numbers keep one dtype from batch to batch: `float32` once a batch had a fraction. A fraction that comes after
 * batches of whole numbers, which were `int32`, is an error.
 *
 * Samples stay arrays on the host until their batch is due, so a loop may be left at any time. A
 * {@linkcode BatchedDataset} is asked for whole batches. With `numWorkers`, threads fetch them: see {@linkcode WorkerModule}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, Generator, ReferenceBackend } from "@troodon/core";
 * import { DataLoader } from "@troodon/datasets";
 *
 * const dataset = { length: 5, get: (i: number) => ({ x: Float32Array.of(i, -i), label: i }) };
 * const device = new Device(new ReferenceBackend());
 * const loader = new DataLoader(dataset, { batchSize: 2, shuffle: true, generator: new Generator(1), device });
 * let samples = 0;
 * for await (using batch of loader) {
 *   assertEquals(batch.x.shape[1], 2);
 *   samples += batch.label.shape[0]!;
 * }
 * assertEquals(samples, 5);
 * ```
 */
export class DataLoader<T, H = HostBatch<T>>
  implements AsyncIterable<WithTensors<H> & Disposable>, Disposable {
  /** The dataset to load. */
  readonly dataset: Dataset<T> | IterableDataset<T>;
  readonly #options: DataLoaderOptions<T, H>;
  readonly #batches: Sampler<readonly number[]> | null;
  readonly #patience: Patience;
  readonly #numbers = new NumberTypes();
  #pool: WorkerPool | null = null;
  #passes = 0;
  /** The pass that began last; null when it has ended. */
  #state: DataLoaderState | null = null;
  #nextEpoch = 0;
  #resume: DataLoaderState | null = null;

  /**
   * Plans the batches of each pass.
   *
   * @throws {TypeError} If options exclude each other, or workers have no module.
   * @throws {RangeError} If a number is out of range.
   */
  constructor(dataset: Dataset<T> | IterableDataset<T>, options: DataLoaderOptions<T, H> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, DATA_LOADER_OPTIONS);
    checkLoaderOptions(options);
    checkDataset(new.target.name, dataset, true);
    this.dataset = dataset;
    this.#options = options;
    this.#patience = new Patience(options.timeout ?? 0);
    this.#batches = batchesOf(dataset, options);
  }

  /**
   * The number of batches in a pass. Several workers that share a stream may yield a few more, as the last batch of
   * each may be short.
   *
   * @throws {TypeError} If the dataset is a stream of unknown length.
   */
  get length(): number {
    if (this.#batches) return this.#batches.length;
    const { length } = this.dataset;
    if (length === undefined) {
      throw new TypeError("Cannot count the batches of a stream as it does not say how long it is");
    }
    const { batchSize = 1, dropLast = false } = this.#options;
    return dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
  }

  /**
   * The position of the loader: within a loop, after the last batch that it yielded; after a loop, at the beginning of
   * the next pass. Save the state of a generator that others draw from beside it: the loader sets its own back.
   */
  stateDict(): DataLoaderState {
    return this.#resume ?? this.#state ??
      this.#place(this.#nextEpoch, 0, this.#batches?.stateDict?.() ?? null);
  }

  #place(epoch: number, batches: number, sampler: unknown): DataLoaderState {
    const dtypes = this.#numbers.dtypes, numWorkers = this.#readers;
    return {
      epoch,
      batches,
      sampler,
      ...(dtypes !== null && { dtypes }),
      ...(numWorkers !== undefined && { numWorkers }),
    };
  }

  /** The number of workers that read a stream; undefined if samples have an index. */
  get #readers(): number | undefined {
    if (isIndexed(this.dataset)) return undefined;
    const { numWorkers = 0, workerModule } = this.#options;
    return numWorkers > 0 && canHaveWorkers(workerModule) ? numWorkers : 0;
  }

  /**
   * Makes the next pass go on where {@linkcode DataLoader.stateDict} was called. Batches before it are not fetched,
   * but a stream is read over again. A sampler of one's own needs a `stateDict` to have its order again.
   *
   * @throws {RangeError} If `state` is malformed, or the sampler does not accept its part of it, or a stream was read by
   * another number of workers.
   */
  loadStateDict(state: DataLoaderState): void {
    const { epoch, batches, sampler } = state ?? {};
    if (![epoch, batches].every((n) => Number.isSafeInteger(n) && n >= 0)) {
      throw new RangeError(
        `Cannot load the state of a DataLoader as it is malformed: current state is ${showArgument(state)}`,
      );
    }
    const readers = this.#readers, { numWorkers = readers } = state;
    // A single worker reads what the loader itself would read.
    if (readers !== undefined && Math.max(numWorkers ?? 0, 1) !== Math.max(readers, 1)) {
      throw new RangeError(
        `Cannot load the state of a DataLoader as its stream must be read by as many workers as when it was saved: ` +
          `numWorkers was ${numWorkers} and is ${readers}`,
      );
    }
    this.#numbers.load(state.dtypes ?? {});
    const own = this.#batches?.stateDict?.() ?? null;
    if (own !== null && sampler !== null) {
      // Loaded now to validate it and then restored, because it applies only to the next pass.
      this.#batches?.loadStateDict?.(sampler);
      this.#batches?.loadStateDict?.(own);
    }
    this.#resume = state;
  }

  /** Forgets a loop that was left early: {@linkcode DataLoader.stateDict} tells of the next pass then. */
  newPass(): void {
    this.#state = null;
  }

  /** Ends persistent workers. A loop after this starts new ones. */
  close(): void {
    this.#pool?.close();
    this.#pool = null;
  }

  /** See {@linkcode DataLoader.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  static {
    // Not a method, so that the compiler goes on refusing such loops.
    Object.defineProperty(this.prototype, Symbol.iterator, {
      value: () => {
        throw new TypeError(
          "Cannot loop over a DataLoader by for as its batches are read asynchronously: write " +
            "for await (const batch of loader)",
        );
      },
    });
  }

  /** A pass. */
  async *[Symbol.asyncIterator](): AsyncGenerator<WithTensors<H> & Disposable, void, undefined> {
    const { device } = this.#options;
    const { epoch, batches: skip, sampler } = this.#begin();
    const source = this.#source(epoch, skip);
    const queue: (H | Promise<H | typeof END>)[] = [];
    let given = skip;
    let failed = false;
    try {
      for (let ended = false;;) {
        // Samples that are there at once gain nothing by being fetched ahead.
        while (
          !ended && (queue.length === 0 || (queue[0] instanceof Promise && queue.length <= source.ahead))
        ) {
          const batch = attempt(source);
          if (batch === END) ended = true;
          else queue.push(batch);
        }
        const next = queue.shift();
        if (next === undefined) break;
        const host = next instanceof Promise
          ? await this.#patience.wait(next, {
            what: source.placeOf?.(next) ?? `batch ${given}`,
            hold: source.hold,
          })
          : next;
        if (host === END) continue;
        const same = this.#numbers.settle(host);
        const settled = (device ?? chosenDevice())?.settle() ?? null;
        if (settled !== null) await settled;
        this.#state = this.#place(epoch, ++given, sampler);
        yield disposable(withTensors(same, device));
      }
      this.#state = null;
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      for (const rest of queue) Promise.resolve(rest).then(disposeTensors, () => {});
      await source.close(failed);
    }
  }

  /** A pass whose batches come with their numbers, from 0: `for await (const [i, batch] of loader.entries())`. */
  async *entries(): AsyncGenerator<[number, WithTensors<H> & Disposable], void, undefined> {
    let i = 0;
    for await (const batch of this) yield [i++, batch];
  }

  /** Sets the sampler back if a state was loaded, and says where the pass begins. */
  #begin(): DataLoaderState {
    const resumed = this.#resume;
    this.#resume = null;
    const epoch = resumed?.epoch ?? this.#nextEpoch;
    this.#nextEpoch = epoch + 1;
    if (resumed && resumed.sampler !== null) this.#batches?.loadStateDict?.(resumed.sampler);
    const sampler = this.#batches?.stateDict?.() ?? null;
    return this.#state = this.#place(epoch, resumed?.batches ?? 0, sampler);
  }

  #source(epoch: number, skip: number): Source<H> {
    const { dataset } = this,
      { collate, prefetch: ahead = 2, batchSize = 1, dropLast = false } = this.#options;
    const pass = (this.#options.generator ?? defaultGenerator()).fork(epoch);
    if (this.#options.numWorkers && canHaveWorkers(this.#options.workerModule)) {
      return this.#fromWorkers(pass, skip);
    }
    return isIndexed(dataset)
      ? fromSamples(dataset, planBatches(this.#batches!, skip), { pass, collate, ahead })
      : fromStream(dataset, { batchSize, dropLast }, { pass, collate, skip });
  }

  #fromWorkers({ seed }: Generator, skip: number): Source<H> {
    const { numWorkers = 0, prefetchFactor = 2, batchSize = 1, dropLast = false } = this.#options;
    const { persistentWorkers = false, workerModule, workerData } = this.#options;
    const module = typeof workerModule === "function" ? workerModule : String(workerModule);
    const pool = this.#pool ?? new WorkerPool({ numWorkers, module, data: workerData });
    if (persistentWorkers) this.#pool = pool;
    const pass = {
      pass: { id: this.#passes++, seed },
      ahead: numWorkers * prefetchFactor,
      close: (failed: boolean) => {
        if (!persistentWorkers) pool.close();
        else if (failed) this.close();
      },
    };
    return this.#batches
      ? plannedByWorkers(pool, planBatches(this.#batches, skip), pass)
      : streamedByWorkers(pool, { batchSize, dropLast }, { ...pass, skip });
  }

  /** Describes the loader: its dataset, and how it forms batches. */
  toString(): string {
    return showLoader(this, this.dataset, this.#options);
  }

  static {
    showAsText(this);
  }
}
