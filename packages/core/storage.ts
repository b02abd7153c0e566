/** Reference-counted memory. */
import type { Device } from "./device.ts";

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
    if (this.#watched) this.device.unwatch(this);
    this.device.free(this.#buffer, this.bytes);
  }

  /** From now on lost handles are noticed: for what no scope will free. */
  watch(): void {
    if (this.#watched) return;
    this.#watched = true;
    this.device.watch(this, this.#buffer, this.bytes);
  }
}
