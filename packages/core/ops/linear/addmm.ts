/** Products of matrices and vectors with something added to them. */
import { type Body, body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import type { Tensor } from "../../tensor.ts";
import { checkTypes } from "../base/check_types.ts";
import { resultInPlaceOf } from "../base/in_place_of.ts";
import { checkProduct } from "./matmul.ts";
import { BMM, crosswise, MM, PRODUCT_AND_SUM, type ProductParams } from "./product.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Factors of the product and of what is added: nothing where both are 1. */
interface WeightedParams {
  readonly scalars: readonly number[];
}

// A factor of 0 leaves out what is added, NaN and infinities too.
const WEIGHTED_SUM: Body = body(
  e.add(
    e.mul(e.scalar(0), e.input(0)),
    e.where(e.equal(e.scalar(1), 0), 0, e.mul(e.scalar(1), e.input(1))),
  ),
);

/** [..., m, k] by [..., k, n], plus [..., m, n], in one kernel. */
function weightedSum(name: string, product: KernelOp<ProductParams>): KernelOp<WeightedParams> {
  return {
    kind: "kernel",
    name,
    infer: ([a, b]) => [{ shape: [...a!.shape.slice(0, -1), b!.shape.at(-1)!], dtype: a!.dtype }],
    kernel: (_inputs, _outputs, { scalars }) =>
      scalars.length === 0 ? PRODUCT_AND_SUM : { kernel: "matmul", epilogue: WEIGHTED_SUM, scalars },
    saves: crosswise,
    vjp: ([g], saved) => {
      const [alpha = 1, beta = 1] = saved.params.scalars;
      const times = (x: Tensor, factor: number) => factor === 1 ? x : x.mul(factor);
      return [
        () => times(g!.apply(product, { left: false, right: true }, saved.input(1)), alpha),
        () => times(saved.input(0).apply(product, { left: true, right: false }, g!), alpha),
        () => beta === 0 ? g!.newZeros(g!.shape) : times(g!, beta),
      ];
    },
  };
}

const ADDMM: KernelOp<WeightedParams> = weightedSum("addmm", MM);
const BADDBMM: KernelOp<WeightedParams> = weightedSum("baddbmm", BMM);

/** Options of {@linkcode addmm}, {@linkcode addmv}, {@linkcode addr}, {@linkcode baddbmm} and {@linkcode addbmm}. */
export interface AddmmOptions {
  /** Factor of the sum's first part, which is not read if this is 0; 1 by default. */
  readonly beta?: number;
  /** Factor of the product; 1 by default. */
  readonly alpha?: number;
}
const ADDMM_OPTIONS: OptionKeys<AddmmOptions> = { beta: true, alpha: true };

const scalarsOf = ({ beta = 1, alpha = 1 }: AddmmOptions): readonly number[] =>
  alpha === 1 && beta === 1 ? [] : [alpha, beta];

/** `beta * x + alpha * (a @ b)` in one kernel: `[m, k]` by `[k, n]`, and `x` broadcast to `[m, n]`. */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("addmm", arguments, "xxx.");
  options = readOptions("addmm()", options, ADDMM_OPTIONS);
  const fits = a.ndim === 2 && b.ndim === 2 && a.shape[1] === b.shape[0];
  checkProduct("addmm", a, b, "[m, k] and [k, n]", fits);
  checkTypes("addmm", a.dtype, x.dtype);
  return called("addmm", [x, a, b], () => {
    const start = x.expand([a.shape[0]!, b.shape[1]!]);
    return a.apply(ADDMM, { scalars: scalarsOf(options) }, b, start);
  });
}

/**
 * `beta * x + alpha * (a @ b)` for batches of matrices, in one kernel: `[n, m, k]` by `[n, k, p]`, and `x` broadcast to
 * `[n, m, p]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { baddbmm, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = tensor([[[1, 2]]], { device }), b = tensor([[[3], [4]]], { device });
 * assertEquals(baddbmm(tensor([10], { device }), a, b, { alpha: 2 }).tolist(), [[[32]]]);
 * ```
 */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("baddbmm", arguments, "xxx.");
  options = readOptions("baddbmm()", options, ADDMM_OPTIONS);
  checkBatches("baddbmm", a, b);
  checkTypes("baddbmm", a.dtype, x.dtype);
  return called("baddbmm", [x, a, b], () => {
    const start = x.expand([a.shape[0]!, a.shape[1]!, b.shape[2]!]);
    return a.apply(BADDBMM, { scalars: scalarsOf(options) }, b, start);
  });
}

/** `beta * x + alpha * sum_i (a_i @ b_i)` in one kernel: `[n, m, k]` by `[n, k, p]`, and `x` broadcast to `[m, p]`. */
export function addbmm(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("addbmm", arguments, "xxx.");
  options = readOptions("addbmm()", options, ADDMM_OPTIONS);
  checkBatches("addbmm", a, b);
  const [n, m, k] = a.shape as [number, number, number];
  // The sum over the batch is one over longer rows.
  return called("addbmm", [x, a, b], () => {
    const rows = a.transpose(0, 1).reshape([m, n * k]);
    return addmm(x, rows, b.reshape([n * k, b.shape[2]!]), options);
  });
}

function checkBatches(op: string, a: Tensor, b: Tensor): void {
  const fits = a.ndim === 3 && b.ndim === 3 && a.shape[0] === b.shape[0] && a.shape[2] === b.shape[1];
  checkProduct(op, a, b, "[n, m, k] and [n, k, p]", fits);
}

/** `beta * x + alpha * (a @ v)` in one kernel: `[m, k]` by `[k]`, and `x` broadcast to `[m]`. */
export function addmv(x: Tensor, a: Tensor, v: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("addmv", arguments, "xxx.");
  options = readOptions("addmv()", options, ADDMM_OPTIONS);
  checkProduct("addmv", a, v, "[m, k] and [k]", a.ndim === 2 && v.ndim === 1 && a.shape[1] === v.shape[0]);
  return called("addmv", [x, a, v], () => {
    const column = x.expand([a.shape[0]!]).unsqueeze(1);
    return addmm(column, a, v.unsqueeze(1), options).squeeze(1);
  });
}

/** `beta * x + alpha * outer(a, b)` in one kernel: `[m]` by `[n]`, and `x` broadcast to `[m, n]`. */
export function addr(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("addr", arguments, "xxx.");
  options = readOptions("addr()", options, ADDMM_OPTIONS);
  checkProduct("addr", a, b, "[m] and [n]", a.ndim === 1 && b.ndim === 1);
  return called("addr", [x, a, b], () => addmm(x, a.unsqueeze(1), b.unsqueeze(0), options));
}

/** {@linkcode addmm} in the place of `x`. */
export function addmm_(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("addmm_", arguments, "xxx.");
  options = readOptions("addmm_()", options, ADDMM_OPTIONS);
  return resultInPlaceOf("addmm", x, (start) => addmm(start, a, b, options));
}

/** {@linkcode baddbmm} in the place of `x`. */
export function baddbmm_(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("baddbmm_", arguments, "xxx.");
  options = readOptions("baddbmm_()", options, ADDMM_OPTIONS);
  return resultInPlaceOf("baddbmm", x, (start) => baddbmm(start, a, b, options));
}

/** {@linkcode addbmm} in the place of `x`. */
export function addbmm_(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("addbmm_", arguments, "xxx.");
  options = readOptions("addbmm_()", options, ADDMM_OPTIONS);
  return resultInPlaceOf("addbmm", x, (start) => addbmm(start, a, b, options));
}

/** {@linkcode addmv} in the place of `x`. */
export function addmv_(x: Tensor, a: Tensor, v: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("addmv_", arguments, "xxx.");
  options = readOptions("addmv_()", options, ADDMM_OPTIONS);
  return resultInPlaceOf("addmv", x, (start) => addmv(start, a, v, options));
}

/** {@linkcode addr} in the place of `x`. */
export function addr_(x: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
  checkCall("addr_", arguments, "xxx.");
  options = readOptions("addr_()", options, ADDMM_OPTIONS);
  return resultInPlaceOf("addr", x, (start) => addr(start, a, b, options));
}
