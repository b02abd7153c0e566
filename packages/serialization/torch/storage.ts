/** The memory of PyTorch's tensors in files, and views of it. */
import type { Budget } from "../contents/budget.ts";
import { negated, packed, type StoredLayout, swapBytes } from "../contents/elements.ts";
import { FileTensor } from "../contents/stored_tensor.ts";
import { ELEMENT_BYTES } from "./dtypes.ts";

/** Layout of a tensor within its storage. */
export interface TorchLayout extends StoredLayout {
  /** Negates the stored elements: PyTorch's lazy negation. */
  readonly negative: boolean;
}

/** A storage: the memory that one tensor or several look at. */
export class TorchStorage {
  /** The dtype of its elements; null of bytes that tensors say the dtype of. */
  readonly dtype: string | null;
  /** Its size in bytes. */
  readonly bytes: number;
  readonly #read: () => Promise<Uint8Array>;
  readonly #views = new Map<string, FileTensor>();

  /** @param read The bytes, little-endian or as {@linkcode TorchStorage.view} is told. */
  constructor(dtype: string | null, bytes: number, read: () => Promise<Uint8Array>) {
    this.dtype = dtype;
    this.bytes = bytes;
    this.#read = read;
  }

  /**
   * A tensor that looks at this storage; the same object whenever layout and dtype are the same.
   *
   * @param budget What the tensor's own elements are taken of where they do not lie one after the other.
   * @param bigEndian Whether the bytes of each element come in the other order.
   * @returns null if it does not lie within the storage.
   */
  view(dtype: string, layout: TorchLayout, budget: Budget, bigEndian: boolean): FileTensor | null {
    const size = ELEMENT_BYTES[dtype]!, { offset, shape, strides, negative } = layout;
    const empty = shape.includes(0);
    const last = shape.reduce((at, extent, i) => at + (extent - 1) * strides[i]!, offset);
    if (!empty && (last + 1) * size > this.bytes) return null;
    const key = JSON.stringify([dtype, layout]), known = this.#views.get(key);
    if (known !== undefined) return known;
    const read = async (): Promise<Uint8Array> => {
      if (empty) return new Uint8Array();
      const count = shape.reduce((n, extent) => n * extent, 1);
      budget.take(count * size, `a tensor of shape [${shape.join(", ")}]`);
      const elements = packed(await this.#read(), layout, size);
      if (bigEndian) swapBytes(elements, size);
      return negative ? negated(elements, size, dtype.includes("float")) : elements;
    };
    const made = new FileTensor(dtype, shape, read);
    this.#views.set(key, made);
    return made;
  }
}
