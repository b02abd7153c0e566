/** A program that passes change: launches in order, and who reads and writes what. */
import type { LaunchProgram, ProgramLaunch, ProgramSlot, ProgramView } from "@troodon/core/kernel";
import { covers, meets } from "./layout/regions.ts";

/** A launch of a {@linkcode Draft}. */
export interface Entry {
  /** Place among the launches; entries in order have rising ones, not always by 1. */
  readonly at: number;
  /** The launch. */
  readonly launch: ProgramLaunch;
}

/** A launch that wrote what another one reads. */
export interface Definition {
  /** The launch. */
  readonly entry: Entry;
  /** Which of its outputs. */
  readonly output: number;
}

/** Views of a launch that a read depends on: a scatter goes on from what its output holds. */
export function readsOf({ call, inputs, outputs }: ProgramLaunch): readonly ProgramView[] {
  return call.kernel === "scatter" ? [...inputs, ...outputs] : inputs;
}

/** Launches in order, with an index of them by slot. */
export class Draft {
  readonly #slots: ProgramSlot[];
  readonly #entries: (Entry | null)[];
  readonly #bySlot = new Map<number, Entry[]>();

  /** A draft of `program`. */
  constructor({ slots, launches }: LaunchProgram) {
    this.#slots = [...slots];
    this.#entries = launches.map((launch, at) => ({ at, launch }));
    for (const entry of this.entries) this.#index(entry);
  }

  /** The launches in order. */
  get entries(): Entry[] {
    return this.#entries.filter((entry) => entry !== null);
  }

  /** The memory. */
  get slots(): readonly ProgramSlot[] {
    return this.#slots;
  }

  /** The program as it stands. */
  get program(): LaunchProgram {
    return { slots: this.#slots, launches: this.entries.map(({ launch }) => launch) };
  }

  /** True while `entry` is a launch of the program: neither removed nor replaced. */
  has(entry: Entry): boolean {
    return this.#entries[entry.at] === entry;
  }

  /** True of memory that nobody looks at before or after a run. */
  isOwn(slot: number): boolean {
    return this.#slots[slot]!.kind === "own";
  }

  /** Adds memory that is used within a run only; returns its number. */
  addOwn(bytes: number): number {
    return this.#slots.push({ kind: "own", bytes }) - 1;
  }

  /** Launches that read or write a slot, in order. */
  users(slot: number): readonly Entry[] {
    return this.#bySlot.get(slot) ?? [];
  }

  /** Takes a launch out. */
  remove(entry: Entry): void {
    this.#entries[entry.at] = null;
    for (const slot of slotsOf(entry.launch)) {
      const users = this.#bySlot.get(slot)!;
      users.splice(users.indexOf(entry), 1);
    }
  }

  /** Puts another launch in the place of one. */
  replace(entry: Entry, launch: ProgramLaunch): Entry {
    this.remove(entry);
    const next: Entry = { at: entry.at, launch };
    this.#entries[entry.at] = next;
    this.#index(next);
    return next;
  }

  /** The launch that last wrote to places of `view` before `entry`; it may have written some of them only. */
  definition(entry: Entry, view: ProgramView): Definition | null {
    const users = this.users(view.slot);
    for (let i = users.length - 1; i >= 0; i--) {
      const user = users[i]!;
      if (user.at >= entry.at) continue;
      const output = user.launch.outputs.findIndex((written) => meets(written, view));
      if (output >= 0) return { entry: user, output };
    }
    return null;
  }

  /** Launches behind `entry` that read what it wrote to `view`, until all of that is overwritten. */
  readers(entry: Entry, view: ProgramView): Entry[] {
    const found: Entry[] = [];
    for (const user of this.users(view.slot)) {
      if (user.at <= entry.at) continue;
      if (readsOf(user.launch).some((read) => meets(read, view))) found.push(user);
      if (user.launch.outputs.some((written) => covers(written, view))) break;
    }
    return found;
  }

  /** True if a launch strictly between two places writes to one of `reads`, or reads or writes one of `writes`. */
  isBetween(
    first: number,
    last: number,
    reads: readonly ProgramView[],
    writes: readonly ProgramView[],
  ): boolean {
    return reads.some((view) => this.#meetsBetween(first, last, view, false)) ||
      writes.some((view) => this.#meetsBetween(first, last, view, true));
  }

  /** True if a launch strictly between two places writes to places of `view`, or, if `alsoReads`, reads them. */
  #meetsBetween(first: number, last: number, view: ProgramView, alsoReads: boolean): boolean {
    for (const { at, launch } of this.users(view.slot)) {
      if (at <= first) continue;
      if (at >= last) break;
      if (launch.outputs.some((written) => meets(written, view))) return true;
      if (alsoReads && launch.inputs.some((read) => meets(read, view))) return true;
    }
    return false;
  }

  #index(entry: Entry): void {
    for (const slot of slotsOf(entry.launch)) {
      const users = this.#bySlot.get(slot);
      if (users === undefined) {
        this.#bySlot.set(slot, [entry]);
        continue;
      }
      let place = users.length;
      while (place > 0 && users[place - 1]!.at > entry.at) place--;
      users.splice(place, 0, entry);
    }
  }
}

/** Slots that a launch reads or writes, each once. */
export function slotsOf({ inputs, outputs }: ProgramLaunch): Set<number> {
  const slots = new Set<number>();
  for (const { slot } of inputs) slots.add(slot);
  for (const { slot } of outputs) slots.add(slot);
  return slots;
}
