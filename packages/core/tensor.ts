/** The tensor. */
import { OperandTensor } from "./tensor/apply.ts";
import type { Device } from "./device.ts";
import type { DType } from "./dtype.ts";
import { contiguousLayout, type Layout } from "./layout.ts";
import { bytesOn } from "./limits.ts";
import type { KernelOp } from "./op.ts";
import type { Owner } from "./owner.ts";
import { Storage, type Version } from "./storage.ts";
import { launchNew } from "./tensor/launch.ts";
import { NeuralTensor } from "./tensor/neural.ts";

/**
 * An n-dimensional array of one dtype on a device. Operations are methods
 * (`x.add(y)`) and functions (`add(x, y)`); those whose name ends in `_` change
 * the tensor itself. Made by {@linkcode tensor}, {@linkcode zeros},
 * {@linkcode randn} and their like.
 *
 * @example Arithmetic
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(x.mul(x).add(1).tolist(), [[2, 5], [10, 17]]);
 * assertEquals(x.shape, [2, 2]);
 * ```
 */
export class Tensor extends NeuralTensor {
  static {
    // super() goes to where fields are. The classes between have methods alone, but V8 walks through all of them for each
    // tensor that is made, which took a tenth of the time of a small op.
    Object.setPrototypeOf(this, OperandTensor);
  }

  /** A new tensor with undefined contents. */
  static empty(device: Device, shape: readonly number[], dtype: DType): Tensor {
    const storage = new Storage(device, bytesOn(device, shape, dtype));
    return new Tensor(device, storage, contiguousLayout(shape), dtype);
  }

  /** The result of an op that has no tensor inputs. */
  static fresh<P>(device: Device, op: KernelOp<P>, params: P): Tensor {
    const [spec] = op.infer([], params);
    const output = Tensor.empty(device, spec!.shape, spec!.dtype);
    launchNew(device, op.kernel([], [spec!], params), [], [output]);
    return output;
  }

  /** A tensor with undefined contents on any device: what a move is made of. */
  override emptyOn(device: Device, shape: readonly number[], dtype: DType): Tensor {
    return Tensor.empty(device, shape, dtype);
  }

  /** A plain tensor. */
  protected override make(
    storage: Storage,
    layout: Layout,
    dtype: DType,
    version?: Version | null,
    scope?: Owner | null,
  ): Tensor {
    return new Tensor(this.device, storage, layout, dtype, version, scope);
  }
}
