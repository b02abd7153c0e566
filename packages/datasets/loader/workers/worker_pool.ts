/** The loader's side of its workers. */
import { type PageWorker, Thread } from "@troodon/io";
import { unpackError, WorkerError } from "./errors.ts";
import type { Answer, Job, Start } from "./messages.ts";
import { unpack } from "./packing.ts";
import { END } from "../source.ts";
import { findUncloneable } from "./uncloneable.ts";

/** Options of a pool of workers. */
export interface PoolOptions {
  /** The number of workers. */
  readonly numWorkers: number;
  /** Module that the workers run, or a function that starts a worker in a page. */
  readonly module: string | (() => PageWorker);
  /** Argument of the module's default export. */
  readonly data: unknown;
}

interface Waiting {
  /** Number of the batch in its pass. */
  readonly number: number;
  readonly resolve: (batch: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly id: number;
  readonly thread: Thread<Start | Job, Answer>;
  readonly jobs: Map<number, Waiting>;
  /** Reason that the worker has failed, worded as the end of a sentence, and the error that caused it. */
  failure: { readonly reason: string; readonly cause: unknown } | null;
}

/** Pool of threads that fetch batches. It keeps the process alive only while a batch is awaited. */
export class WorkerPool {
  readonly #members: readonly Member[];
  /** Worker and number of each pending batch. */
  readonly #places = new WeakMap<Promise<unknown>, string>();
  #jobs = 0;
  #awaited = 0;

  /**
   * Starts the workers.
   *
   * @throws {TypeError} If `data` cannot be sent to them.
   */
  constructor({ numWorkers, module, data }: PoolOptions) {
    const fault = findUncloneable(data, "workerData");
    if (fault !== null) {
      throw new TypeError(
        `Cannot send workerData to workers as ${fault}, which no message carries whole: ` +
          "send what it is made of, and make it in the workerModule",
      );
    }
    this.#members = Array.from({ length: numWorkers }, (_, id) => {
      const own = typeof module === "function", member = startMember(id, own ? module : null);
      member.thread.post({ type: "start", module: own ? null : module, data, info: { id, numWorkers } });
      return member;
    });
  }

  /** The number of workers. */
  get size(): number {
    return this.#members.length;
  }

  /** Asks a worker for a batch, by default the least busy one. */
  fetch(job: Omit<Job, "type" | "id">, worker?: number): Promise<unknown> {
    const members = this.#members, { number } = job;
    const member = worker === undefined
      ? members.reduce((least, other) => other.jobs.size < least.jobs.size ? other : least)
      : members[worker]!;
    if (member.failure !== null) return Promise.reject(failureOf(member, number));
    const id = this.#jobs++;
    const batch = new Promise((resolve, reject) => {
      member.jobs.set(id, { number, resolve, reject });
      member.thread.post({ type: "job", id, ...job });
    });
    this.#places.set(batch, placeOf(member, number));
    return batch;
  }

  /**
   * Returns the worker and number of a batch that {@linkcode WorkerPool.fetch} returned: "batch 3 of worker
   * 1".
   */
  placeOf(batch: Promise<unknown>): string | undefined {
    return this.#places.get(batch);
  }

  /** Keeps the process alive while a batch is awaited, until the returned object is disposed. */
  hold(): Disposable {
    if (this.#awaited++ === 0) { for (const { thread } of this.#members) thread.hold(); }
    return {
      [Symbol.dispose]: () => {
        if (--this.#awaited === 0) { for (const { thread } of this.#members) thread.release(); }
      },
    };
  }

  /** Ends the workers, whatever they do. */
  close(): void {
    for (const member of this.#members) {
      member.thread.close();
      fail(member, "the loader is closed", undefined);
    }
  }
}

function startMember(id: number, start: (() => PageWorker) | null): Member {
  const jobs: Member["jobs"] = new Map();
  const thread = new Thread<Start | Job, Answer>(start ?? new URL("./loader_worker.ts", import.meta.url), {
    name: `loader ${id}`,
    onMessage: (answer) => {
      const waiting = jobs.get(answer.id);
      jobs.delete(answer.id);
      if ("error" in answer) waiting?.reject(unpackError(answer.error));
      else {
        if (answer.warning !== undefined) console.warn(answer.warning);
        waiting?.resolve(answer.batch === null ? END : unpack(answer.batch));
      }
    },
    onEnd: (reason, cause) => fail(member, reason, cause),
  });
  const member: Member = { id, thread, jobs, failure: null };
  return member;
}

const placeOf = ({ id }: Member, number: number): string => `batch ${number} of worker ${id}`;

function failureOf(member: Member, number: number): WorkerError {
  const { reason, cause } = member.failure!;
  return new WorkerError(`Cannot fetch ${placeOf(member, number)} as ${reason}`, { cause });
}

function fail(member: Member, reason: string, cause: unknown): void {
  member.failure = { reason, cause };
  for (const { number, reject } of member.jobs.values()) reject(failureOf(member, number));
  member.jobs.clear();
}
