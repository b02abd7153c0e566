/** The values that tensors hold at the moment. */
import type { DType, Tensor } from "@troodon/core";
import { type Layout, sameShape, type Storage, type ViewOp } from "@troodon/core/kernel";
import type { Value } from "./recording.ts";

/** A view op with its arguments. */
export interface Look {
  readonly op: ViewOp;
  readonly params: unknown;
}

/** A layout of memory, and the value that it shows. */
export interface Entry {
  readonly layout: Layout;
  readonly dtype: DType;
  /** Views that lead to this layout from the whole storage. */
  readonly path: readonly Look[];
  /** The value of the elements; null if the memory has changed since. */
  value: Value | null;
}

/** Layouts of one storage; the first is that of the tensor it was allocated for. */
type Family = [Entry, ...Entry[]];

/** Finds the values of tensors by the memory that they look at, so that aliases are one. */
export class ValueTable {
  readonly #families = new WeakMap<Storage, Family>();

  /** Returns the entry with the layout of `x`; undefined if there is none. */
  find(x: Tensor): Entry | undefined {
    return this.#families.get(x.storage)?.find((entry) => isLook(entry, x));
  }

  /** Returns the layouts of the storage of `x`. */
  family(x: Tensor): readonly Entry[] {
    return this.#families.get(x.storage) ?? [];
  }

  /** Adds the layout of `x` with its value; `path` leads to it from the whole storage. */
  add(x: Tensor, value: Value, path: readonly Look[] = []): Entry {
    const { shape, strides, offset, dtype } = x;
    const entry: Entry = { layout: { shape, strides, offset }, dtype, path, value };
    const family = this.#families.get(x.storage);
    if (family === undefined) this.#families.set(x.storage, [entry]);
    else family.push(entry);
    return entry;
  }
}

function isLook({ layout, dtype }: Entry, x: Tensor): boolean {
  return dtype === x.dtype && layout.offset === x.offset && sameShape(layout.shape, x.shape) &&
    layout.strides.every((s, i) => s === x.strides[i] || layout.shape[i]! <= 1);
}
