/** Several results of one op. */
import type { Tensor } from "./tensor.ts";

/** Two results that can be taken in order as well: `const [values, indices] = x.max(1)`, `x.max(1)[1]`. */
export interface TwoResults extends Iterable<Tensor> {
  /** The first result. */
  readonly 0: Tensor;
  /** The second result. */
  readonly 1: Tensor;
}

/** Three results that can be taken in order as well. */
export interface ThreeResults extends TwoResults {
  /** The third result. */
  readonly 2: Tensor;
}

/** Four results that can be taken in order as well. */
export interface FourResults extends ThreeResults {
  /** The fourth result. */
  readonly 3: Tensor;
}

/** The results under their names and, as in PyTorch's named tuples, in the order of these. */
export class NamedResults {
  get 0(): unknown {
    return Object.values(this)[0];
  }
  get 1(): unknown {
    return Object.values(this)[1];
  }
  get 2(): unknown {
    return Object.values(this)[2];
  }
  get 3(): unknown {
    return Object.values(this)[3];
  }
  [Symbol.iterator](): Iterator<unknown> {
    return Object.values(this)[Symbol.iterator]();
  }
}

/** `results`, which can be taken in order as well. */
export function named<T extends Iterable<Tensor>>(
  results: { [K in Exclude<keyof T, number | symbol | "0" | "1" | "2" | "3">]: T[K] },
): T {
  return Object.assign(new NamedResults(), results) as unknown as T;
}
