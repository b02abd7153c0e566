/** Tensors joined side by side, as NumPy names the ways. */
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { cat } from "./cat.ts";
import { reshape } from "./reshape.ts";
import { upload } from "../base/upload.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** The shape of a tensor with at least so many axes; a matrix in three axes is one of depth 1. */
function withAxes(shape: readonly number[], least: 1 | 2 | 3): readonly number[] {
  if (shape.length >= least) return shape;
  if (shape.length === 0) return new Array<number>(least).fill(1);
  if (least === 2) return [1, ...shape];
  return shape.length === 1 ? [1, ...shape, 1] : [...shape, 1];
}

const atLeast = (x: Tensor, least: 1 | 2 | 3): Tensor =>
  x.ndim >= least ? x.alias() : reshape(x, withAxes(x.shape, least));

/** `x` with at least one axis: a view. */
export function atleast1d(x: Tensor): Tensor;
/** {@linkcode atleast1d} of each of `tensors`. */
export function atleast1d(tensors: readonly Tensor[]): Tensor[];
export function atleast1d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  checkCall("atleast1d", arguments, "m");
  return "dtype" in x ? atLeast(x, 1) : x.map((t) => atLeast(t, 1));
}

/** `x` with at least two axes: a view, in which a vector is a row. */
export function atleast2d(x: Tensor): Tensor;
/** {@linkcode atleast2d} of each of `tensors`. */
export function atleast2d(tensors: readonly Tensor[]): Tensor[];
export function atleast2d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  checkCall("atleast2d", arguments, "m");
  return "dtype" in x ? atLeast(x, 2) : x.map((t) => atLeast(t, 2));
}

/** `x` with at least three axes: a view, [n] as [1, n, 1] and [m, n] as [m, n, 1]. */
export function atleast3d(x: Tensor): Tensor;
/** {@linkcode atleast3d} of each of `tensors`. */
export function atleast3d(tensors: readonly Tensor[]): Tensor[];
export function atleast3d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  checkCall("atleast3d", arguments, "m");
  return "dtype" in x ? atLeast(x, 3) : x.map((t) => atLeast(t, 3));
}

/** Refuses to join nothing, in the name of the function that was called. */
function checkSome(op: string, tensors: readonly Tensor[]): void {
  if (tensors.length === 0) {
    throw new RangeError(`Cannot apply ${op}() as there must be a tensor: current list is empty`);
  }
}

/** Tensors joined along their second axis, vectors along their only one. */
export function hstack(tensors: readonly Tensor[]): Tensor {
  checkCall("hstack", arguments, "l");
  checkSome("hstack", tensors);
  return called("hstack", [...tensors], () => {
    const wide = atleast1d(tensors);
    return cat(wide, wide[0]!.ndim === 1 ? 0 : 1);
  });
}

/** Tensors joined along their first axis, vectors as rows. */
export function vstack(tensors: readonly Tensor[]): Tensor {
  checkCall("vstack", arguments, "l");
  checkSome("vstack", tensors);
  return called("vstack", [...tensors], () => cat(atleast2d(tensors), 0));
}

/** Tensors joined along their third axis, with axes as {@linkcode atleast3d} gives them. */
export function dstack(tensors: readonly Tensor[]): Tensor {
  checkCall("dstack", arguments, "l");
  checkSome("dstack", tensors);
  return called("dstack", [...tensors], () => cat(atleast3d(tensors), 2));
}

/** Tensors joined along their second axis, vectors as columns. */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  checkCall("columnStack", arguments, "l");
  checkSome("columnStack", tensors);
  return called(
    "columnStack",
    [...tensors],
    () => cat(tensors.map((x) => x.ndim < 2 ? x.reshape([x.numel(), 1]) : x), 1),
  );
}

/**
 * All combinations of an element of each of `tensors` (vectors), a row for each: the last varies fastest.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cartesianProd, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2], { device });
 * assertEquals(cartesianProd([x, x.mul(10)]).tolist(), [[1, 10], [1, 20], [2, 10], [2, 20]]);
 * ```
 */
export function cartesianProd(tensors: readonly Tensor[]): Tensor {
  checkCall("cartesianProd", arguments, "l");
  checkSome("cartesianProd", tensors);
  for (const x of tensors) checkVector("cartesianProd", x);
  if (tensors.length === 1) return tensors[0]!.alias();
  const shape = tensors.map((x) => x.numel());
  return called("cartesianProd", [...tensors], () => {
    const columns = tensors.map((x, i) => x.reshape(shape.map((n, j) => i === j ? n : 1)).expand(shape));
    return cat(columns.map((x) => x.reshape([-1, 1])), 1);
  });
}

/** Options of {@linkcode combinations}. */
export interface CombinationsOptions {
  /** How many elements are chosen; 2 by default. */
  readonly r?: number;
  /** Whether an element may be chosen again; false by default. */
  readonly withReplacement?: boolean;
}
const COMBINATIONS_OPTIONS: OptionKeys<CombinationsOptions> = { r: true, withReplacement: true };

/**
 * All choices of `r` elements of a vector in their order, a row for each.
 *
 * @example Pairs
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { combinations, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(combinations(tensor([1, 2, 3], { device })).tolist(), [[1, 2], [1, 3], [2, 3]]);
 * ```
 */
export function combinations(
  x: Tensor,
  options?: CombinationsOptions,
): Tensor {
  checkCall("combinations", arguments, "x.");
  const { r = 2, withReplacement = false } = readOptions("combinations()", options, COMBINATIONS_OPTIONS);
  checkVector("combinations", x);
  if (x.ndim !== 1 || !Number.isInteger(r) || r < 0) {
    throw new RangeError(
      `Cannot apply combinations() as there must be a vector and a whole number of elements to choose: ` +
        `current shape is ${showShape(x.shape)}, r is ${r}`,
    );
  }
  if (r === 0) return x.newEmpty([0]);
  const rows: number[] = [], chosen: number[] = [];
  choose(0);
  return called("combinations", [x], () => {
    const index = upload(x, Int32Array.from(rows), [rows.length], "int32");
    return x.indexSelect(0, index).reshape([rows.length / r, r]);
  });

  function choose(from: number): void {
    if (chosen.length === r) return void rows.push(...chosen);
    for (let i = from; i < x.numel(); i++) {
      chosen.push(i);
      choose(withReplacement ? i : i + 1);
      chosen.pop();
    }
  }
}

function checkVector(op: string, x: Tensor): void {
  if (x.ndim > 1) {
    throw new RangeError(
      `Cannot apply ${op}() as tensors must be vectors: current shape is ${showShape(x.shape)}`,
    );
  }
}
