/** Finding, counting and marking elements. Results whose size depends on the data wait for the device: they are read back. */
import * as e from "../expr/expr.ts";
import { isFloating } from "../dtype.ts";
import { tidySync } from "../scope.ts";
import { broadcastShapes, sameShape, type Shape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { cat } from "./cat.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "./elementwise.ts";

/** Positions of what is not 0, in row-major order. Reads back. */
function positionsOf(x: Tensor): number[] {
  const found: number[] = [];
  const marks = x.dtype === "bool" ? x.dataSync() : tidySync(() => x.ne(0).dataSync());
  marks.forEach((value, i) => {
    if (value !== 0) found.push(i);
  });
  return found;
}

/** Numbers of the host on the device of `x`. */
function upload(x: Tensor, data: Int32Array, shape: Shape): Tensor {
  const t = x.newEmpty(shape, "int32");
  x.device.write(t.storage, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return t;
}

/** Positions of the elements that are not 0, one a row: int32 [count, axes]. Waits for the device. */
export function nonzero(x: Tensor): Tensor {
  const flat = positionsOf(x), { shape, ndim } = x;
  const rows = new Int32Array(flat.length * ndim);
  flat.forEach((at, row) => {
    for (let axis = ndim - 1, rest = at; axis >= 0; axis--) {
      rows[row * ndim + axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
  });
  return upload(x, rows, [flat.length, ndim]);
}

/** The elements of `x` where `mask` is not 0, in a row; shapes broadcast. Waits for the device. */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  return tidySync(() => {
    const whole = mask.expand(shape);
    const flat = Int32Array.from(positionsOf(whole));
    const wide = x.expand(shape), line = wide.reshape([-1]), at = upload(x, flat, [flat.length]);
    return line.indexSelect(0, at);
  });
}

/** What {@linkcode uniqueAll} gives. */
export interface UniqueResult {
  /** The different elements, sorted. */
  readonly values: Tensor;
  /** For each element which of `values` it is: int32, of the shape of `x`. */
  readonly inverse: Tensor;
  /** How often each of `values` occurs, as int32. */
  readonly counts: Tensor;
}

/** The different elements of `x`, sorted. Waits for the device. */
export function unique(x: Tensor): Tensor {
  return tidySync(() => uniqueAll(x).values);
}

/** The different elements of `x`, where they are and how many. Waits for the device. */
export function uniqueAll(x: Tensor): UniqueResult {
  const [values, inverse, counts] = tidySync(() => {
    const { values, indices } = x.detach().reshape([-1]).sort();
    const n = values.numel;
    // Where a run of equals begins.
    const first = n === 0 ? values.ne(0) : cat([
      values.newEmpty([1], "bool").fill_(1),
      values.narrow(0, 1, n - 1).ne(values.narrow(0, 0, n - 1)),
    ]);
    const group = first.cumsum(0).sub(1);
    const inverse = group.newEmpty([n]).scatter_(0, indices, group).reshape(x.shape);
    return [maskedSelect(values, first), inverse, bincount(group)];
  }) as [Tensor, Tensor, Tensor];
  return { values, inverse, counts };
}

/** Options of {@linkcode bincount}. */
export interface BincountOptions {
  /** What each element counts for; 1 by default. */
  readonly weights?: Tensor;
  /** The least length of the result; 0 by default. */
  readonly minlength?: number;
}

/** How often each whole number from 0 on occurs in the vector `x`: int32, or of the dtype of the weights. Waits for the device. */
export function bincount(x: Tensor, { weights, minlength = 0 }: BincountOptions = {}): Tensor {
  if (x.ndim !== 1 || isFloating(x.dtype)) {
    throw new TypeError(
      `Cannot apply bincount() as there must be a vector of integers: ` +
        `current shape is ${showShape(x.shape)}, dtype ${x.dtype}`,
    );
  }
  return tidySync(() => {
    const index = x.to("int32");
    const least = x.numel === 0 ? 0 : index.amin().item();
    if (least < 0) {
      throw new RangeError(
        `Cannot apply bincount() as elements must not be negative: current smallest is ${least}`,
      );
    }
    const length = Math.max(minlength, x.numel === 0 ? 0 : index.amax().item() + 1);
    return x.newEmpty([length], weights?.dtype ?? "int32").zero_().scatterAdd_(0, index, weights ?? 1);
  });
}

/** Options of {@linkcode searchsorted}. */
export interface SearchsortedOptions {
  /** Behind equals rather than before them; false by default. */
  readonly right?: boolean;
}

/**
 * Where `values` would be put into the ascending rows of `sorted` to keep them so, as int32.
 *
 * @param sorted One row for all values, or a row (its last axis) for each row of values.
 */
export function searchsorted(
  sorted: Tensor,
  values: Tensor,
  { right = false }: SearchsortedOptions = {},
): Tensor {
  const shape = sorted.ndim === 1 ? [values.numel] : values.shape;
  if (sorted.ndim === 0 || !sameShape(sorted.shape.slice(0, -1), shape.slice(0, -1))) {
    throw new RangeError(
      `Cannot apply searchsorted() as there must be one sorted row, or one for each row of values: ` +
        `current shapes are ${showShape(sorted.shape)} and ${showShape(values.shape)}`,
    );
  }
  const axis = sorted.ndim - 1, extent = sorted.shape[axis]!;
  return tidySync(() => {
    const rows = values.detach().reshape(shape), row = sorted.detach();
    let position = rows.newEmpty(shape, "int32").zero_();
    // Binary search for all at once, from large steps to small.
    for (let step = 2 ** Math.floor(Math.log2(Math.max(extent, 1))); step >= 1 && extent > 0; step /= 2) {
      const next = position.add(step);
      const before = row.gather(axis, next.clamp({ max: extent }).sub(1));
      // NaN counts as largest.
      const stop = right ? before.gt(rows) : before.ge(rows);
      position = position.add(stop.logicalNot().logicalAnd(next.le(extent)).to("int32").mul(step));
    }
    return position.reshape(values.shape);
  });
}

const marks = new Map<number, ElementwiseOp>();

/**
 * Rows of 0 with a 1 at the place that each whole number of `x` names, as int32
 * [..., numClasses]; a number that is no class has a row of zeros.
 *
 * @param numClasses How many classes there are; one more than the largest number by default, which waits for the device.
 */
export function oneHot(x: Tensor, numClasses?: number): Tensor {
  if (isFloating(x.dtype)) {
    throw new TypeError(`Cannot apply oneHot() as numbers must be integers: current dtype is ${x.dtype}`);
  }
  const axis = x.ndim;
  const classes = numClasses ?? tidySync(() => x.numel === 0 ? 0 : x.amax().item() + 1);
  let op = marks.get(axis);
  if (op === undefined) {
    const same = e.where(e.equal(e.input(0), e.coordinate(axis)), 1, 0);
    marks.set(axis, op = elementwise({ name: "oneHot", kind: "integral", expr: same }));
  }
  return tidySync(() => {
    const whole = x.dtype === "int32" ? x.alias() : x.to("int32");
    const column = whole.unsqueeze(axis), wide = column.expand([...x.shape, classes]);
    return wide.apply(op, NO_SCALARS);
  });
}
