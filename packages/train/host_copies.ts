/** Tensors kept on the host. */
import type { Tensor, Version } from "@troodon/core";
import { NdArray } from "@troodon/datasets";

/** A tensor as it was. */
interface Known {
  readonly version: Version;
  readonly count: number;
  readonly copy: NdArray;
}

/** Copies tensors to the host, each anew only when it has changed: frozen parameters are read once. */
export class HostCopies {
  readonly #known = new WeakMap<Tensor, Known>();

  /** The elements of `t` as they are now, when all work before is done. */
  async copy(t: Tensor): Promise<NdArray> {
    const { version } = t, { count } = version;
    const known = this.#known.get(t);
    if (known?.version === version && known.count === count) return known.copy;
    const copy = new NdArray(await t.dataAsync(), t.shape, t.dtype);
    this.#known.set(t, { version, count, copy });
    return copy;
  }
}
