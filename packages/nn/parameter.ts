/** Tensors that are learnt. */
import { isFloating, Tensor } from "@troodon/core";
import { tape } from "@troodon/autograd";
import { checkSurplus } from "@troodon/core/kernel";

/**
 * A tensor that a {@linkcode Module} learns: a leaf that gradients are left in,
 * found by the module that has it as a field. It stays a parameter when frozen by
 * `requiresGrad = false`, and no {@linkcode Scope} frees it.
 *
 * @example A parameter is a leaf
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { Parameter } from "@troodon/nn";
 *
 * const device = new Device(new ReferenceBackend());
 * const w = new Parameter(ones([2], { device }));
 * w.mul(3).sum().backward();
 * assertEquals(w.grad?.tolist(), [3, 3]);
 * ```
 */
export class Parameter extends Tensor {
  /**
   * Shares the memory of `data`, which may be disposed of afterwards.
   *
   * @throws {TypeError} If the dtype is not floating.
   */
  constructor(data: Tensor) {
    checkSurplus(new.target.name, arguments, 1);
    if (!isFloating(data.dtype)) {
      throw new TypeError(
        `Cannot make a parameter as the dtype must be floating: current dtype is ${data.dtype}`,
      );
    }
    super(data.device, data.storage.retain(), data, data.dtype);
    this.adopt();
    this.node = tape.leaf(this);
  }

  /** Written as PyTorch writes it: `Parameter containing:`, and the tensor. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
