/** Tensors that lie side by side, with what belongs to each of them. */
import type { Device } from "../device.ts";
import type { LaunchView } from "../device_listener.ts";
import type { DType } from "../dtype.ts";
import { isContiguous } from "../layout.ts";
import { sameShape, type Shape } from "../shape.ts";
import { FlatBuffer, FlatPlace } from "./flat_buffer.ts";
import { FlatLayout } from "./flat_layout.ts";

/**
 * Tensors of one device and dtype that lie side by side in one buffer, and further buffers with the same places: for
 * their gradients, and for each tensor that an optimizer keeps of them. A change of all of them is then a change of a
 * few long tensors.
 */
export class FlatGroup implements Disposable {
  /** The places of the tensors, the same in each of the buffers. */
  readonly layout: FlatLayout;
  readonly #device: Device;
  readonly #buffers = new Map<string, FlatBuffer>();
  #ended = false;

  /** A group for tensors of `shapes`, without buffers so far. */
  constructor(device: Device, dtype: DType, shapes: readonly Shape[]) {
    this.layout = new FlatLayout(dtype, shapes);
    this.#device = device;
  }

  /** The buffer called `name`, made of zeros when it is first asked for; null if the group was disposed of before. */
  buffer(name: string): FlatBuffer | null {
    const known = this.#buffers.get(name);
    if (known !== undefined || this.#ended) return known ?? null;
    const buffer = new FlatBuffer(this.#device, this);
    this.#buffers.set(name, buffer);
    return buffer;
  }

  /** Frees the buffers that nobody uses; they are made anew when somebody asks for them. */
  trim(): void {
    for (const [name, buffer] of this.#buffers) {
      if (!buffer.isUnused) continue;
      buffer[Symbol.dispose]();
      this.#buffers.delete(name);
    }
  }

  /** Gives the buffers up; the memory of each is freed when the last tensor in it is. */
  [Symbol.dispose](): void {
    this.#ended = true;
    for (const buffer of this.#buffers.values()) buffer[Symbol.dispose]();
  }
}

/** The name of the buffer of parameters in a {@linkcode FlatGroup}. */
export const FLAT_DATA = "data";

/** The name of the buffer of their gradients. */
export const FLAT_GRAD = "grad";

/** The place that a view fills from its first element to its last, in row-major order; null if it has none. */
export function flatPlace(t: LaunchView): FlatPlace | null {
  const { lease } = t.storage;
  if (!(lease instanceof FlatPlace)) return null;
  const { starts, shapes } = lease.flat.layout, { index } = lease;
  const fills = t.offset === starts[index] && sameShape(t.shape, shapes[index]!) && isContiguous(t);
  return fills ? lease : null;
}
