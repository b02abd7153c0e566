/** Bringing elements back to the host. */
import type { ByteRange } from "../backend/contract.ts";
import { bytesOf, type DType, type TypedArray, typedView } from "../dtype.ts";
import { isContiguous } from "../layout.ts";
import { formatTensor } from "../print.ts";
import { showShape } from "../shape.ts";
import { OperandTensor } from "./apply.ts";
import type { TensorBase } from "./base.ts";

/** Numbers or booleans, in arrays as deep as the tensor has axes. */
export type NestedArray = number | boolean | NestedArray[];

/** A tensor whose elements can be read; see {@linkcode Tensor}. */
export abstract class ReadableTensor extends OperandTensor {
  /**
   * A copy of its elements in row-major order, when all work before is done:
   * Float32Array for float32 and bfloat16, Uint8Array (0 and 1) for bool, and
   * the array of the same name otherwise.
   */
  async data(): Promise<TypedArray> {
    if (isContiguous(this)) {
      return decoded(this.dtype, await this.device.read(this.storage, rangeOf(this)));
    }
    const packed = this.packedCopy();
    try {
      return decoded(this.dtype, await this.device.read(packed.storage, rangeOf(packed)));
    } finally {
      packed.dispose();
    }
  }

  /** The same at once; a TypeError on devices that cannot wait. */
  dataSync(): TypedArray {
    const { device } = this;
    if (isContiguous(this)) return decoded(this.dtype, device.readSync(this.storage, rangeOf(this)));
    const packed = this.packedCopy();
    try {
      return decoded(this.dtype, device.readSync(packed.storage, rangeOf(packed)));
    } finally {
      packed.dispose();
    }
  }

  /** The one element of a tensor that has one, as a number (1 or 0 for bool). */
  item(): number {
    if (this.numel !== 1) {
      throw new RangeError(
        `Cannot take item() as the tensor must have one element: current shape is ${showShape(this.shape)}`,
      );
    }
    return Number(this.dataSync()[0]);
  }

  /** Its elements as nested arrays; a number for a scalar, booleans for bool. */
  tolist(): NestedArray {
    const flat = this.dataSync();
    const { shape, dtype } = this;
    let at = 0;
    const build = (axis: number): NestedArray => {
      if (axis === shape.length) {
        const value = Number(flat[at++]);
        return dtype === "bool" ? value !== 0 : value;
      }
      return Array.from({ length: shape[axis]! }, () => build(axis + 1));
    };
    return build(0);
  }

  /** Written as PyTorch writes it: `tensor([1.0000, 2.0000], grad_fn=<MulBackward0>)`. */
  override toString(): string {
    const { shape, dtype, device } = this;
    const suffixes: string[] = [];
    const elsewhere = device.name === "cpu" || device.name === "reference" ? undefined : device.name;
    if (this.gradFn) suffixes.push(`grad_fn=<${this.gradFn.name}>`);
    else if (this.requiresGrad) suffixes.push("requires_grad=True");
    if (this.isDisposed || !device.canReadSync) {
      if (elsewhere) suffixes.unshift(`device='${elsewhere}'`);
      const known = [this.isDisposed ? "disposed" : "...", `size=(${shape.join(", ")})`, ...suffixes];
      return `tensor(${known.join(", ")})`;
    }
    return formatTensor({ data: this.dataSync(), shape, dtype, suffixes, device: elsewhere });
  }

  // What `console.log` shows.
  static {
    Object.defineProperty(this.prototype, Symbol.for("Deno.customInspect"), {
      value(this: ReadableTensor): string {
        return this.toString();
      },
    });
  }
}

function rangeOf({ offset, numel, dtype }: TensorBase): ByteRange {
  const start = offset * bytesOf(dtype);
  return { start, end: start + numel * bytesOf(dtype) };
}

function decoded(dtype: DType, bytes: Uint8Array): TypedArray {
  const array = typedView(dtype, bytes.byteOffset % bytesOf(dtype) === 0 ? bytes : bytes.slice());
  if (dtype !== "bfloat16") return array;
  // The upper half of a float32.
  const words = new Uint32Array(array.length);
  for (let i = 0; i < words.length; i++) words[i] = Number(array[i]) << 16;
  return new Float32Array(words.buffer);
}
