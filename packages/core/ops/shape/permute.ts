/** Axes in another order. All are views. */
import { type Sizes, sizesOf } from "../../call_forms.ts";
import type { ViewOp } from "../../op.ts";
import { normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface PermuteParams {
  /** Which axis of the input each axis of the output is. */
  readonly axes: readonly number[];
}

const permutation = (name: string): ViewOp<PermuteParams> => ({
  kind: "view",
  name,
  infer: ([x], { axes }) => [{ shape: axes.map((a) => x!.shape[a]!), dtype: x!.dtype }],
  view: ({ shape, strides, offset }, { axes }) => ({
    shape: axes.map((a) => shape[a]!),
    strides: axes.map((a) => strides[a]!),
    offset,
  }),
  vjp: ([g], { params: { axes } }) => [() => {
    const inverse = new Array<number>(axes.length);
    axes.forEach((a, i) => inverse[a] = i);
    return g!.permute(inverse);
  }],
});

const PERMUTE: ViewOp<PermuteParams> = permutation("permute");
const TRANSPOSE: ViewOp<PermuteParams> = permutation("transpose");

/** `x` with its axes in the order `dims`, which names each once. */
export function permute(x: Tensor, ...dims: Sizes): Tensor {
  checkCall("permute", arguments, "x*");
  const order = sizesOf("permute", dims), axes = order.map((d) => normalizeAxis("permute", d, x.ndim));
  if (axes.length !== x.ndim || new Set(axes).size !== axes.length) {
    throw new RangeError(
      `Cannot apply permute() as dims must name each of ${x.ndim} axes once: current dims are ${
        showShape(order)
      }`,
    );
  }
  return x.apply(PERMUTE, { axes });
}

/** `x` with axes `dim0` and `dim1` exchanged. */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  checkCall("transpose", arguments, "xdd");
  const [a, b] = [normalizeAxis("transpose", dim0, x.ndim), normalizeAxis("transpose", dim1, x.ndim)];
  const axes = x.shape.map((_, i) => i === a ? b : i === b ? a : i);
  return x.apply(TRANSPOSE, { axes });
}

/** The transpose of a matrix; a vector or scalar is left as it is. */
export function t(x: Tensor): Tensor {
  checkCall("t", arguments, "x");
  if (x.ndim > 2) {
    throw new RangeError(
      `Cannot apply t() as there must be at most 2 axes: current shape is ${showShape(x.shape)}`,
    );
  }
  return x.ndim < 2 ? x.alias() : transpose(x, 0, 1);
}

/** `x` with the axes `source` at the places `destination`, the others in their order. */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  checkCall("movedim", arguments, "x..");
  const places = (dims: number | readonly number[]) =>
    [dims].flat().map((d: number) => normalizeAxis("movedim", d, x.ndim));
  const from = places(source), to = places(destination);
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new RangeError(
      `Cannot apply movedim() as source and destination must name equally many axes, each once: ` +
        `current dims are ${showShape(from)} and ${showShape(to)}`,
    );
  }
  if (x.ndim === 0) return x.alias();
  const others = x.shape.map((_, i) => i).filter((i) => !from.includes(i));
  return permute(x, x.shape.map((_, i) => to.includes(i) ? from[to.indexOf(i)]! : others.shift()!));
}

/** {@linkcode movedim}, as NumPy calls it. */
export function moveaxis(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  checkCall("moveaxis", arguments, "x..");
  return movedim(x, source, destination);
}

/** {@linkcode transpose}, as NumPy calls it. */
export function swapaxes(x: Tensor, axis0: number, axis1: number): Tensor {
  checkCall("swapaxes", arguments, "xdd");
  return transpose(x, axis0, axis1);
}

/** {@linkcode transpose}: two axes exchanged. */
export function swapdims(x: Tensor, dim0: number, dim1: number): Tensor {
  checkCall("swapdims", arguments, "xdd");
  return transpose(x, dim0, dim1);
}

/** Matrices transposed: the last two axes of `x` exchanged. A tensor without axes is left as it is. */
export function adjoint(x: Tensor): Tensor {
  checkCall("adjoint", arguments, "x");
  if (x.ndim === 1) {
    throw new RangeError(
      `Cannot apply adjoint() as there must be matrices: current shape is ${showShape(x.shape)}`,
    );
  }
  return x.ndim === 0 ? x.alias() : transpose(x, -2, -1);
}
