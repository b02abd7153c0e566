/** Reference-counted memory. */
import type { Device } from "./device.ts";
import { showAsText } from "./show.ts";

/** Smaller storages weigh as much as the objects that hold them. */
const BALLAST_FROM = 2 ** 14;

/** The most that is kept for storages to come: how many, and bytes in all. */
const [SPARES, SPARE_BYTES] = [64, 2 ** 28] as const;

/**
 * Ballast of storages that were let go in time. What a loop makes and frees in each turn takes it up again: new
 * arrays would cost more than small kernels, and have the collector run for nothing.
 */
const spares = new Map<number, ArrayBuffer[]>();
let spareCount = 0, spareBytes = 0;

/** Ballast of a size; null where the host has no more addresses, which is no reason to fail. */
function takeBallast(bytes: number): ArrayBuffer | null {
  const spare = spares.get(bytes)?.pop();
  if (spare === undefined) {
    try {
      return new ArrayBuffer(bytes);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }
  spareCount--;
  spareBytes -= bytes;
  return spare;
}

function keepBallast(ballast: ArrayBuffer): void {
  const bytes = ballast.byteLength;
  if (spareCount === SPARES || spareBytes + bytes > SPARE_BYTES) {
    spares.clear();
    spareCount = spareBytes = 0;
    if (bytes > SPARE_BYTES) return;
  }
  const kept = spares.get(bytes);
  if (kept) kept.push(ballast);
  else spares.set(bytes, [ballast]);
  spareCount++;
  spareBytes += bytes;
}

/** The version of a tensor and all its views, whatever else lies in their storage. */
export class Version {
  /** Counts changes in place, so that a tape can tell that what it saved is gone. */
  count = 0;
}

/** Memory that a storage does not get from its device, and gives back in another way. */
export interface Lease {
  /** The backend's memory, of which the storage is a part. */
  readonly buffer: object;
  /** First byte of the part. */
  readonly start: number;
  /** Gives the part back. */
  end(): void;
}

/** A buffer of a device, or a part of one. Views of it share it; the last to let go frees it. */
export class Storage {
  /** Where it is. */
  readonly device: Device;
  /** Its size. */
  readonly bytes: number;
  /** The source of its memory; null for a buffer of its own. */
  readonly lease: Lease | null;
  /** Index of the storage in `LostStorages`; -1 if it is not held there. */
  seat: number = -1;
  /** Counts how often a tensor on this storage moved to other memory. */
  handleChanges = 0;
  /** Changes when a tensor on this storage starts or stops requiring a gradient; restored when the tensor is changed back. */
  leafState = 0;
  readonly #buffer: object;
  #references = 1;
  #watched = false;
  #ballast: ArrayBuffer | null = null;

  /** Allocates `bytes` on `device`, with one reference, or takes over `lease` in place of that. */
  constructor(device: Device, bytes: number, lease: Lease | null = null) {
    this.device = device;
    this.bytes = bytes;
    this.lease = lease;
    this.#buffer = lease === null ? device.allocate(bytes) : lease.buffer;
  }

  /** Its first byte in the buffer. */
  get start(): number {
    return this.lease === null ? 0 : this.lease.start;
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
    if (this.#ballast !== null) keepBallast(this.#ballast);
    this.#ballast = null;
    if (this.lease === null) this.device.free(this.#buffer, this.bytes);
    else this.lease.end();
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
    if (this.bytes >= BALLAST_FROM && this.lease === null) this.#ballast = takeBallast(this.bytes);
    this.device.watch(this);
  }

  /** Its size and where it is. */
  toString(): string {
    return `Storage(${this.bytes} bytes, device='${this.device.name}')`;
  }

  static {
    showAsText(this);
  }
}
