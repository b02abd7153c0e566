/** Moves of tensors that share memory. */
import { type Device, type Storage, type Tensor, zeros } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";

/** Moves tensors to new memory on a device; tensors that share memory still share it afterwards. */
export class SharedMemory {
  readonly #device: Device;
  /** Tensors that use each storage. */
  readonly #handles = new Map<Storage, Set<Tensor>>();
  readonly #fresh = new Map<Storage, Tensor>();

  /** Records the `tensors` that are not on `device`, all of which will be moved. */
  constructor(tensors: Iterable<Tensor>, device: Device) {
    this.#device = device;
    for (const t of tensors) {
      if (t.device === device) continue;
      const handles = this.#handles.get(t.storage) ?? new Set();
      this.#handles.set(t.storage, handles.add(t));
    }
  }

  /** Moves `t`, whose elements become those of `values`. */
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
