/** Tensors joined. */
import type { DimOr } from "../../dim_then.ts";
import type { CompositeOp, TensorSpec } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis, sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { promoteSpecs } from "../base/elementwise.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface CatParams {
  readonly axis: number;
  /** What each input fills of the axis. */
  readonly extents: readonly number[];
}

const CAT: CompositeOp<CatParams> = {
  kind: "composite",
  name: "cat",
  infer(inputs, { axis, extents }) {
    const [first] = inputs as [TensorSpec];
    for (const { shape } of inputs) {
      const fits = shape.length === first.shape.length &&
        shape.every((n, i) => i === axis || n === first.shape[i]);
      if (!fits || shape.length === 0) {
        throw new RangeError(
          `Cannot apply cat() as shapes must be equal but for axis ${axis}: ` +
            `current shapes are ${inputs.map((x) => showShape(x.shape)).join(", ")}`,
        );
      }
    }
    return [{
      shape: first.shape.with(axis, extents.reduce((a, n) => a + n, 0)),
      dtype: promoteSpecs(inputs),
    }];
  },
  composite(inputs, params) {
    const [{ shape, dtype }] = CAT.infer(inputs, params) as [TensorSpec];
    const output = inputs[0]!.newEmpty(shape, dtype);
    let start = 0;
    inputs.forEach((x, i) => {
      const extent = params.extents[i]!;
      output.narrow(params.axis, start, extent).copy_(x);
      start += extent;
    });
    return output;
  },
  vjp([g], { params: { axis, extents } }) {
    let end = 0;
    return extents.map((extent) => {
      const start = end;
      end += extent;
      return () => g!.narrow(axis, start, extent);
    });
  },
};

/**
 * Tensors joined behind one another along `dim`; their other extents are equal, their types promote. A tensor of shape [0]
 * is skipped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cat, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(cat([x, x.mul(10)], 1).tolist(), [[1, 2, 10, 20], [3, 4, 30, 40]]);
 * ```
 */
export function cat(tensors: readonly Tensor[], dim: DimOr<number> = 0): Tensor {
  checkCall("cat", arguments, "l.");
  const [first, ...rest] = tensors;
  if (first === undefined) {
    throw new RangeError("Cannot apply cat() as there must be a tensor: current list is empty");
  }
  if (tensors.some(isLegacyEmpty) && tensors.some((x) => x.ndim !== 1)) return catSkipping(tensors, dim);
  const axis = normalizeAxis("cat", dim, first.ndim);
  return first.apply(CAT, { axis, extents: tensors.map((x) => x.shape[axis] ?? 0) }, ...rest);
}

/** A tensor of shape [0], which programs from before there were empty tensors of other shapes begin a list with. */
const isLegacyEmpty = (x: Tensor): boolean => x.ndim === 1 && x.shape[0] === 0;

/** {@linkcode cat} of those that are not of shape [0]; the dtype is that of all. */
function catSkipping(tensors: readonly Tensor[], dim: DimOr<number>): Tensor {
  const dtype = promoteSpecs(tensors);
  return tidySync(() => cat(tensors.filter((x) => !isLegacyEmpty(x)).map((x) => x.to(dtype)), dim));
}

/** Tensors of one shape joined along a new axis `dim`. */
export function stack(tensors: readonly Tensor[], dim: DimOr<number> = 0): Tensor {
  checkCall("stack", arguments, "l.");
  const [first] = tensors;
  if (first === undefined) {
    throw new RangeError("Cannot apply stack() as there must be a tensor: current list is empty");
  }
  for (const x of tensors) {
    if (!sameShape(x.shape, first.shape)) {
      throw new RangeError(
        `Cannot apply stack() as shapes must be equal: ` +
          `current shapes are ${showShape(first.shape)} and ${showShape(x.shape)}`,
      );
    }
  }
  const axis = normalizeAxis("stack", dim, first.ndim + 1);
  return called("stack", [...tensors], () => cat(tensors.map((x) => x.unsqueeze(axis)), axis));
}
