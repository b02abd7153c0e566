/** Elements taken from positions that another tensor names. */
import type { Layout } from "../../layout.ts";
import type { CompositeOp, KernelOp, TensorSpec } from "../../op.ts";
import { broadcastShapes, normalizeAxis, type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { asIndices, notIndices, wrapped } from "../base/indices.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface AxisParams {
  readonly axis: number;
}

/** Refuses an index that {@linkcode gather} and `scatter` cannot go by. */
export function checkIndex(op: string, x: TensorSpec, index: TensorSpec, axis: number): void {
  if (index.dtype !== "int32" && index.dtype !== "int64") throw notIndices(op, "index", index.dtype);
  const fits = index.shape.length === x.shape.length &&
    index.shape.every((n, i) => i === axis || n <= x.shape[i]!);
  if (!fits) {
    throw new RangeError(
      `Cannot apply ${op}() as the index must have as many axes as the tensor and, but for axis ${axis}, not exceed it: ` +
        `current shapes are ${showShape(index.shape)} and ${showShape(x.shape)}`,
    );
  }
}

const GATHER: KernelOp<AxisParams> = {
  kind: "kernel",
  name: "gather",
  infer([x, index], { axis }) {
    checkIndex("gather", x!, index!, axis);
    return [{ shape: index!.shape, dtype: x!.dtype }];
  },
  kernel: (_inputs, _outputs, { axis }) => ({ kernel: "gather", axis }),
  saves: () => ({ inputs: [1] }),
  vjp: ([g], saved) => [
    () => addedAt(g!, saved.params.axis, saved.spec(0).shape, saved.input(1)),
    null,
  ],
};

/** x and an index of one axis, which is repeated over the others, to parts of x. */
const INDEX_SELECT: KernelOp<AxisParams> = {
  kind: "kernel",
  name: "indexSelect",
  infer([x, index], { axis }) {
    if (index!.dtype !== "int32" && index!.dtype !== "int64") {
      throw notIndices("indexSelect", "index", index!.dtype);
    }
    return [{ shape: withCount(x!.shape, axis, index!), dtype: x!.dtype }];
  },
  kernel: (_inputs, _outputs, { axis }) => ({ kernel: "gather", axis }),
  arrange: ([x, index], { axis }) => ({
    inputs: [x!, laidAlong(index!, axis, x!.shape)],
    output: null,
  }),
  saves: () => ({ inputs: [1] }),
  vjp: ([g], saved) => [() => {
    const { axis } = saved.params, at = spread("indexSelect", saved.input(1), axis, g!.shape);
    return addedAt(g!, axis, saved.spec(0).shape, at);
  }, null],
};

/** `shape` with as many places along `axis` as the index has elements. */
function withCount(shape: Shape, axis: number, index: TensorSpec): number[] {
  const full = [...shape];
  full[axis] = index.shape.length === 0 ? 1 : index.shape[0]!;
  return full;
}

/** The layout of a vector of positions along `axis` that is repeated over the other axes of `shape`. */
function laidAlong(index: Layout & TensorSpec, axis: number, shape: Shape): Layout {
  const full = withCount(shape, axis, index), strides = new Array<number>(full.length).fill(0);
  strides[axis] = index.strides[0] ?? 0;
  return { shape: full, strides, offset: index.offset };
}

/** The adjoint of gather. */
const GATHER_BACKWARD: CompositeOp<AxisParams & { readonly shape: Shape }> = {
  kind: "composite",
  name: "gatherBackward",
  infer: ([g], { shape }) => [{ shape, dtype: g!.dtype }],
  composite: ([g, index], { axis, shape }) => g!.newEmpty(shape).zero_().scatterAdd_(axis, index!, g!),
  saves: () => ({ inputs: [1] }),
  vjp: ([g], saved) => [() => g!.gather(saved.params.axis, saved.input(1)), null],
};

/** Zeros of `shape` with the elements of `g` added at the positions `index` along `axis`. */
export function addedAt(g: Tensor, axis: number, shape: Shape, index: Tensor): Tensor {
  return g.apply(GATHER_BACKWARD, { axis, shape }, index);
}

/**
 * Elements of `x` at the positions `index` along `dim`:
 * `output[i][j] = x[i][index[i][j]]` for a matrix and `dim` 1.
 *
 * @param index Integers, of the shape of the result; with as many axes as `x`, which it does not exceed but along `dim`.
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  checkCall("gather", arguments, "xdx");
  const axis = normalizeAxis("gather", dim, x.ndim);
  if (x.ndim === 0) {
    return called(
      "gather",
      [x, index],
      () => gather(x.reshape([1]), 0, index.reshape([-1])).reshape(index.shape),
    );
  }
  if (index.dtype === "uint8") {
    return called("gather", [x, index], () => gather(x, dim, asIndices("gather", "index", index)));
  }
  return x.apply(GATHER, { axis }, index);
}

/** Refuses an index of several axes. */
export function checkVector(op: string, index: Tensor): void {
  if (index.ndim > 1) {
    throw new RangeError(
      `Cannot apply ${op}() as the index must have at most 1 axis: ` +
        `current shape is ${showShape(index.shape)}`,
    );
  }
}

/** A vector of positions along `axis`, repeated over the other axes of `shape`. */
export function spread(op: string, index: Tensor, axis: number, shape: Shape): Tensor {
  checkVector(op, index);
  const count = shape[axis] ?? 1;
  if (index.numel() !== count) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be an index for each of ${count} parts along axis ${axis}: ` +
        `current shape of the index is ${showShape(index.shape)}`,
    );
  }
  return laidOver(index, axis, shape.length === 0 ? shape : shape.with(axis, count));
}

/** A vector of positions along `axis`, repeated over the other axes of `shape`, without a copy. */
export function laidOver(index: Tensor, axis: number, shape: Shape): Tensor {
  return index.reshape(shape.map((n, i) => i === axis ? n : 1)).expand(shape);
}

/** The parts of `x` at the positions `index` (integers, one axis) of axis `dim`. */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  checkCall("indexSelect", arguments, "xdx");
  const axis = normalizeAxis("indexSelect", dim, x.ndim);
  if (x.ndim === 0) {
    return called("indexSelect", [x, index], () => indexSelect(x.reshape([1]), 0, index).reshape([]));
  }
  checkVector("indexSelect", index);
  if (index.dtype !== "uint8") return x.apply(INDEX_SELECT, { axis }, index);
  return called(
    "indexSelect",
    [x, index],
    () => x.apply(INDEX_SELECT, { axis }, asIndices("indexSelect", "index", index)),
  );
}

/**
 * {@linkcode gather} where the other axes of `x` and `index` broadcast, and negative positions count from the end; `x` and
 * `index` as one row each if no `dim` is given.
 */
export function takeAlongDim(x: Tensor, index: Tensor, dim?: number): Tensor {
  checkCall("takeAlongDim", arguments, "xxD");
  if (dim === undefined) {
    return called("takeAlongDim", [x, index], () => takeAlongDim(x.reshape([-1]), index.reshape([-1]), 0));
  }
  const axis = normalizeAxis("takeAlongDim", dim, x.ndim);
  if (x.ndim !== index.ndim || x.ndim === 0) {
    throw new RangeError(
      `Cannot apply takeAlongDim() as both tensors must have equally many axes: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(index.shape)}`,
    );
  }
  const around = broadcastShapes("takeAlongDim", x.shape.with(axis, 1), index.shape.with(axis, 1));
  const wide = (t: Tensor) => t.expand(around.with(axis, t.shape[axis]!));
  return called(
    "takeAlongDim",
    [x, index],
    () => gather(wide(x), axis, wide(wrapped("takeAlongDim", index, x.shape[axis]!))),
  );
}
