/** Program that passes edit: ordered launches, with an index of the readers and writers of each slot. */
import type { LaunchProgram, ProgramLaunch, ProgramSlot, ProgramView } from "@troodon/core/kernel";
import { covers, meets } from "./layout/regions.ts";

/** A launch of a {@linkcode Draft}. */
export interface Entry {
  /** Position among the launches; rises from launch to launch, but not always by 1. */
  readonly at: number;
  /** The launch itself. */
  readonly launch: ProgramLaunch;
}

/** Launch that wrote the elements which another launch reads. */
export interface Definition {
  /** The writing launch. */
  readonly entry: Entry;
  /** Index of the output. */
  readonly output: number;
}

/** Views whose contents a launch depends on; a scatter also reads its output. */
export function readsOf({ call, inputs, outputs }: ProgramLaunch): readonly ProgramView[] {
  return call.kernel === "scatter" ? [...inputs, ...outputs] : inputs;
}

/** Ordered launches, indexed by slot. */
export class Draft {
  readonly #slots: ProgramSlot[];
  readonly #entries: (Entry | null)[];
  readonly #bySlot = new Map<number, Entry[]>();

  /** Creates a draft of `program`. */
  constructor({ slots, launches }: LaunchProgram) {
    this.#slots = [...slots];
    this.#entries = launches.map((launch, at) => ({ at, launch }));
    for (const entry of this.entries) this.#index(entry);
  }

  /** The launches in order. */
  get entries(): Entry[] {
    return this.#entries.filter((entry) => entry !== null);
  }

  /** Memory slots. */
  get slots(): readonly ProgramSlot[] {
    return this.#slots;
  }

  /** The program in its current state. */
  get program(): LaunchProgram {
    return { slots: this.#slots, launches: this.entries.map(({ launch }) => launch) };
  }

  /** Returns true if `entry` is still part of the program, neither removed nor replaced. */
  has(entry: Entry): boolean {
    return this.#entries[entry.at] === entry;
  }

  /** Returns true for slots that hold values only during a run. */
  isOwn(slot: number): boolean {
    return this.#slots[slot]!.kind === "own";
  }

  /** Adds a slot that is used only during a run; returns its index. */
  addOwn(bytes: number): number {
    return this.#slots.push({ kind: "own", bytes }) - 1;
  }

  /** Launches that read or write a slot, in order. */
  users(slot: number): readonly Entry[] {
    return this.#bySlot.get(slot) ?? [];
  }

  /** Removes a launch. */
  remove(entry: Entry): void {
    this.#entries[entry.at] = null;
    for (const slot of slotsOf(entry.launch)) {
      const users = this.#bySlot.get(slot)!;
      users.splice(users.indexOf(entry), 1);
    }
  }

  /** Replaces a launch with another at the same position. */
  replace(entry: Entry, launch: ProgramLaunch): Entry {
    this.remove(entry);
    const next: Entry = { at: entry.at, launch };
    this.#entries[entry.at] = next;
    this.#index(next);
    return next;
  }

  /** Last launch before `entry` that wrote elements of `view`, perhaps only some of them; null if there is none. */
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

  /** Launches after `entry` that read its output `view`, until the output is completely overwritten. */
  readers(entry: Entry, view: ProgramView): Entry[] {
    const found: Entry[] = [];
    for (const user of this.users(view.slot)) {
      if (user.at <= entry.at) continue;
      if (readsOf(user.launch).some((read) => meets(read, view))) found.push(user);
      if (user.launch.outputs.some((written) => covers(written, view))) break;
    }
    return found;
  }

  /**
   * Returns true if a launch strictly between two positions writes one of `reads`, or reads or writes one of `writes`.
   */
  isBetween(
    first: number,
    last: number,
    reads: readonly ProgramView[],
    writes: readonly ProgramView[],
  ): boolean {
    return reads.some((view) => this.#meetsBetween(first, last, view, false)) ||
      writes.some((view) => this.#meetsBetween(first, last, view, true));
  }

  /**
   * Returns true if a launch strictly between two positions writes elements of `view` or, if `alsoReads`, reads them.
   */
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

/** Slots that a launch reads or writes, without duplicates. */
export function slotsOf({ inputs, outputs }: ProgramLaunch): Set<number> {
  const slots = new Set<number>();
  for (const { slot } of inputs) slots.add(slot);
  for (const { slot } of outputs) slots.add(slot);
  return slots;
}
