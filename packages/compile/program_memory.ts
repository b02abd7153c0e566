/** Memory of compiled programs. */
import type { Device } from "@troodon/core";
import { type LaunchProgram, Storage } from "@troodon/core/kernel";

/** Memory owned by a program, allocated once. */
export class ProgramMemory implements Disposable {
  /** Storage of each slot; undefined for slots that are passed to each run. */
  readonly storages: readonly (Storage | undefined)[];

  /** Allocates memory on `device` for the slots that are not passed to runs of `program`, and writes the constants. */
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
        // Free the memory by garbage collection if the compiled function is never disposed of.
        storage?.watch();
        storages.push(storage);
        if (slot.kind === "constant") device.write(storage!, slot.data);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Frees the memory. */
  [Symbol.dispose](): void {
    for (const storage of this.storages) storage?.release();
  }
}

/** Number of storages kept for a slot: the last result, which may still be in use, and the next. */
const KEPT = 2;

/** Memory of a result or gradient; each run gets another storage while the last one is in use. */
export class HeldMemory implements Disposable {
  readonly #device: Device;
  readonly #bytes: number;
  #storages: Storage[] = [];

  /** Creates memory of `bytes`, which is allocated on first use. */
  constructor(device: Device, bytes: number) {
    this.#device = device;
    this.#bytes = bytes;
  }

  /** Returns memory that is not in use, for the next run. */
  next(): Storage {
    const free = this.#storages.find(({ references }) => references === 1);
    if (free !== undefined) return free;
    // Tensors that still use a storage keep it alive.
    while (this.#storages.length >= KEPT) this.#storages.shift()!.release();
    const storage = new Storage(this.#device, this.#bytes);
    storage.watch();
    this.#storages.push(storage);
    return storage;
  }

  /** Releases the memory; tensors that still use it keep it alive. */
  [Symbol.dispose](): void {
    for (const storage of this.#storages) storage.release();
    this.#storages = [];
  }
}
