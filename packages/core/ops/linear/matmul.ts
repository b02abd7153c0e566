/** Products of matrices and vectors. */
import { checkTensors } from "../../tensor/check_tensors.ts";
import type { TensorSpec } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { broadcastShapes, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { checkTypes } from "../base/check_types.ts";
import { BMM, MM, PLAIN, type ProductParams } from "./product.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Refuses operands that no product is defined for. */
export function checkProduct(
  op: string,
  a: TensorSpec,
  b: TensorSpec,
  wanted: string,
  fits: boolean,
): void {
  if (!fits) {
    throw new RangeError(
      `Cannot apply ${op}() as shapes must be ${wanted}: current shapes are ` +
        `${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  checkTypes(op, a.dtype, b.dtype);
}

/**
 * The product of matrices, vectors or batches of matrices, as PyTorch has it:
 *
 * - vector by vector: the sum of products, a scalar
 * - matrix by matrix `[m, k]` by `[k, n]`: `[m, n]`
 * - a vector is a row on the left and a column on the right, and its axis is gone from the result
 * - more axes count matrices, and broadcast: `[..., m, k]` by `[..., k, n]` gives `[..., m, n]`
 *
 * @throws {RangeError} If the inner extents differ or the leading axes do not broadcast.
 * @throws {TypeError} If the dtypes differ.
 *
 * @example Matrix by vector
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, matmul, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(matmul(a, tensor([1, 10], { device })).tolist(), [21, 43]);
 * ```
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkCall("matmul", arguments, "xx");
  if (a?.device !== b?.device || a === undefined) checkTensors("matmul", [a, b]);
  const k = a.shape.at(-1), rows = b.ndim === 1 ? b.shape[0] : b.shape.at(-2);
  checkProduct("matmul", a, b, matmulWants(a, b), k !== undefined && rows !== undefined && k === rows);
  if (a.ndim === 2 && b.ndim === 2) return a.apply(MM, PLAIN, b);
  if (a.ndim === 1 || b.ndim === 1) return byVector(a, b, k!);
  if (b.ndim === 2) {
    const lead = a.shape.slice(0, -1);
    return called("matmul", [a, b], () => {
      const rows = a.reshape([sizeOf(lead), k!]);
      const y = rows.apply(MM, PLAIN, b);
      return y.reshape([...lead, b.shape[1]!]);
    });
  }
  return byBatches(a, b, PLAIN);
}

/** Products of matrices whose leading axes broadcast. */
function byBatches(a: Tensor, b: Tensor, params: ProductParams): Tensor {
  const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  return tidySync(() => {
    const left = a.expand([...batch, ...a.shape.slice(-2)]);
    const right = b.expand([...batch, ...b.shape.slice(-2)]);
    return left.apply(BMM, params, right);
  });
}

/**
 * {@linkcode matmul} of matrices, one or many, times `scale`, in one kernel; if `causal`, with -Infinity right of the diagonal,
 * for a softmax alone: see {@linkcode ProductParams.causal}.
 */
export function scaledMatmul(a: Tensor, b: Tensor, scale: number, causal: boolean): Tensor {
  const fits = a.ndim >= 2 && b.ndim >= 2 && a.shape.at(-1) === b.shape.at(-2);
  const scaled = { ...PLAIN, scale, causal };
  checkProduct("matmul", a, b, "[..., m, k] and [..., k, n]", fits);
  return a.ndim === 2 && b.ndim === 2 ? a.apply(MM, scaled, b) : byBatches(a, b, scaled);
}

/** A vector is a row on the left and a column on the right. */
function byVector(a: Tensor, b: Tensor, k: number): Tensor {
  return tidySync(() => {
    const row = a.ndim === 1 ? a.reshape([1, k]) : a.alias();
    const column = b.ndim === 1 ? b.reshape([k, 1]) : b.alias();
    const y = matmul(row, column);
    const { shape } = y, last = shape.length - 1;
    return y.reshape(
      shape.filter((_, i) => !(a.ndim === 1 && i === last - 1) && !(b.ndim === 1 && i === last)),
    );
  });
}

function matmulWants(a: Tensor, b: Tensor): string {
  if (a.ndim === 0 || b.ndim === 0) return "those of vectors or matrices";
  const left = a.ndim === 1 ? "[k]" : a.ndim === 2 ? "[m, k]" : "[..., m, k]";
  const right = b.ndim === 1 ? "[k]" : b.ndim === 2 ? "[k, n]" : "[..., k, n]";
  return `${left} and ${right}`;
}

/** The product of two matrices: `[m, k]` by `[k, n]`. See {@linkcode matmul} for all else. */
export function mm(a: Tensor, b: Tensor): Tensor {
  checkCall("mm", arguments, "xx");
  if (a?.device !== b?.device || a === undefined) checkTensors("mm", [a, b]);
  const fits = a.ndim === 2 && b.ndim === 2 && a.shape[1] === b.shape[0];
  checkProduct("mm", a, b, "[m, k] and [k, n]", fits);
  return a.apply(MM, PLAIN, b);
}

/** The products of matrices one by one: `[b, m, k]` by `[b, k, n]`. */
export function bmm(a: Tensor, b: Tensor): Tensor {
  checkCall("bmm", arguments, "xx");
  if (a?.device !== b?.device || a === undefined) checkTensors("bmm", [a, b]);
  const fits = a.ndim === 3 && b.ndim === 3 && a.shape[0] === b.shape[0] && a.shape[2] === b.shape[1];
  checkProduct("bmm", a, b, "[b, m, k] and [b, k, n]", fits);
  return a.apply(BMM, PLAIN, b);
}

/** The product of a matrix `[m, k]` and a vector `[k]`: `[m]`. */
export function mv(a: Tensor, v: Tensor): Tensor {
  checkCall("mv", arguments, "xx");
  if (a?.device !== v?.device || a === undefined) checkTensors("mv", [a, v]);
  checkProduct("mv", a, v, "[m, k] and [k]", a.ndim === 2 && v.ndim === 1 && a.shape[1] === v.shape[0]);
  return matmul(a, v);
}

/** The sum of the products of two vectors of one length, a scalar. */
export function dot(a: Tensor, b: Tensor): Tensor {
  checkCall("dot", arguments, "xx");
  if (a?.device !== b?.device || a === undefined) checkTensors("dot", [a, b]);
  checkProduct("dot", a, b, "[k] and [k]", a.ndim === 1 && b.ndim === 1 && a.shape[0] === b.shape[0]);
  return matmul(a, b);
}

/** All products of an element of `[m]` and one of `[n]`: `[m, n]`. */
export function outer(a: Tensor, b: Tensor): Tensor {
  checkCall("outer", arguments, "xx");
  if (a?.device !== b?.device || a === undefined) checkTensors("outer", [a, b]);
  if (a.ndim !== 1 || b.ndim !== 1) {
    throw new RangeError(
      `Cannot apply outer() as shapes must be [m] and [n]: current shapes are ${showShape(a.shape)} and ` +
        showShape(b.shape),
    );
  }
  return called("outer", [a, b], () => a.reshape([a.numel(), 1]).mul(b));
}
