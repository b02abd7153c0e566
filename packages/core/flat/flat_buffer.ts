/** One buffer that holds many tensors, each of which begins and ends on its own. */
import { zeros } from "../creation.ts";
import type { Device } from "../device.ts";
import { contiguousLayout } from "../layout.ts";
import { type Lease, Storage } from "../storage.ts";
import { Tensor } from "../tensor.ts";
import type { FlatGroup } from "./flat_group.ts";
import type { FlatLayout } from "./flat_layout.ts";
import type { Reservation } from "./reserved.ts";

/** The place of one tensor in a {@linkcode FlatBuffer}, while somebody has it. */
export class FlatPlace implements Lease {
  /** The buffer that the place is in. */
  readonly flat: FlatBuffer;
  /** Which of its places it is. */
  readonly index: number;
  readonly start: number;
  readonly #whole: Storage;
  readonly #leave: () => void;

  /** Place `index` of `flat`, in memory that it keeps from being freed; `leave` is called at the end. */
  constructor(flat: FlatBuffer, index: number, whole: Storage, leave: () => void) {
    this.flat = flat;
    this.index = index;
    this.#whole = whole.retain();
    this.start = flat.layout.startOf(index);
    this.#leave = leave;
  }

  /** See {@linkcode Lease}. */
  get buffer(): object {
    return this.#whole.buffer;
  }

  /** See {@linkcode Lease}. */
  end(): void {
    this.#leave();
    this.#whole.release();
  }
}

/** The memory of tensors that lie side by side, as the layout says. */
export class FlatBuffer implements Disposable {
  /** The places of the tensors. */
  readonly layout: FlatLayout;
  /** The group that it belongs to. */
  readonly group: FlatGroup;
  /** Called when no tensor is in it any more. */
  whenLeft: (() => void) | null = null;
  readonly #whole: Tensor;
  readonly #taken: boolean[];
  #tensors = 0;
  #shown = false;
  readonly #reservations: Reservation[];

  /** Memory on `device` for the tensors of `group`, all zero. */
  constructor(device: Device, group: FlatGroup) {
    const { layout } = group;
    this.layout = layout;
    this.group = group;
    const { dtype, size, shapes } = layout;
    this.#whole = zeros([size], { device, dtype }).adopt();
    this.#taken = shapes.map(() => false);
    this.#reservations = shapes.map((_, index) => ({
      device,
      dtype,
      bytes: layout.bytesOf(index),
      lease: () => this.#lease(index),
    }));
  }

  /** All of it as one tensor of one axis, gaps between the places included. */
  get whole(): Tensor {
    this.#shown = true;
    return this.#whole;
  }

  /** The buffer of another name that belongs to the same tensors; null if they were given up before it was made. */
  beside(name: string): FlatBuffer | null {
    return this.group.buffer(name);
  }

  /** True until the buffer is disposed of: it gives places to tensors. */
  get isOpen(): boolean {
    return !this.#whole.isDisposed;
  }

  /** True if no tensor lies in the buffer and the whole of it was given to nobody. */
  get isUnused(): boolean {
    return this.#tensors === 0 && !this.#shown;
  }

  /** Returns true if place `index` has a tensor or can no longer be used. */
  isTaken(index: number): boolean {
    return this.#taken[index]! || !this.isOpen;
  }

  /** Place `index` for a new tensor; see `reserving`. */
  reservation(index: number): Reservation {
    return this.#reservations[index]!;
  }

  /** A tensor of its own in place `index`, with undefined contents and no owner; null if somebody has the place. */
  take(index: number): Tensor | null {
    const lease = this.#lease(index);
    if (lease === null) return null;
    const { layout } = this, { device } = this.#whole;
    const storage = new Storage(device, layout.bytesOf(index), lease);
    const place = contiguousLayout(layout.shapes[index]!, layout.starts[index]);
    return new Tensor(device, storage, place, layout.dtype, null, null);
  }

  #lease(index: number): FlatPlace | null {
    if (this.#taken[index] || !this.isOpen) return null;
    this.#taken[index] = true;
    this.#tensors++;
    return new FlatPlace(this, index, this.#whole.storage, () => {
      this.#taken[index] = false;
      if (--this.#tensors === 0) this.whenLeft?.();
    });
  }

  /** Gives the memory up; it is freed when the last tensor in it is. */
  [Symbol.dispose](): void {
    this.#whole.dispose();
  }
}
