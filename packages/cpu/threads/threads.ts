/** Who does the work: the main thread, or a crew. */
import type { CpuMemory } from "../memory.ts";
import { checkThreads } from "./count.ts";
import { Crew, type Sources } from "./crew.ts";
import { lastCall, perform, type TaskList } from "./task.ts";
import { Trials } from "./trials.ts";

/** Options of {@linkcode Threads}. */
export interface ThreadsOptions {
  /** How many threads work, the main thread included; 1 by default. */
  readonly threads?: number;
  /** Nanoseconds of work that are worth a task of their own; 15,000 by default. With 0 all is split that can be. */
  readonly grain?: number;
  /** Bytes for lists of tasks, until one needs more; 16,384 by default. */
  readonly listBytes?: number;
}

const GRAIN = 15_000, LIST_BYTES = 16_384;
/** Tasks for each thread: some may be slow, or late. */
const TASKS = 4;
/** Tasks of a plan for any number of threads. */
const CUTS = 16;
/** Workers are started when so many grains of work have been seen: to start one takes the main thread 45 ms. */
const START = 2_000;

/** Splits work among threads, or does not. */
export class Threads {
  readonly #memory: CpuMemory;
  readonly #sources: Sources;
  readonly #grain: number;
  readonly #listBytes: number;
  #count: number;
  #seen = 0;
  #trials = new Trials();
  #crew: Crew | null | undefined;

  /** No thread but this one runs yet. */
  constructor(
    memory: CpuMemory,
    sources: Sources,
    { threads = 1, grain = GRAIN, listBytes = LIST_BYTES }: ThreadsOptions = {},
  ) {
    this.#memory = memory;
    this.#sources = sources;
    this.#count = checkThreads(threads);
    this.#grain = grain;
    this.#listBytes = listBytes;
  }

  /** How many there are to be. */
  get count(): number {
    return this.#count;
  }

  /** Ends workers; others start when there is work for them. */
  set count(count: number) {
    checkThreads(count);
    this.close();
    this.#count = count;
    this.#crew = undefined;
    this.#trials = new Trials();
  }

  /** How many tasks each thread has done together with others, the main thread first; none before there are workers. */
  get counts(): readonly number[] {
    return this.#crew?.counts ?? [];
  }

  /** How many tasks so many nanoseconds of work are to be cut into; 1 for none. */
  parts(nanoseconds: number): number {
    if (this.#count === 1) return 1;
    const most = TASKS * this.#count;
    return this.#grain === 0 ? most : Math.max(1, Math.min(most, Math.floor(nanoseconds / this.#grain)));
  }

  /** The same for plans that outlive the number of threads: a power of two, which most numbers of threads share evenly. */
  cuts(nanoseconds: number): number {
    const grains = nanoseconds / this.#grain;
    return grains >= 2 ? Math.min(CUTS, 2 ** Math.round(Math.log2(grains))) : 1;
  }

  /** Does all tasks, which take `nanoseconds` in all; returns the results of all calls by bitwise or. */
  run(list: TaskList, nanoseconds: number): number {
    const { tasks } = list;
    if (this.#count === 1 || tasks.length < 2 || nanoseconds < 2 * this.#grain) return alone(list);
    const crew = this.#helpers(nanoseconds);
    if (crew === null) return alone(list);
    if (this.#grain === 0) return crew.run(list) ?? alone(list);
    if (!crew.isReady) return alone(list);
    const trial = this.#trials.of(lastCall(tasks[0]!).fn, nanoseconds), { way } = trial;
    const begun = performance.now();
    const status = way === "together" ? crew.run(list) ?? alone(list) : alone(list);
    trial.add(way, performance.now() - begun, crew.estimate);
    return status;
  }

  /** Ends workers for good. */
  close(): void {
    this.#crew?.close();
    this.#crew = null;
  }

  /** The crew, once there is enough to do. */
  #helpers(nanoseconds: number): Crew | null {
    if (this.#crew !== undefined) return this.#crew;
    this.#seen += nanoseconds;
    if (this.#seen < START * this.#grain) return null;
    try {
      this.#crew = new Crew(this.#memory, this.#count - 1, this.#sources, this.#listBytes);
    } catch {
      // No workers here, or none that may share memory: one thread then.
      this.#crew = null;
      this.#count = 1;
    }
    return this.#crew;
  }
}

function alone({ tasks }: TaskList): number {
  let status = 0;
  for (const task of tasks) status |= perform(task);
  return status;
}
