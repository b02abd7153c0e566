/** Bringing elements back to the host. */
import { type DType, isIntegral, type TypedArray } from "../dtype.ts";
import { type Decoded, decodedExactly, decodedNumbers } from "../elements/decode.ts";
import { currentFlow } from "../flow.ts";
import { formatTensor } from "../print.ts";
import { type Shape, showShape, sizeOf } from "../shape.ts";
import { showAsText } from "../show.ts";
import type { Tensor } from "../tensor.ts";
import { OperandTensor } from "./apply.ts";
import { refuseSurplus } from "./refuse_surplus.ts";
import { readBytes, readBytesSync } from "./bytes.ts";
import { type OptionKeys, readOptions } from "../options.ts";

/** Numbers or booleans, or elements of another kind, in arrays as deep as the tensor has axes. */
export type NestedArray<T = number | boolean> = T | NestedArray<T>[];

/** Options of reading integers as bigints. */
export interface BigintOptions {
  /** Read integers as bigints, which are exact also beyond 2^53; false by default. */
  readonly bigint?: boolean;
}
const BIGINT_OPTIONS: OptionKeys<BigintOptions> = { bigint: true };

/** Reads integers as bigints. */
export interface AsBigint extends BigintOptions {
  /** Read integers as bigints, which are exact also beyond 2^53. */
  readonly bigint: true;
}

/** A tensor whose elements can be read; see {@linkcode Tensor}. */
export abstract class ReadableTensor extends OperandTensor {
  /**
   * A copy of its elements in row-major order, when all work before is done:
   * Float32Array for float32 and bfloat16, Uint8Array (0 and 1) for bool, Float64Array for int64, and
   * the array of the same name otherwise.
   *
   * @throws {RangeError} If an element of int64 is beyond 2^53 in magnitude: ask for bigints.
   */
  dataAsync(options?: { readonly bigint?: false }): Promise<TypedArray>;
  /** A copy of the elements of a tensor of integers in row-major order, as bigints. */
  dataAsync(options: AsBigint): Promise<BigInt64Array>;
  async dataAsync(options?: BigintOptions): Promise<Decoded> {
    const { bigint = false } = readOptions("Tensor.dataAsync()", options, BIGINT_OPTIONS);
    const { dtype } = this, decode = decoder(dtype, bigint);
    currentFlow().listener?.read(this as unknown as Tensor);
    return decode(await readBytes(this), dtype);
  }

  /** A copy of its elements at once, as {@linkcode ReadableTensor.dataAsync}; a TypeError on devices that cannot wait. */
  dataSync(options?: { readonly bigint?: false }): TypedArray;
  /** A copy of the elements of a tensor of integers at once, as bigints. */
  dataSync(options: AsBigint): BigInt64Array;
  dataSync(options?: BigintOptions): Decoded {
    const { bigint = false } = readOptions("Tensor.dataSync()", options, BIGINT_OPTIONS);
    currentFlow().listener?.read(this as unknown as Tensor);
    return elementsOf(this, bigint);
  }

  /** A copy of its elements in row-major order as a typed array, as {@linkcode ReadableTensor.dataSync}. */
  numpy(): TypedArray {
    return this.dataSync();
  }

  /**
   * The one element of a tensor that has one, as a number (1 or 0 for bool).
   *
   * @throws {RangeError} If it is of int64 and beyond 2^53 in magnitude: ask for a bigint.
   */
  item(options?: { readonly bigint?: false }): number;
  /** The one element of a tensor of integers that has one, as a bigint. */
  item(options: AsBigint): bigint;
  item(options?: BigintOptions): number | bigint {
    options = readOptions("Tensor.item()", options, BIGINT_OPTIONS);
    checkOneElement("item", this);
    return options.bigint ? this.dataSync({ bigint: true })[0]! : this.dataSync()[0]!;
  }

  /** Reads the only element of a one-element tensor when the device has computed it, as needed on a GPU in a page. */
  itemAsync(options?: { readonly bigint?: false }): Promise<number>;
  /** Reads the only element of a one-element integer tensor as a bigint. */
  itemAsync(options: AsBigint): Promise<bigint>;
  async itemAsync(options?: BigintOptions): Promise<number | bigint> {
    options = readOptions("Tensor.itemAsync()", options, BIGINT_OPTIONS);
    checkOneElement("itemAsync", this);
    return options.bigint ? (await this.dataAsync({ bigint: true }))[0]! : (await this.dataAsync())[0]!;
  }

  /**
   * Its elements as nested arrays; a number for a scalar, booleans for bool.
   *
   * @throws {RangeError} If an element of int64 is beyond 2^53 in magnitude: ask for bigints.
   */
  tolist(options?: { readonly bigint?: false }): NestedArray;
  /** The elements of a tensor of integers as nested arrays of bigints. */
  tolist(options: AsBigint): NestedArray<bigint>;
  tolist(options?: BigintOptions): NestedArray | NestedArray<bigint> {
    const { bigint = false } = readOptions("Tensor.tolist()", options, BIGINT_OPTIONS);
    const { shape, dtype } = this;
    if (bigint) return nested(shape, this.dataSync({ bigint }));
    const flat = this.dataSync();
    return dtype === "bool" ? nested(shape, Array.from(flat, (x) => x !== 0)) : nested(shape, flat);
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
    // Not by dataSync(): who prints a tensor does not go by its elements.
    const data = elementsOf(this, dtype === "int64");
    return formatTensor({ data, shape, dtype, suffixes, device: elsewhere });
  }

  /**
   * Converts the tensor to text in `${x}`. Operators of JavaScript (`x + 1`, `x < y`) convert to numbers, which have no
   * gradient.
   *
   * @throws {TypeError} For operators, naming the method to call instead.
   */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new TypeError(
      hint === "default"
        ? "Cannot apply + or == to a tensor as JavaScript has them for numbers and text alone: write x.add(y) or x.eq(y), " +
          "or `${x}` in text"
        : "Cannot take a tensor for a number as operators of JavaScript are for numbers alone: write x.sub(y), x.mul(y), " +
          "x.div(y), x.pow(y), x.neg(), x.lt(y), x.gt(y) ..., or x.item() for the number that it holds",
    );
  }

  /** Its elements as nested arrays: what `JSON.stringify` writes, a number for a loss. */
  toJSON(): NestedArray {
    return this.tolist();
  }

  static {
    // JSON.stringify() passes a key to toJSON().
    refuseSurplus(this, ["toJSON"]);
    showAsText(this);
  }
}

function checkOneElement(name: string, { shape }: ReadableTensor): void {
  if (sizeOf(shape) === 1) return;
  throw new RangeError(
    `Cannot take ${name}() as the tensor must have one element: current shape is ${showShape(shape)}`,
  );
}

/** The elements of `x` at once. */
function elementsOf(x: ReadableTensor, bigint: boolean): Decoded {
  const decode = decoder(x.dtype, bigint);
  return decode(readBytesSync(x), x.dtype);
}

function decoder(dtype: DType, bigint: boolean): (bytes: Uint8Array, dtype: DType) => Decoded {
  if (!bigint) return decodedNumbers;
  if (isIntegral(dtype)) return decodedExactly;
  throw new TypeError(
    `Cannot read bigints as the tensor must be of integers: current dtype is ${dtype}, leave { bigint } out`,
  );
}

/** Elements in arrays as deep as there are axes. */
function nested<T>(shape: Shape, flat: ArrayLike<T>): NestedArray<T> {
  let at = 0;
  const build = (axis: number): NestedArray<T> =>
    axis === shape.length ? flat[at++]! : Array.from({ length: shape[axis]! }, () => build(axis + 1));
  return build(0);
}
