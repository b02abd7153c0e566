/** Reference-counted memory. */
import type { Device } from "./device.ts";

/** Smaller storages weigh as much as the objects that hold them. */
const BALLAST_FROM = 2 ** 14;

/** A buffer of a device. Views of it share it; the last to let go frees it. */
export class Storage {
  /** Where it is. */
  readonly device: Device;
  /** Its size. */
  readonly bytes: number;
  /** Counts changes in place, so that a tape can tell that what it saved is gone. */
  version = 0;
  /** A differentiable view of it was recorded: a change in place would leave that history wrong. */
  viewed = false;
  readonly #buffer: object;
  #references = 1;
  #watched = false;
  #ballast: ArrayBuffer | null = null;

  /** Allocates `bytes` on `device`, with one reference. */
  constructor(device: Device, bytes: number) {
    this.device = device;
    this.bytes = bytes;
    this.#buffer = device.allocate(bytes);
  }

  /** The backend's memory. */
  get buffer(): object {
    return this.#buffer;
  }

  /** How many handles hold it. */
  get references(): number {
    return this.#references;
  }

  /** One more handle. */
  retain(): this {
    this.#references++;
    return this;
  }

  /** One handle less; the last one frees the memory. */
  release(): void {
    if (--this.#references > 0) return;
    if (this.#watched) this.device.unwatch(this, this.bytes);
    this.#ballast = null;
    this.device.free(this.#buffer, this.bytes);
  }

  /**
   * From now on lost handles are noticed: for what no scope will free. The
   * garbage collector counts what is on its own heap alone, and would see no
   * reason to run: so large storages hold an array of their size on it, which is
   * never touched and thus costs addresses, not memory.
   */
  watch(): void {
    if (this.#watched) return;
    this.#watched = true;
    if (this.bytes >= BALLAST_FROM) this.#ballast = new ArrayBuffer(this.bytes);
    this.device.watch(this, this.#buffer, this.bytes);
  }
}
