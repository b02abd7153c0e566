import { type Tensor, tidySync } from "@troodon/core";
import { checkSurplus, type ElementCheck, elementCheck, expr as e } from "@troodon/core/kernel";
import { epsilonOf, floatingRows, scaleOf } from "./preprocessor.ts";

/** Norms of {@linkcode Normalizer}: the sum of absolute values, the Euclidean one, the largest absolute value. */
export type NormalizerNorm = "l1" | "l2" | "max";

const NORMS: Readonly<Record<NormalizerNorm, (x: Tensor) => Tensor>> = {
  l1: (x) => x.abs().sum(1, { keepdim: true }),
  l2: (x) => x.norm(2, 1, { keepdim: true }),
  max: (x) => x.abs().amax(1, { keepdim: true }),
};

/** Throws a RangeError for rows that are not finite. */
const INCOMPLETE: ElementCheck = elementCheck("Normalizer", e.sub(1, e.less(e.abs(e.input(0)), Infinity)));

/** Rows `x` of a floating dtype, which are checked to be finite. */
function finiteRows(x: Tensor): Tensor {
  const rows = floatingRows("Normalizer", x);
  if (rows.numel() > 0) INCOMPLETE(rows.detach());
  return rows;
}

/**
 * Divides each row by its norm; a row of zeros stays as it is. It learns nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { Normalizer } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const rows = tensor([[1, 3], [0, 0]], { device });
 * assertEquals(new Normalizer("l1").transform(rows).tolist(), [[0.25, 0.75], [0, 0]]);
 * ```
 */
export class Normalizer {
  /** The norm that rows have afterwards 1 of. */
  readonly norm: NormalizerNorm;

  /**
   * To a Euclidean norm of 1 by default.
   *
   * @throws {TypeError} If there is no norm of that name.
   */
  constructor(norm: NormalizerNorm = "l2") {
    checkSurplus(new.target.name, arguments, 1);
    if (!Object.hasOwn(NORMS, norm)) {
      throw new TypeError(`Cannot make Normalizer as norm must be l1, l2 or max: current norm is ${norm}`);
    }
    this.norm = norm;
  }

  /** Checks that `x` are rows [n, features], and learns nothing. */
  fit(x: Tensor): this {
    tidySync(() => void finiteRows(x));
    return this;
  }

  /**
   * Rows `x` [n, features], each divided by its norm.
   *
   * @throws {RangeError} If `x` has another number of axes, or is not finite.
   */
  transform(x: Tensor): Tensor {
    return tidySync(() => {
      const rows = finiteRows(x);
      const norms = NORMS[this.norm](rows);
      return rows.div(scaleOf(norms, epsilonOf(norms)));
    });
  }

  /** {@linkcode transform}. */
  fitTransform(x: Tensor): Tensor {
    return this.transform(x);
  }
}
