/** Values between the nodes of a graph. */
import type { Device, Tensor } from "@troodon/core";

/** Elements that a value known on the host may have: more are calculated on the device. */
export const HOST_ELEMENTS = 256;

/**
 * A tensor under a name of a graph. Small tensors that follow from constants and shapes alone are _known_: they are on a
 * device of the host's memory, where nodes read sizes and axes without waiting for a GPU.
 */
export class Value {
  readonly #tensors: Map<Device, Tensor>;

  constructor(
    readonly tensor: Tensor,
    /** True for a value on the host. */
    readonly isKnown: boolean,
    /** The type in the file of integers that stand in a wider dtype. */
    readonly narrow?: number,
    readonly isConstant = false,
  ) {
    this.#tensors = new Map([[tensor.device, tensor]]);
  }

  /** The tensor on a device; a known one is copied there once. */
  on(device: Device): Tensor {
    const found = this.#tensors.get(device);
    if (found !== undefined || !this.isKnown) return found ?? this.tensor;
    const copy = this.tensor.to(device);
    // A constant outlives the scope of the call in which it is needed first.
    if (this.isConstant) copy.adopt();
    this.#tensors.set(device, copy);
    return copy;
  }
}

/**
 * The elements of a value as numbers.
 *
 * @param refuse Throws an error with a reason, where the device cannot be read at once.
 */
export function numbersOf({ tensor }: Value, refuse: (reason: string) => never): number[] {
  if (!tensor.device.canReadSync) {
    refuse(`must be known without reading from ${tensor.device.name}: it follows from the inputs`);
  }
  return tensor.dtype === "int64"
    ? Array.from(tensor.dataSync({ bigint: true }), Number)
    : Array.from(tensor.dataSync());
}
