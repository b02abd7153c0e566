/** Memory of programs. */
import type { Device } from "@troodon/core";
import { type LaunchProgram, Storage } from "@troodon/core/kernel";

/** The memory of a program that no run is given, taken from the device once. */
export class ProgramMemory implements Disposable {
  /** The storage of each slot; undefined for those that runs are given. */
  readonly storages: readonly (Storage | undefined)[];

  /** Takes memory on `device` for the slots of `program` that are not given, and writes the constants to it. */
  constructor(
    device: Device,
    { slots }: LaunchProgram,
    isGiven: (slot: number) => boolean = (slot) => slots[slot]!.kind === "given",
  ) {
    const storages: (Storage | undefined)[] = [];
    this.storages = storages;
    try {
      for (const [i, slot] of slots.entries()) {
        const storage = isGiven(i) ? undefined : new Storage(device, slot.bytes);
        // A function that is compiled and let go without being disposed of leaves its memory to the collector.
        storage?.watch();
        storages.push(storage);
        if (slot.kind === "constant") device.write(storage!, slot.data);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Gives the memory back. */
  [Symbol.dispose](): void {
    for (const storage of this.storages) storage?.release();
  }
}

/** How many storages a slot keeps: one that somebody has from the last run, and one for the next. */
const KEPT = 2;

/** The memory of a result or a gradient: another one in each run in which somebody still has the last. */
export class HeldMemory implements Disposable {
  readonly #device: Device;
  readonly #bytes: number;
  #storages: Storage[] = [];

  /** Memory of `bytes`, which is taken when it is first needed. */
  constructor(device: Device, bytes: number) {
    this.#device = device;
    this.#bytes = bytes;
  }

  /** Memory for the next run, which nobody else has. */
  next(): Storage {
    const free = this.#storages.find(({ references }) => references === 1);
    if (free !== undefined) return free;
    // Left to whoever has it.
    while (this.#storages.length >= KEPT) this.#storages.shift()!.release();
    const storage = new Storage(this.#device, this.#bytes);
    storage.watch();
    this.#storages.push(storage);
    return storage;
  }

  /** Leaves the memory to whoever has it. */
  [Symbol.dispose](): void {
    for (const storage of this.#storages) storage.release();
    this.#storages = [];
  }
}
