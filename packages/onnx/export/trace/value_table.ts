/** Which value every tensor holds at the moment. */
import type { DType, Tensor } from "@troodon/core";
import { type Layout, sameShape, type Storage, type ViewOp } from "@troodon/core/kernel";
import type { Value } from "./recording.ts";

/** A view op with its arguments. */
export interface Look {
  readonly op: ViewOp;
  readonly params: unknown;
}

/** One way that memory is looked at. */
export interface Entry {
  readonly layout: Layout;
  readonly dtype: DType;
  /** The looks that lead here from the whole of the memory. */
  readonly path: readonly Look[];
  /** What is seen; null where the memory changed since. */
  value: Value | null;
}

/** All that is known of one storage: its first entry is the tensor that it was made for. */
type Family = [Entry, ...Entry[]];

/** Finds the values of tensors by the memory that they look at, so that aliases are one. */
export class ValueTable {
  readonly #families = new WeakMap<Storage, Family>();

  /** The entry of what `x` looks at; undefined where nobody has seen it. */
  find(x: Tensor): Entry | undefined {
    return this.#families.get(x.storage)?.find((entry) => isLook(entry, x));
  }

  /** All that is known of the memory of `x`. */
  family(x: Tensor): readonly Entry[] {
    return this.#families.get(x.storage) ?? [];
  }

  /** Notes that `x`, whose memory is new, is `value`; or that a look at the memory of another entry is. */
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
