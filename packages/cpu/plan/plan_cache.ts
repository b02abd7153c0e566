/** Plans of calls that have been seen, and where they are bound. */
import { type CpuMemory, sizeClass } from "../memory.ts";
import { Binding } from "./binding.ts";
import type { Plan } from "./plan.ts";
import { PlanKey } from "./plan_key.ts";

/** How much a {@linkcode PlanCache} keeps. What was used longest ago goes first. */
export interface PlanLimits {
  /** Most calls whose plans are kept; a list of calls that is planned as one counts as so many. 4096 by default. */
  readonly calls?: number;
  /** Most bytes that the tables of these plans take; 32 MiB by default. */
  readonly bytes?: number;
}

const [CALLS, BYTES] = [4096, 32 * 1024 * 1024] as const;

/** A plan that is kept. */
export class PlanEntry<D = unknown> {
  /** The plan. */
  readonly plan: Plan<D>;
  /** The binding of the plan to operands; null until the first launch. */
  binding: Binding | null = null;
  /** The key numbers of the plan, and their hash. */
  readonly key: readonly number[];
  readonly hash: number;
  /** The number of calls in the plan. */
  readonly calls: number;
  /** The entries that were used just after and just before. */
  newer: PlanEntry | null = null;
  older: PlanEntry | null = null;

  /** The plan for a key. */
  constructor(plan: Plan<D>, key: readonly number[], hash: number, calls: number) {
    this.plan = plan;
    this.key = key;
    this.hash = hash;
    this.calls = calls;
  }
}

/** The one place that answers whether a call has been seen: a repeated one costs a comparison of numbers. */
export class PlanCache {
  /** For the key of the call at hand. */
  readonly key: PlanKey = new PlanKey();
  readonly #memory: CpuMemory;
  readonly #limits: Required<PlanLimits>;
  readonly #entries = new Map<number, PlanEntry[]>();
  #newest: PlanEntry | null = null;
  #oldest: PlanEntry | null = null;
  #calls = 0;
  #bytes = 0;

  /** An empty cache; the tables of its plans lie in `memory`. */
  constructor(memory: CpuMemory, { calls = CALLS, bytes = BYTES }: PlanLimits = {}) {
    this.#memory = memory;
    this.#limits = { calls, bytes };
  }

  /** Calls whose plans are kept. */
  get calls(): number {
    return this.#calls;
  }

  /** Bytes of the memory that their tables take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The entry of the key at hand, which is then the one that was used last. */
  find(): PlanEntry | undefined {
    const { key } = this, newest = this.#newest;
    // The same call again needs no look at the others.
    if (newest !== null && newest.hash === key.hash && key.equals(newest.key)) return newest;
    const entries = this.#entries.get(key.hash);
    if (entries === undefined) return undefined;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (!key.equals(entry.key)) continue;
      if (entry !== this.#newest) {
        this.#unlink(entry);
        this.#link(entry);
      }
      return entry;
    }
    return undefined;
  }

  /** Keeps an entry that was not found. */
  add(entry: PlanEntry): void {
    const entries = this.#entries.get(entry.hash);
    if (entries) entries.push(entry);
    else this.#entries.set(entry.hash, [entry]);
    this.#link(entry);
    this.#calls += entry.calls;
    this.#trim();
  }

  /** Binds the entry that was used last, unless it is bound. */
  bind(entry: PlanEntry): Binding {
    if (entry.binding !== null) return entry.binding;
    const binding = entry.binding = new Binding(entry.plan, this.#memory);
    this.#bytes += sizeOfTable(entry.plan);
    this.#trim();
    return binding;
  }

  /** Forgets everything. */
  clear(): void {
    while (this.#oldest !== null) this.#drop(this.#oldest);
  }

  /** Forgets what was used longest ago until the limits hold; the newest entry stays in any case. */
  #trim(): void {
    while (this.#calls > this.#limits.calls || this.#bytes > this.#limits.bytes) {
      if (this.#oldest === this.#newest) return;
      this.#drop(this.#oldest!);
    }
  }

  #drop(entry: PlanEntry): void {
    this.#unlink(entry);
    const entries = this.#entries.get(entry.hash)!;
    if (entries.length === 1) this.#entries.delete(entry.hash);
    else entries.splice(entries.indexOf(entry), 1);
    this.#calls -= entry.calls;
    if (entry.binding === null) return;
    entry.binding.release();
    entry.binding = null;
    this.#bytes -= sizeOfTable(entry.plan);
  }

  #link(entry: PlanEntry): void {
    entry.newer = null;
    entry.older = this.#newest;
    if (this.#newest === null) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink({ newer, older }: PlanEntry): void {
    if (newer === null) this.#newest = older;
    else newer.older = older;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
  }
}

function sizeOfTable({ table }: Plan): number {
  return table.length === 0 ? 0 : sizeClass(4 * table.length);
}
