/** Tensors that go to other memory together. */
import { type Device, type Storage, type Tensor, zeros } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";

/** Gives tensors other memory on a device; those that shared their memory share the new one, each its part of it. */
export class SharedMemory {
  readonly #device: Device;
  /** How many of the tensors each storage holds. */
  readonly #handles = new Map<Storage, Set<Tensor>>();
  readonly #fresh = new Map<Storage, Tensor>();

  /** Takes notice of `tensors` that lie on other devices than `device`: all that will be moved. */
  constructor(tensors: Iterable<Tensor>, device: Device) {
    this.#device = device;
    for (const t of tensors) {
      if (t.device === device) continue;
      const handles = this.#handles.get(t.storage) ?? new Set();
      this.#handles.set(t.storage, handles.add(t));
    }
  }

  /** Moves `t`, whose elements are those of `values` from then on. */
  move(t: Tensor, values: Tensor): void {
    const { storage, shape, strides, dtype } = t;
    if ((this.#handles.get(storage)?.size ?? 0) < 2) {
      t.setData(values);
      return;
    }
    let memory = this.#fresh.get(storage);
    if (memory === undefined) {
      memory = zeros([storage.bytes / bytesOf(dtype)], { dtype, device: this.#device });
      this.#fresh.set(storage, memory);
    }
    t.setData(memory.asStrided(shape, strides, t.storageOffset()));
    t.copy_(values);
  }
}
