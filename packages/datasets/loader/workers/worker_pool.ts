/** The loader's side of its workers. */
import { unpackError, WorkerError } from "./errors.ts";
import type { Answer, Job, Start } from "./messages.ts";
import { unpack } from "./packing.ts";

/** What workers are made of. */
export interface PoolOptions {
  /** How many there are. */
  readonly numWorkers: number;
  /** The module that they run. */
  readonly module: string;
  /** What its default export is called with. */
  readonly data: unknown;
}

interface Waiting {
  readonly resolve: (batch: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly worker: Worker;
  readonly jobs: Map<number, Waiting>;
  /** Why it can work no more. */
  failure: unknown;
}

/** What a stream ends with. */
export const END: unique symbol = Symbol("end of stream");

/** Threads that fetch batches. */
export class WorkerPool {
  readonly #members: readonly Member[];
  #jobs = 0;

  /** Starts the workers. */
  constructor({ numWorkers, module, data }: PoolOptions) {
    this.#members = Array.from({ length: numWorkers }, (_, id) => {
      const worker = new Worker(new URL("./loader_worker.ts", import.meta.url), {
        type: "module",
        name: `loader ${id}`,
      });
      const member: Member = { worker, jobs: new Map(), failure: null };
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        const waiting = member.jobs.get(data.id);
        member.jobs.delete(data.id);
        if ("error" in data) waiting?.reject(unpackError(data.error));
        else waiting?.resolve(data.batch === null ? END : unpack(data.batch));
      };
      worker.onerror = (event) => {
        event.preventDefault();
        fail(member, new WorkerError(`Cannot go on as worker ${id} ended: ${event.message}`));
      };
      worker.postMessage({ type: "start", module, data, info: { id, numWorkers } } satisfies Start);
      return member;
    });
  }

  /** Asks for a batch: the worker with least to do if it is one of samples by index, else the stream's next. */
  fetch(job: Omit<Job, "type" | "id">): Promise<unknown> {
    const members = this.#members;
    const member = "indices" in job.from
      ? members.reduce((least, other) => other.jobs.size < least.jobs.size ? other : least)
      : members[job.number % members.length]!;
    if (member.failure !== null) return Promise.reject(member.failure);
    const id = this.#jobs++;
    return new Promise((resolve, reject) => {
      member.jobs.set(id, { resolve, reject });
      member.worker.postMessage({ type: "job", id, ...job } satisfies Job);
    });
  }

  /** Ends the workers, whatever they do. */
  close(): void {
    for (const member of this.#members) {
      member.worker.terminate();
      fail(member, new WorkerError("Cannot fetch a batch as the loader is closed"));
    }
  }
}

function fail(member: Member, error: unknown): void {
  member.failure = error;
  for (const { reject } of member.jobs.values()) reject(error);
  member.jobs.clear();
}
