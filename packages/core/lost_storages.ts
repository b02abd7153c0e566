/** The net under handles that are lost outside of any scope: memory comes back when the garbage collector finds them. */
import type { Lease, Storage } from "./storage.ts";

/** A buffer of a device. */
export interface DeviceBuffer {
  /** The backend's memory. */
  readonly buffer: object;
  /** Size of the buffer in bytes. */
  readonly bytes: number;
}

/** The memory of a storage that was lost. */
export interface LostMemory extends DeviceBuffer {
  /** The source of the memory; null for a buffer of its own. */
  readonly lease: Lease | null;
}

/** Bytes watched after which {@linkcode LostStorages.settle} waits. */
const SETTLE_AFTER = 2 ** 26;

/** Bytes that a lost handle counts as at least: what it takes on the host. */
const HANDLE_BYTES = 2 ** 10;

/** The number of small storages held before the first of them is watched, and the bytes below which one is small. */
const [YOUNG, SMALL] = [64, 2 ** 14] as const;

/**
 * Watches storages of one device. Small ones are held at first: most are let go at once, and to have the collector
 * watch them would take as long as an op does.
 */
export class LostStorages {
  readonly #registry: FinalizationRegistry<LostMemory>;
  readonly #young: (Storage | null)[] = new Array<Storage | null>(YOUNG).fill(null);
  #next = 0;
  #held = 0;
  /** Bytes that lost handles may hold, as far as they have come since `settle` waited. */
  #unsettled = 0;

  /** `free` is called with the memory of each storage that was lost. */
  constructor(free: (lost: LostMemory) => void) {
    this.#registry = new FinalizationRegistry(free);
  }

  /** Frees the buffer of `storage` when the garbage collector finds that nobody holds it. */
  watch(storage: Storage): void {
    if (storage.bytes >= SMALL) {
      this.#register(storage);
      // The collector is about to run often: what is held when it does grows old, and is then looked at rarely.
      for (let seat = 0; seat < YOUNG && this.#held > 0; seat++) this.#letGo(seat);
      return;
    }
    const seat = this.#next;
    this.#letGo(seat);
    this.#young[seat] = storage;
    this.#held++;
    this.#next = (seat + 1) % YOUNG;
    storage.seat = seat;
  }

  /** Has the collector watch what is held in a seat. */
  #letGo(seat: number): void {
    const storage = this.#young[seat] ?? null;
    if (storage === null) return;
    this.#young[seat] = null;
    this.#held--;
    storage.seat = -1;
    this.#register(storage);
  }

  #register(storage: Storage): void {
    const { buffer, bytes, lease } = storage;
    this.#unsettled += Math.max(bytes, HANDLE_BYTES);
    this.#registry.register(storage, { buffer, bytes, lease }, storage);
  }

  /** Stops watching `storage` for garbage collection. */
  unwatch(storage: Storage): void {
    if (storage.seat >= 0) {
      this.#young[storage.seat] = null;
      this.#held--;
      storage.seat = -1;
      return;
    }
    // Never below 0, as `settle` forgets what is still watched.
    this.#unsettled = Math.max(0, this.#unsettled - Math.max(storage.bytes, HANDLE_BYTES));
    this.#registry.unregister(storage);
  }

  /** Waits for a task, in which the collector's callbacks run, if enough is watched to be worth it; null if not. */
  settle(): Promise<void> | null {
    if (this.#unsettled < SETTLE_AFTER) return null;
    this.#unsettled = 0;
    return new Promise((resolve) => setTimeout(resolve, 0));
  }
}
