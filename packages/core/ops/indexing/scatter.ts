/** Elements put to positions that another tensor names. */
import { tidySync } from "../../scope.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { operandsOf, SCATTER, SCATTER_ADD } from "./scatter_op.ts";
import { scatterReduce, scatterReduce_ } from "./scatter_reduce.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode scatter}. */
export interface ScatterOptions {
  /** How the source is combined with what is there; by default it takes its place. */
  readonly reduce?: "add" | "multiply";
}
const SCATTER_OPTIONS: OptionKeys<ScatterOptions> = { reduce: true };

/**
 * `x` with elements of `source` in their places: `output[i][index[i][j]] = source[i][j]` for a matrix and `dim` 1; the last
 * of equals stays.
 *
 * @param source A number, or a tensor that is not smaller than the index.
 */
export function scatter(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor | number,
  options?: ScatterOptions,
): Tensor {
  checkCall("scatter", arguments, "xdxn.");
  const { reduce } = readOptions("scatter()", options, SCATTER_OPTIONS);
  const axis = normalizeAxis("scatter", dim, x.ndim);
  return called("scatter", [x, index, source], () => {
    const [at, values] = operandsOf("scatter", x, index, source);
    if (reduce === "multiply") return scatterReduce(x, axis, at, values, "prod");
    return x.apply(reduce === "add" ? SCATTER_ADD : SCATTER, { axis }, at, values);
  });
}

/** {@linkcode scatter} in the place of `x`. */
export function scatter_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor | number,
  options?: ScatterOptions,
): Tensor {
  checkCall("scatter_", arguments, "xdxn.");
  const { reduce } = readOptions("scatter_()", options, SCATTER_OPTIONS);
  const axis = normalizeAxis("scatter_", dim, x.ndim);
  return tidySync(() => {
    const [at, values] = operandsOf("scatter_", x, index, source);
    if (reduce === "multiply") return scatterReduce_(x, axis, at, values, "prod");
    return x.applyInto(reduce === "add" ? SCATTER_ADD : SCATTER, { axis }, x, at, values);
  });
}

/** `x` with elements of `source` added: `output[i][index[i][j]] += source[i][j]` for a matrix and `dim` 1. */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
  checkCall("scatterAdd", arguments, "xdxn");
  const axis = normalizeAxis("scatterAdd", dim, x.ndim);
  return called(
    "scatterAdd",
    [x, index, source],
    () => x.apply(SCATTER_ADD, { axis }, ...operandsOf("scatterAdd", x, index, source)),
  );
}

/** {@linkcode scatterAdd} in the place of `x`. */
export function scatterAdd_(x: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
  checkCall("scatterAdd_", arguments, "xdxn");
  const axis = normalizeAxis("scatterAdd_", dim, x.ndim);
  return tidySync(() =>
    x.applyInto(SCATTER_ADD, { axis }, x, ...operandsOf("scatterAdd_", x, index, source))
  );
}
