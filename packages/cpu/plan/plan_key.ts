/** Keys of plans: everything a plan depends on, as numbers. */
import type { DType } from "@troodon/core";

/** A number for each element type. A table of them would be looked up by name, which costs several times as much. */
function codeOf(dtype: DType): number {
  switch (dtype) {
    case "float32":
      return 0;
    case "float64":
      return 1;
    case "int32":
      return 2;
    case "uint8":
      return 3;
    case "bool":
      return 4;
    case "float16":
      return 5;
    case "bfloat16":
      return 6;
    case "int64":
      return 7;
  }
}

/** The multiplier of the hash (FNV-1a). */
const PRIME = 0x01000193;

/** The properties of a view that a plan may depend on. */
export interface KeyView {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Numbers that tell one plan from another, and a hash of them. One object serves call after call. */
export class PlanKey {
  readonly #numbers: number[] = [];
  #length = 0;
  #hash = 0;

  /** So far. */
  get hash(): number {
    return this.#hash;
  }

  /** Begins anew, with the number of a kernel and another one. */
  begin(kernel: number, value = 0): this {
    this.#numbers[0] = kernel;
    this.#numbers[1] = value;
    this.#length = 2;
    this.#hash = Math.imul(Math.imul(kernel, PRIME) ^ value, PRIME);
    return this;
  }

  /** Adds a number. */
  add(value: number): this {
    this.#numbers[this.#length++] = value;
    this.#hash = Math.imul(this.#hash ^ value, PRIME);
    return this;
  }

  /** Adds an element type. */
  type(dtype: DType): this {
    return this.add(codeOf(dtype));
  }

  /** Adds numbers whose count follows from what was added before. */
  all(values: readonly number[]): this {
    const numbers = this.#numbers, first = this.#length, count = values.length;
    let hash = this.#hash;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      numbers[first + i] = value;
      hash = Math.imul(hash ^ value, PRIME);
    }
    this.#length = first + count;
    this.#hash = hash;
    return this;
  }

  /** Adds numbers, and how many there are. */
  list(values: readonly number[]): this {
    this.#numbers[this.#length++] = values.length;
    return this.all(values);
  }

  /** Adds types and strides of views whose shape is known already, and how many there are. */
  layouts(views: readonly KeyView[]): this {
    this.add(views.length);
    // They rarely differ where the rest does not, so that they need not be in the hash.
    const numbers = this.#numbers;
    let length = this.#length;
    for (let i = 0; i < views.length; i++) {
      const { dtype, strides } = views[i]!;
      numbers[length++] = codeOf(dtype);
      for (let axis = 0; axis < strides.length; axis++) numbers[length++] = strides[axis]!;
    }
    this.#length = length;
    return this;
  }

  /** Adds types, shapes and strides of views, and how many there are. */
  views(views: readonly KeyView[]): this {
    this.add(views.length);
    for (let i = 0; i < views.length; i++) {
      const { dtype, shape, strides } = views[i]!;
      this.add(codeOf(dtype)).list(shape).all(strides);
    }
    return this;
  }

  /** Adds the shapes of views that are contiguous and of a known type, and how many there are. */
  shapes(views: readonly KeyView[]): this {
    this.add(views.length);
    for (let i = 0; i < views.length; i++) this.list(views[i]!.shape);
    return this;
  }

  /** A copy of the numbers. */
  copy(): readonly number[] {
    return this.#numbers.slice(0, this.#length);
  }

  /** Whether the numbers are these. */
  equals(numbers: readonly number[]): boolean {
    if (numbers.length !== this.#length) return false;
    const own = this.#numbers;
    for (let i = 0; i < numbers.length; i++) if (numbers[i] !== own[i]) return false;
    return true;
  }
}
